// Package wanttest checks the Go rules against a module of test packages, in
// which comments say what is to be found where.
//
// The module is loaded once and analysed as a whole, on the real grpc-go, by
// the loader and driver of the program itself. A comment
//
//	// want "regexp" `regexp`
//
// asks for as many findings on its line, each of which matches one of the
// expressions with "message [rule]". All findings have to be asked for, of
// all rules; of those of severity info only in the test packages of their own
// family, of those that are off by default only in their own.
// "want+1" and "want-1" speak of the next and of the previous line, for lines
// that have no room for a comment, and
//
//	// related "regexp"
//
// asks for a place on its line that some finding is related to, with a
// message that matches.
//
// Beside the files, the code blocks of the rules' pages are compiled and
// checked as packages of the same module.
package wanttest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/rule"
)

// exempt are folders of the module in which findings are not asked for by
// comments: an application that people read, and generated code.
var exempt = []string{"shop/", "stubs/"}

// Run checks everything about the module in dir: wants, fixes, pages and
// what happens when facts are missing.
func Run(t *testing.T, dir string) {
	s := Open(t, dir)
	report := s.Analyze(t, analyzers.All())
	t.Run("wants", func(t *testing.T) { s.CheckWants(t, report) })
	t.Run("fixes", func(t *testing.T) { s.CheckFixes(t, report) })
	t.Run("pages", func(t *testing.T) { s.CheckPages(t, report) })
	t.Run("facts", func(t *testing.T) { s.CheckFacts(t, report, analyzers.All()) })
}

// A Suite is a module of test packages, loaded once.
type Suite struct {
	Dir     string // absolute
	Program *load.Program

	overlay map[string][]byte
	blocks  []block
}

// RunModule checks the wants of a module that stands beside the main one, for
// libraries which the code of the pages has no business with. One without
// wants fails.
func RunModule(t *testing.T, dir string) {
	s := open(t, dir, nil)
	s.CheckWants(t, s.Analyze(t, analyzers.All()))
}

// Open loads the module in dir together with the code of the rules' pages.
// What does not type-check is an error of the test.
func Open(t *testing.T, dir string) *Suite {
	t.Helper()
	return open(t, dir, pageBlocks(rule.All()))
}

func open(t *testing.T, dir string, blocks []block) *Suite {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := &Suite{Dir: dir, overlay: make(map[string][]byte), blocks: blocks}
	for _, b := range s.blocks {
		s.overlay[filepath.Join(dir, filepath.FromSlash(b.file))] = []byte(b.source)
	}
	s.Program = s.load(s.overlay)
	if len(s.Program.Roots) == 0 && len(s.Program.Errors) == 0 {
		t.Fatalf("no package below %s uses gRPC", dir)
	}
	for _, e := range s.Program.Errors {
		t.Errorf("%s:%d: %s: %s", e.File, e.Line, e.Package, e.Message)
	}
	return s
}

func (s *Suite) load(overlay map[string][]byte) *load.Program {
	return load.Load(load.Config{
		Dir: s.Dir, Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{"./..."}, Tests: true, Overlay: overlay,
	})
}

// Analyze runs analyzers on the module and returns all that they find.
func (s *Suite) Analyze(t *testing.T, list []*analysis.Analyzer) *lint.Report {
	t.Helper()
	return s.analyze(t, s.Program, list)
}

func (s *Suite) analyze(t *testing.T, program *load.Program, list []*analysis.Analyzer) *lint.Report {
	t.Helper()
	report := lint.Run(lint.Options{
		Dir: s.Dir, Policy: everything{}, Severity: rule.Info, FailOn: rule.Info, Analyzers: list, Program: program,
	})
	for _, e := range report.Errors {
		if e.Detail != "" || strings.HasPrefix(e.Message, "internal error") {
			t.Errorf("%s: %s\n%s", e.Package, e.Message, e.Detail)
		}
	}
	return report
}

// everything is the policy of these tests: all rules, as they find it.
type everything struct{}

func (everything) Severity(r *rule.Rule) rule.Severity { return r.Severity }

func (everything) FindingSeverity(f *finding.Finding) rule.Severity { return f.EffectiveSeverity() }

func (everything) Lowest(_ *rule.Rule, lowest rule.Severity) rule.Severity { return lowest }

func (everything) Excluded(string, *rule.Rule) bool { return false }

// isExempt reports whether a file is in one of the exempt folders.
func isExempt(file string) bool {
	return slices.ContainsFunc(exempt, func(folder string) bool { return strings.HasPrefix(file, folder) })
}

// withOverlay returns the suite's overlay with other files on top.
func (s *Suite) withOverlay(files map[string][]byte) map[string][]byte {
	overlay := maps.Clone(s.overlay)
	maps.Copy(overlay, files)
	return overlay
}
