package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/rule"
)

// Config prints the effective configuration: as YAML, or as the flags that
// tell go vet the same as far as it can be told.
func Config(_ context.Context, args []string, stdout, stderr io.Writer) int {
	set := NewFlags("config")
	dir := set.String("C", ".", "look for "+config.Name+" from `DIR` upward")
	file := set.String("config", "", "read the configuration from `FILE` instead")
	vet := set.Bool("vet-flags", false, "print flags for go vet -vettool")
	var selection config.Selection
	selection.Register(set)
	if status, done := begin(set, "grpclint config [flags]", args, stdout, stderr); done {
		return status
	}
	if set.NArg() > 0 {
		return fail(stderr, fmt.Errorf("config takes no arguments, got %q", set.Arg(0)))
	}
	c, err := config.Load(*dir, *file)
	if err != nil {
		return fail(stderr, err)
	}
	c.Apply(selection)
	if *vet {
		for _, f := range vetFlags(c) {
			fmt.Fprintln(stdout, f)
		}
		if len(c.Exclude) > 0 {
			fmt.Fprintf(stderr, "grpclint: %s: go vet has no flag for exclude; its findings there stay\n", c.File)
		}
		return exitOK
	}
	text, err := c.YAML()
	if err != nil {
		return fail(stderr, err)
	}
	if c.File != "" {
		fmt.Fprintf(stdout, "# %s\n", c.File)
	}
	stdout.Write(text)
	return exitOK
}

// vetFlags returns the flags by which the families report in go vet what c
// wants reported. In vet mode a finding is shown or not; of severities only
// that difference is left, and info is not shown unless asked for.
func vetFlags(c *config.Config) []string {
	var flags []string
	var enable, disable []string
	flush := func(family string) {
		if enable != nil {
			flags = append(flags, "-"+family+".enable="+strings.Join(enable, ","))
		}
		if disable != nil {
			flags = append(flags, "-"+family+".disable="+strings.Join(disable, ","))
		}
		enable, disable = nil, nil
	}
	analyzed := make(map[string]bool) // go vet sees no .proto file, and has no flags for their families
	for _, a := range analyzers.All() {
		analyzed[a.Name] = true
	}
	family := ""
	for _, r := range rule.All() { // sorted, so a family's rules come together
		if r.Family() != family {
			flush(family)
			family = r.Family()
		}
		if !analyzed[family] {
			continue
		}
		byDefault := r.On && r.Severity >= rule.Warning
		wanted := c.Severity(r) >= rule.Warning
		switch {
		case wanted && !byDefault:
			enable = append(enable, r.Name())
		case byDefault && !wanted:
			disable = append(disable, r.Name())
		}
	}
	flush(family)
	for _, o := range c.Options() {
		flags = append(flags, "-"+o.Analyzer+"."+o.Flag+"="+o.Value)
	}
	return flags
}
