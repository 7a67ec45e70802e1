package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/grpclint/grpclint/internal/wanttest"
	"github.com/grpclint/grpclint/rule"
)

// What a rule that is on by default has at least.
const (
	leastBad    = 5
	leastSilent = 8
)

// listCases lists how many cases rules have, and marks those with few.
func listCases(rules []*rule.Rule) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, name := range families(rules) {
		var ofFamily []*rule.Rule
		for _, r := range rules {
			if r.Family() == name {
				ofFamily = append(ofFamily, r)
			}
		}
		folders, err := foldersOf(name, ofFamily)
		if err != nil {
			return err
		}
		s, err := wanttest.Load("testdata/src", folders...)
		if err != nil {
			return err
		}
		counts := s.Cases(ofFamily)
		for _, r := range ofFamily {
			c, ok := counts[r]
			if !ok {
				continue // one that judges service configs, whose cases are texts
			}
			few := ""
			if r.On && (c.Bad < leastBad || c.Silent < leastSilent) {
				few = "few"
			}
			fmt.Fprintf(table, "%s\t%d bad\t%d silent\t%s\n", r.ID, c.Bad, c.Silent, few)
		}
	}
	return table.Flush()
}
