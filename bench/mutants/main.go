// Command mutants measures whether the cases of the Go rules notice when a
// condition of a rule is another one: it mutates one at a time, runs the cases
// of that rule, and lists the mutants that none of them notices.
//
//	go run ./bench/mutants                   # the rules that are on by default
//	go run ./bench/mutants -rule conn/leak   # one of them, "conn" for a family
//	go run ./bench/mutants -shared           # what the rules of a family share, too
//	go run ./bench/mutants -cases            # no mutants: how many cases the rules have
//
// A mutant negates a condition, makes it hold always or never, or takes < for
// <= and > for >=, or the reverse. Some of those that always or never hold are
// no other programs: the condition was there to keep what cannot be from doing
// harm. Mutated are the files of a family. What stands in the file of a rule
// is judged by its cases, what rules share by those of all.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

func main() {
	selection := flag.String("rule", "", "rule or family to mutate; those that are on by default if empty")
	shared := flag.Bool("shared", false, "mutate what the rules of a family share, too")
	cases := flag.Bool("cases", false, "mutate nothing, and list how many cases the rules have")
	flag.Parse()
	if err := run(*selection, *shared, *cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(selection string, shared, cases bool) error {
	chosen, err := choose(selection)
	if err != nil {
		return err
	}
	if cases {
		return listCases(chosen)
	}
	work, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	var total tally
	for _, name := range families(chosen) {
		family, err := readFamily(name)
		if err != nil {
			return err
		}
		program, err := family.build(filepath.Join(work, name))
		if err != nil {
			return err
		}
		units, err := family.units(chosen, shared)
		if err != nil {
			return err
		}
		for _, unit := range units {
			t, err := judge(program, unit, func(survivor string) { fmt.Println(survivor) })
			if err != nil {
				return err
			}
			fmt.Printf("%s: %s\n\n", unit.name, &t)
			total.add(t)
		}
	}
	fmt.Printf("all: %s\n", &total)
	return nil
}

// choose returns the rules for Go that are asked for.
func choose(selection string) ([]*rule.Rule, error) {
	if selection != "" {
		return rule.Select(selection)
	}
	return slices.DeleteFunc(rule.All(), func(r *rule.Rule) bool { return !r.On }), nil
}

// families returns the families of rules that have a folder of analyzers.
func families(rules []*rule.Rule) []string {
	var names []string
	for _, r := range rules {
		if _, err := os.Stat(filepath.Join("analyzers", r.Family())); err == nil && !slices.Contains(names, r.Family()) {
			names = append(names, r.Family())
		}
	}
	return names
}

// foldersOf returns the folders of cases of rules: those of their names, and
// those whose names begin so.
func foldersOf(family string, rules []*rule.Rule) ([]string, error) {
	var folders []string
	entries, err := os.ReadDir(filepath.Join("testdata/src", family))
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		belongs := func(r *rule.Rule) bool { return strings.HasPrefix(e.Name(), strings.ReplaceAll(r.Name(), "-", "")) }
		if e.IsDir() && slices.ContainsFunc(rules, belongs) {
			folders = append(folders, family+"/"+e.Name())
		}
	}
	return folders, nil
}
