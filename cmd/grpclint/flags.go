package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/builds"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/internal/format"
	"github.com/grpclint/grpclint/internal/lsp"
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
	matrix    []builds.Build
	modules   bool
	protoPath []string
	config    string
	baseline  string
	newFrom   string
	fix, diff bool
	generated bool
	workers   int
	noCache   bool
	color     string
	prefix    *string // nil: paths are relative to the repository's root where a format wants that
	quiet     bool
	verbose   bool

	given map[string]bool // names of the flags that were given

	patterns []string

	editor *lsp.Request // what it asks for; nil on a command line
}

// parseFlags reads flags and patterns in any order; what follows "--" is
// patterns. The error of an unknown flag names the nearest.
func parseFlags(args []string, usage io.Writer) (*checkFlags, error) {
	f := &checkFlags{format: format.All()[0], severity: rule.Warning, failOn: rule.Warning, color: "auto", given: make(map[string]bool)}
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
		f.matrix, err = builds.Parse(strings.Split(text, ","))
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
	set.BoolVar(&f.noCache, "no-cache", false, "find out everything anew (grpclint cache size says where the cache is)")
	set.Func("color", "colour the text: auto, always or never (default auto: on a terminal, unless NO_COLOR is set; FORCE_COLOR colours elsewhere, too)", oneOf(&f.color, "auto", "always", "never"))
	set.Func("path-prefix", "write `PREFIX` before the paths of github, gitlab, sarif, checkstyle and junit (default: what makes them relative to the repository's root)", func(prefix string) error {
		f.prefix = &prefix
		return nil
	})
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
	set.Visit(func(given *flag.Flag) { f.given[given.Name] = true })
	if f.given["j"] && f.workers < 1 {
		return nil, fmt.Errorf("-j %d: give a number of packages, 1 or more", f.workers)
	}
	return f, nil
}

// cache returns where to keep what need not be found out again.
func (f *checkFlags) cache() *cache.Folder {
	if f.noCache {
		return nil
	}
	return cache.User()
}

// fill takes from the configuration what no flag says.
func (f *checkFlags) fill(run config.Run) {
	fill(f, "severity", &f.severity, run.Severity)
	fill(f, "fail-on", &f.failOn, run.FailOn)
	fill(f, "tests", &f.tests, run.Tests)
	fill(f, "generated", &f.generated, run.Generated)
	fill(f, "modules", &f.modules, run.Modules)
	if !f.given["tags"] && len(run.Tags) > 0 {
		f.tags = strings.Join(run.Tags, ",")
	}
	if !f.given["matrix"] {
		f.matrix = run.Matrix
	}
}

func fill[T any](f *checkFlags, name string, to *T, value *T) {
	if value != nil && !f.given[name] {
		*to = *value
	}
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

// oneOf is the value of a flag that takes one of several words.
func oneOf(target *string, known ...string) func(string) error {
	return func(text string) error {
		if !slices.Contains(known, text) {
			return fmt.Errorf("unknown value%s", nearest(text, known))
		}
		*target = text
		return nil
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
       grpclint COMMAND ...

grpclint finds mistakes in the use of gRPC. Patterns are Go package patterns,
Go files, folders, .proto files, or .json and .yaml files with service configs;
without any, ./... is checked. The .proto files and service configs below the
folders are checked too.

Commands, which have flags of their own (-help after the name lists them):
`)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.about)
	}
	fmt.Fprint(w, "\nFlags:\n")
	set.SetOutput(w)
	set.PrintDefaults()
	set.SetOutput(io.Discard)
	fmt.Fprint(w, `
Exit status: 0 nothing found, 1 findings, 2 something could not be analysed.
`)
}
