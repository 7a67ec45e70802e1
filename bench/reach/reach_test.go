package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/reshape"
	"github.com/grpclint/grpclint/rule"
)

var update = flag.Bool("update", false, "write testdata/gaps.txt")

const gapsFile = "testdata/gaps.txt"

// TestSample writes one site of every function of the test data in one shape.
// What is lost or wrong has to be named in testdata/gaps.txt, and nothing else
// may be, so that the list only shrinks; -update writes it, and a new line in it
// wants a reason. The command does the same with all sites in all shapes.
func TestSample(t *testing.T) {
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	suite, err := open(dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(gapsFile)
	if err != nil {
		t.Fatal(err)
	}
	gaps := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		gaps[strings.TrimSpace(line)] = true
	}
	var found []string
	shapes, rules := make(map[string]int), make(map[string]int)
	for _, v := range suite.try(suite.mixedPlans()) {
		shapes[v.shape]++
		if v.rule != nil {
			rules[v.rule.ID]++
		}
		for _, c := range v.complaints() {
			found = append(found, c)
			if !gaps[c] && !*update {
				t.Errorf("not in %s: %s", gapsFile, c)
			}
			delete(gaps, c)
		}
	}
	if *update {
		slices.Sort(found)
		if err := os.WriteFile(gapsFile, []byte(strings.Join(found, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	} else {
		for gap := range gaps {
			t.Errorf("no gap any more, -update takes it out: %s", gap)
		}
	}
	for _, shape := range reshape.Shapes() {
		if shapes[shape.Name] == 0 {
			t.Errorf("the sample has nothing in the shape %s", shape.Name)
		}
	}
	for _, c := range suite.cases {
		for _, x := range c.sites {
			if x.rule != nil && x.rule.On && x.ordinal == 0 && rules[x.rule.ID] == 0 && !c.directed[x.function] {
				t.Errorf("the sample has nothing of %s", x.rule.ID)
				rules[x.rule.ID] = -1
			}
		}
	}
}

// The page says as much as its rows do, of every rule and shape.
func TestPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/reach.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	if !strings.HasPrefix(page, introduction) {
		t.Error("it begins in another way: go run ./bench/reach writes it")
	}
	var ofDefault, all sum
	seen, columns := make(map[string]int), make(map[string]bool)
	var header []string
	section := ""
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = title
		}
		if id, _, ok := strings.Cut(strings.TrimPrefix(line, "- "), ": "); ok && section == "Rules without a row" {
			seen[id] = -1
		}
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if cells[0] == "Rule" {
			header = cells
			for _, name := range header[1:] {
				columns[name] = true
			}
			continue
		}
		r, ok := rule.Lookup(cells[0])
		if !ok || len(cells) != len(header) || r.On != strings.HasPrefix(section, "On by default") {
			t.Errorf("%s: %s", section, line)
			continue
		}
		seen[r.ID]++
		for _, text := range cells[1:] {
			found, of := parseCell(t, text)
			if of == 0 {
				continue
			}
			for _, s := range []*sum{&all, &ofDefault} {
				if s == &ofDefault && !r.On {
					continue
				}
				s.cells++
				s.found, s.findings = s.found+found, s.findings+of
				if found == of {
					s.whole++
				}
			}
		}
	}
	if want := "Of the default rules, " + ofDefault.String() + "; of all rules, " + all.String() + "."; !strings.Contains(page, want) {
		t.Errorf("the rows say: %s", want)
	}
	groups := make(map[string]bool)
	for _, shape := range reshape.Shapes() {
		groups[shape.Group] = true
		if !columns[shape.Name] {
			t.Errorf("no column for %s", shape.Name)
		}
	}
	for _, r := range rule.All() {
		if n := seen[r.ID]; n != -1 && n != len(groups) {
			t.Errorf("%s has %d rows", r.ID, n)
		}
	}
}

var cellText = regexp.MustCompile(`^(?:(\d+)|\*\*(\d+) of (\d+)\*\*)?(?:\\\*)?$`)

func parseCell(t *testing.T, text string) (found, of int) {
	match := cellText.FindStringSubmatch(text)
	if match == nil {
		t.Errorf("a cell says %q", text)
		return 0, 0
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(match[i])
		return n
	}
	return number(1) + number(2), number(1) + number(3)
}
