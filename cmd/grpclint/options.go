package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/rule"
)

// setOptions gives the analyzers what the configuration says about them, by
// the flags that go vet would set.
func setOptions(options []config.Option) error {
	for _, a := range analyzers.All() {
		var failed error
		a.Flags.VisitAll(func(f *flag.Flag) {
			switch f.Name {
			case "enable", "disable", "severity":
			default:
				failed = errors.Join(failed, f.Value.Set(f.DefValue)) // an editor's configuration changes while we run
			}
		})
		if failed != nil {
			return failed
		}
	}
	for _, o := range options {
		for _, a := range analyzers.All() {
			if a.Name != o.Analyzer {
				continue
			}
			if err := a.Flags.Set(o.Flag, o.Value); err != nil {
				return fmt.Errorf("%s.%s: %w", o.Analyzer, o.Flag, err)
			}
		}
	}
	return nil
}

// setRules tells each analyzer which of its rules are on. What is reported
// the program decides for itself; but whether a directive is unused depends
// on the rules that somebody asked for.
func setRules(c *config.Config) error {
	for _, a := range analyzers.All() {
		if a.Flags.Lookup("enable") == nil || a.Flags.Lookup("disable") == nil {
			continue
		}
		var on, off []string
		for _, r := range rule.Family(a.Name) {
			if c.Severity(r) == rule.Off {
				off = append(off, r.ID)
			} else {
				on = append(on, r.ID)
			}
		}
		if err := a.Flags.Set("enable", strings.Join(on, ",")); err != nil {
			return err
		}
		if err := a.Flags.Set("disable", strings.Join(off, ",")); err != nil {
			return err
		}
	}
	return nil
}
