// Package command holds the subcommands beside check: those that tell what
// grpclint knows, of rules and of methods, and how it is configured.
//
// Each takes the arguments behind its name and returns the exit status: 0,
// or 2 for what cannot be done as asked.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

// Exit statuses; 1 is for findings, which these commands do not have.
const (
	exitOK  = 0
	exitBad = 2
)

// NewFlags returns a flag set that is silent about errors, for [ParseFlags].
func NewFlags(name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return set
}

// ParseFlags parses the arguments. The error of an unknown flag names the
// nearest known one; the error of -h is [flag.ErrHelp].
func ParseFlags(set *flag.FlagSet, args []string) error {
	err := set.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var known []string
	set.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	if near := rule.NearestOf(name, known); near != "" {
		return fmt.Errorf("unknown flag -%s (nearest: -%s)", name, near)
	}
	return fmt.Errorf("unknown flag -%s", name)
}

// begin parses the flags of a subcommand. When done is true the command is
// over, with the given status: help was asked for, or a flag was wrong.
func begin(set *flag.FlagSet, usage string, args []string, stdout, stderr io.Writer) (status int, done bool) {
	err := ParseFlags(set, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(stdout, "usage: "+usage)
		set.SetOutput(stdout)
		set.PrintDefaults()
		return exitOK, true
	case err != nil:
		return fail(stderr, err), true
	}
	return exitOK, false
}

// fail prints an error and returns the status that goes with it.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "grpclint: %v\n", err)
	return exitBad
}
