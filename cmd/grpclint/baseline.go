package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/baseline"
)

// baselineVerbs are what can be done with a baseline.
var baselineVerbs = []string{"write", "check", "prune"}

// baselines adopts grpclint on code that has findings.
func baselines(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	const usage = `Usage: grpclint baseline write [flags] [pattern ...]   remember all findings
       grpclint baseline check [flags] [pattern ...]   report those that are not remembered
       grpclint baseline prune [flags] [pattern ...]   forget those that are fixed

The flags are those of check; -baseline names another file than ` + baseline.Name + `.
`
	if len(args) == 1 && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		fmt.Fprint(stdout, usage)
		return statusClean
	}
	if len(args) == 0 || !slices.Contains(baselineVerbs, args[0]) {
		word := ""
		if len(args) > 0 {
			word = args[0]
		}
		return flagStatus(errors.New("baseline: what is to be done"+nearest(word, baselineVerbs)), stderr)
	}
	flags, err := parseFlags(args[1:], stdout)
	if err != nil {
		return flagStatus(err, stderr)
	}
	if flags.newFrom != "" || flags.fix || flags.diff {
		if args[0] != "check" {
			return flagStatus(errors.New("baseline "+args[0]+": -new-from, -fix and -diff go with check"), stderr)
		}
	}
	switch args[0] {
	case "write":
		return writeBaseline(ctx, flags, stdout, stderr)
	case "prune":
		return pruneBaseline(ctx, flags, stdout, stderr)
	}
	if flags.baseline == "" {
		flags.baseline = baseline.Name
	}
	return checkWith(ctx, flags, stdout, stderr)
}

// writeBaseline writes all findings to the file. A baseline of code that
// could not be read would call old findings new as soon as it can, hence it
// is written, but the status says so.
func writeBaseline(ctx context.Context, flags *checkFlags, stdout, stderr io.Writer) int {
	s, err := analyze(ctx, flags, stderr)
	if err != nil {
		return s.complain(err)
	}
	s.printErrors()
	b := baseline.Of(s.report.Findings)
	if err := b.Write(s.baselineFile()); err != nil {
		return s.complain(err)
	}
	if !flags.quiet {
		fmt.Fprintf(stdout, "%s in the baseline\n", say.Count(len(b.Entries), "finding"))
	}
	return status(s.report, false)
}

// pruneBaseline takes what is fixed out of the file.
func pruneBaseline(ctx context.Context, flags *checkFlags, stdout, stderr io.Writer) int {
	s, err := analyze(ctx, flags, stderr)
	if err != nil {
		return s.complain(err)
	}
	s.printErrors()
	known, err := baseline.Read(s.baselineFile())
	if err != nil {
		return s.complain(err)
	}
	fixed := s.compare(known).Fixed
	left := known.Without(fixed)
	if len(fixed) > 0 {
		if err := left.Write(s.baselineFile()); err != nil {
			return s.complain(err)
		}
	}
	if !flags.quiet {
		var b strings.Builder
		for _, e := range fixed {
			fmt.Fprintln(&b, visible.Text(fmt.Sprintf("fixed: %s: %s [%s]", e.File, e.Message, e.Rule)))
		}
		fmt.Fprintf(&b, "%s fixed, %d left in the baseline\n", say.Count(len(fixed), "finding"), len(left.Entries))
		io.WriteString(stdout, b.String())
	}
	return status(s.report, false)
}
