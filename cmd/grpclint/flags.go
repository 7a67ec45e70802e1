package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/internal/format"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// checkFlags are the flags of check.
type checkFlags struct {
	dir       string
	format    format.Format
	output    string
	selection config.Selection
	severity  rule.Severity
	failOn    rule.Severity // zero for never
	tests     bool
	tags      string
	matrix    []lint.Build
	modules   bool
	protoPath []string
	config    string
	baseline  string
	newFrom   string
	fix, diff bool
	generated bool
	workers   int
	quiet     bool
	verbose   bool

	patterns []string
}

// parseFlags reads flags and patterns in any order; what follows "--" is
// patterns. The error of an unknown flag names the nearest.
func parseFlags(args []string, usage io.Writer) (*checkFlags, error) {
	f := &checkFlags{format: format.All()[0], severity: rule.Warning, failOn: rule.Warning}
	set := flag.NewFlagSet("grpclint", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&f.dir, "C", "", "work in `DIR`: patterns and paths are relative to it")
	set.Func("format", "output `format`: "+strings.Join(formatNames(), " or ")+" (default text)", func(name string) error {
		i := slices.Index(formatNames(), name)
		if i < 0 {
			return fmt.Errorf("unknown format%s", nearest(name, formatNames()))
		}
		f.format = format.All()[i]
		return nil
	})
	set.StringVar(&f.output, "o", "", "write the report to `FILE`")
	f.selection.Register(set)
	set.Func("severity", "lowest `severity` to show: error, warning or info (default warning)", severityFlag(&f.severity, false))
	set.Func("fail-on", "lowest `severity` that makes the exit status 1: error, warning, info or never (default warning)", severityFlag(&f.failOn, true))
	set.BoolVar(&f.tests, "tests", true, "check test files too")
	set.StringVar(&f.tags, "tags", "", "comma-separated build `tags`")
	set.Func("matrix", "check for several `builds`: GOOS/GOARCH, +TAG or GOOS/GOARCH+TAG, separated by commas; host is this machine's", func(text string) (err error) {
		f.matrix, err = parseMatrix(text)
		return err
	})
	set.BoolVar(&f.modules, "modules", false, "check every module below, also nested ones")
	set.Func("proto-path", "look for imports of .proto files in `DIR`; may be repeated (default: proto.roots, buf's modules, or what fits)", func(dir string) error {
		if dir == "" {
			return errors.New("give a folder")
		}
		f.protoPath = append(f.protoPath, dir)
		return nil
	})
	set.StringVar(&f.config, "config", "", "read the configuration from `FILE` instead of "+config.Name)
	set.StringVar(&f.baseline, "baseline", "", "report only what the baseline in `FILE` does not know (grpclint baseline write)")
	set.StringVar(&f.newFrom, "new-from", "", "report only on lines that differ from git revision `REV`, and on files that it does not have")
	set.BoolVar(&f.fix, "fix", false, "apply safe fixes")
	set.BoolVar(&f.diff, "diff", false, "print what -fix would change; write nothing")
	set.BoolVar(&f.generated, "generated", false, "report on generated files too")
	set.IntVar(&f.workers, "j", 0, "check at most `N` packages at once (default: number of processors)")
	set.BoolVar(&f.quiet, "quiet", false, "print findings and errors only")
	set.BoolVar(&f.verbose, "v", false, "say what is done, and give stack traces of internal errors")

	for len(args) > 0 {
		if err := set.Parse(args); err != nil {
			if err == flag.ErrHelp {
				printUsage(usage, set)
				return nil, err
			}
			return nil, explainFlagError(err, set)
		}
		rest := set.Args()
		if used := len(args) - len(rest); used > 0 && args[used-1] == "--" {
			f.patterns = append(f.patterns, rest...)
			break
		}
		if len(rest) == 0 {
			break
		}
		f.patterns = append(f.patterns, rest[0])
		args = rest[1:]
	}
	if f.workers < 0 {
		return nil, fmt.Errorf("-j %d: give a number of packages", f.workers)
	}
	return f, nil
}

func formatNames() []string {
	var names []string
	for _, f := range format.All() {
		names = append(names, f.Name)
	}
	return names
}

func severityFlag(target *rule.Severity, never bool) func(string) error {
	known := []string{"error", "warning", "info"}
	if never {
		known = append(known, "never")
	}
	return func(text string) error {
		if never && text == "never" {
			*target = 0
			return nil
		}
		if !slices.Contains(known, text) {
			return fmt.Errorf("unknown severity%s", nearest(text, known))
		}
		var err error
		*target, err = rule.ParseSeverity(text)
		return err
	}
}

// nearest names the candidate that was probably meant, or all of them.
func nearest(text string, candidates []string) string {
	if near := rule.NearestOf(text, candidates); near != "" {
		return " (nearest: " + near + ")"
	}
	return " (known: " + strings.Join(candidates, ", ") + ")"
}

// explainFlagError adds the nearest flag to what package flag says.
func explainFlagError(err error, set *flag.FlagSet) error {
	name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: ")
	if !ok {
		return err
	}
	var known []string
	set.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	name = strings.TrimLeft(name, "-")
	if near := rule.NearestOf(name, known); near != "" {
		return fmt.Errorf("unknown flag -%s (nearest: -%s)", name, near)
	}
	return fmt.Errorf("unknown flag -%s (grpclint -help lists all)", name)
}

func printUsage(w io.Writer, set *flag.FlagSet) {
	fmt.Fprint(w, `Usage: grpclint [flags] [pattern ...]
       grpclint explain RULE | rules | config | lsp | version
       grpclint explain -service-config FILE [-method pkg.Service/Method]
       grpclint baseline write | check | prune [flags] [pattern ...]

grpclint finds mistakes in the use of gRPC. Patterns are Go package patterns,
Go files, folders, .proto files, or .json and .yaml files with service configs;
without any, ./... is checked. The .proto files and service configs below the
folders are checked too. The other commands have flags of their own, which
-help after their name lists.

Flags:
`)
	set.SetOutput(w)
	set.PrintDefaults()
	set.SetOutput(io.Discard)
	fmt.Fprint(w, `
Exit status: 0 nothing found, 1 findings, 2 something could not be analysed.
`)
}
