package main

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/config"
)

// setOptions gives the analyzers what the configuration says about them, by
// the flags that go vet would set.
func setOptions(options []config.Option) error {
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
