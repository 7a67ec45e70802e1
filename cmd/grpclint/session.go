package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/baseline"
	"github.com/grpclint/grpclint/internal/changes"
	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// A session is one run of the rules with what it was asked by.
type session struct {
	flags  *checkFlags
	dir    string // absolute
	config *config.Config
	report *lint.Report
	stderr io.Writer
	bar    *progress
	wait   func(what string) (done func())
}

// analyze runs the rules. The session can complain also if there is an
// error.
func analyze(ctx context.Context, flags *checkFlags, stderr io.Writer) (*session, error) {
	filled := *flags // whoever asks twice, as editors do, may meet another configuration
	flags = &filled
	s := &session{flags: flags, stderr: stderr, bar: newProgress(stderr, flags.quiet)}
	s.wait = newWaiting(s.bar, stderr, flags.verbose).begin
	return s, s.run(ctx)
}

// run runs the rules.
func (s *session) run(ctx context.Context) error {
	flags := s.flags
	var err error
	if s.dir, err = workingDir(flags.dir); err != nil {
		return err
	}
	if s.config, err = config.Load(s.dir, flags.config); err != nil {
		return err
	}
	s.config.Apply(flags.selection)
	flags.fill(s.config.Run)
	if err := setRules(s.config); err != nil {
		return err
	}
	if err := setOptions(s.config.Options()); err != nil {
		return err
	}
	if s.config.File != "" {
		s.detail("configuration: " + s.config.File)
	}
	dialect, err := serviceconfig.ParseDialect(s.config.ServiceConfig.Dialect)
	if err != nil {
		return err
	}
	roots, err := s.protoRoots()
	if err != nil {
		return err
	}
	var notices []string // for the end: the work may have to be begun anew
	options := lint.Options{
		Context:   ctx,
		Dir:       s.dir,
		Patterns:  flags.patterns,
		Modules:   flags.modules,
		Tests:     flags.tests,
		Tags:      flags.tags,
		Workers:   flags.workers,
		Cache:     flags.cache(),
		Policy:    s.config,
		Severity:  flags.severity,
		FailOn:    flags.failOn,
		Generated: flags.generated,
		Know:      flags.format.Know,
		Codes:     flags.format.Know,

		ServiceConfig: lint.ServiceConfig{Dialect: dialect, GRPCGo: s.config.ServiceConfig.GRPCGo},
		Proto:         lint.Proto{Roots: roots, EtagCode: s.config.Status.ETagCode},
		Deploy:        lint.Deploy{Nginx: s.config.Deploy.Nginx, Skips: s.config.Skips},

		Notice:   func(line string) { notices = append(notices, line) },
		Detail:   s.detail,
		Progress: s.bar.show,
		Wait:     s.wait,
	}
	if request := flags.editor; request != nil {
		options.Overlay, options.Near, options.Listing, options.Own = request.Overlay, request.Near != "", request.Listing, true
		options.Codes = !options.Near
	}
	if len(flags.matrix) > 0 && !options.Near {
		s.report = lint.RunBuilds(options, flags.matrix)
	} else {
		s.report = lint.Run(options)
	}
	s.bar.clear()
	for _, line := range notices {
		s.notice(line)
	}
	s.nameExcluded()
	return nil
}

// nameExcluded names the Go files that no build of the matrix has.
func (s *session) nameExcluded() {
	names := s.report.Excluded
	if len(names) == 0 || s.report.Stats.Packages == 0 {
		return // or the builds are no builds, which is an error
	}
	const most = 5
	text := strings.Join(names, ", ")
	if n := len(names) - most; n > 0 && !s.flags.verbose {
		text = fmt.Sprintf("%s and %d more (-v names them)", strings.Join(names[:most], ", "), n)
	}
	s.notice("not checked, because no build of -matrix has them: " + text)
}

// pathPrefix is what makes paths from the working directory relative to the
// repository's root, or what -path-prefix says.
func (s *session) pathPrefix() string {
	if s.flags.prefix != nil {
		return filepath.ToSlash(*s.flags.prefix)
	}
	root, ok := config.Repository(s.dir)
	if !ok {
		return ""
	}
	prefix, err := filepath.Rel(root, s.dir)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(prefix)
}

// protoRoots returns the folders from which import paths start: those of
// -proto-path, relative to the working directory, then those of the
// configuration, relative to its file.
func (s *session) protoRoots() ([]string, error) {
	var roots []string
	add := func(origin, base, folder string) error {
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(base, filepath.FromSlash(folder))
		}
		info, err := os.Stat(folder)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", origin, err)
		case !info.IsDir():
			return fmt.Errorf("%s: %s: not a folder", origin, folder)
		}
		roots = append(roots, filepath.Clean(folder))
		return nil
	}
	for _, folder := range s.flags.protoPath {
		if err := add("-proto-path", s.dir, folder); err != nil {
			return nil, err
		}
	}
	for _, folder := range s.config.Proto.Roots {
		if err := add(s.config.File+": proto.roots", filepath.Dir(s.config.File), folder); err != nil {
			return nil, err
		}
	}
	return roots, nil
}

// complain prints an error and returns the status that goes with it.
func (s *session) complain(err error) int {
	s.bar.clear()
	fmt.Fprintln(s.stderr, "grpclint:", err)
	return statusBroken
}

// notice tells what is needed to judge the result, unless findings alone
// are wanted.
func (s *session) notice(line string) {
	if !s.flags.quiet {
		s.bar.clear()
		fmt.Fprintln(s.stderr, "grpclint:", visible.Text(line))
	}
}

// detail tells what is done.
func (s *session) detail(line string) {
	if s.flags.verbose {
		s.bar.clear()
		fmt.Fprintln(s.stderr, "grpclint:", visible.Text(line))
	}
}

// printErrors names what could not be analysed. Files that were only found,
// and checked nevertheless, are many in some repositories: of each cause the
// first is named, the others are counted.
func (s *session) printErrors() {
	more := make(map[string]int)
	var causes []string
	for _, e := range s.report.Errors {
		if cause := e.Partly; cause != "" && e.Found && !s.flags.verbose {
			if n, known := more[cause]; known {
				more[cause] = n + 1
				continue
			}
			more[cause] = 0
			causes = append(causes, cause)
		}
		fmt.Fprintln(s.stderr, "grpclint:", visible.Text(errorLine(e)))
		if s.flags.verbose && e.Detail != "" {
			fmt.Fprintln(s.stderr, e.Detail)
		}
	}
	for _, cause := range causes {
		if n := more[cause]; n > 0 {
			s.notice(fmt.Sprintf("%d more .proto files %s (-v names them)", n, cause))
		}
	}
	if len(s.report.Errors) > 0 {
		if near := nearestCommand(s.flags.patterns); near != "" {
			s.notice("the commands are " + near)
		}
	}
}

// leaveOut drops the findings that -new-from and -baseline are against.
func (s *session) leaveOut(ctx context.Context) error {
	if s.flags.newFrom != "" {
		real := make(map[string]string) // of all places
		for _, f := range s.report.Findings {
			real[f.Path] = realPath(f.Path)
			for _, part := range f.Parts {
				real[part.Path] = realPath(part.Path)
			}
		}
		lines, err := changes.Since(ctx, s.dir, s.flags.newFrom, slices.Sorted(maps.Values(real)))
		if err != nil {
			return fmt.Errorf("-new-from: %w", err)
		}
		old := make(map[int]bool)
		for i := range s.report.Findings {
			f := &s.report.Findings[i]
			changed := func(r lint.Range) bool { return lines.Touch(real[r.Path], r.Line, r.EndLine) }
			if !changed(f.Range) && !f.Narrow(changed) {
				old[i] = true
			}
		}
		s.report.Drop(old)
		if len(old) > 0 {
			s.notice(fmt.Sprintf("left out: %d on lines that are as in %s", len(old), s.flags.newFrom))
		}
	}
	if s.flags.baseline != "" {
		known, err := baseline.Read(s.baselineFile())
		if err != nil {
			return err
		}
		comparison := s.compare(known)
		s.report.Drop(comparison.Known)
		s.report.Stats.Baselined = len(comparison.Known)
		for _, e := range comparison.Fixed {
			s.notice(fmt.Sprintf("fixed since the baseline was written: %s: %s [%s]", e.File, e.Message, e.Rule))
		}
		if len(comparison.Fixed) > 0 {
			s.notice("grpclint baseline prune takes what is fixed out of the baseline")
		}
	}
	return nil
}

// realPath is a path without symbolic links, as git names files.
func realPath(path string) string {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	return path
}

// baselineFile is the file of -baseline, or the default one.
func (s *session) baselineFile() string {
	file := s.flags.baseline
	if file == "" {
		file = baseline.Name
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.dir, file)
	}
	return file
}

// compare holds the report against a baseline. What no rule looked for is
// not fixed: rules that are off or unknown, folders that were left out or
// could not be read.
func (s *session) compare(b *baseline.Baseline) baseline.Comparison {
	return b.Compare(s.report.Findings, func(file, id string) bool {
		r, ok := rule.Lookup(id)
		if !ok || s.config.Severity(r) == rule.Off || s.config.Severity(r) < s.config.Lowest(r, s.report.Lowest()) {
			return false
		}
		return s.report.Judged(file)
	})
}
