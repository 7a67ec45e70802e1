// Package wanttest checks the Go rules against a module of test packages, in
// which comments say what is to be found where.
//
// The packages are analysed on the real grpc-go by the loader and driver of
// the program itself. A comment
//
//	// want "regexp" `regexp`
//
// asks for as many findings on its line, each of which matches one of the
// expressions with "message [rule]" and has the severity of its rule. One of
// another severity is asked for with its name before the expression:
//
//	// want info "regexp"
//
// and what its range has to be, up to the end of its first line, behind it:
//
//	// want "regexp" at "ctx"
//
// All findings have to be asked for, of all rules; of those of severity info
// only in the test packages of their own family, of those that are off by
// default only in their own. "want+1" and "want-1" speak of the next and of
// the previous line, for lines that have no room for a comment, and
//
//	// related "regexp"
//
// asks for a place on its line that some finding is related to, with a
// message that matches.
//
// The cases of the rule retry/fresh-key are in the folder retry/freshkey. What
// is found in a package depends on it and what it imports only, with one
// exception: the folders directly below one that is called programs are each
// a program as a whole, one package of which can refute what was found in
// another.
//
// Beside the files, the code blocks of the rules' pages are compiled and
// checked as packages of the same module.
package wanttest

import (
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/fix"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/rule"
)

// exempt are folders of the module in which findings are not asked for by
// comments: an application that people read, and generated code.
var exempt = []string{"shop/", "stubs/"}

// Run checks the cases of a family in the module in dir, and the pages of its
// rules: what is found, and what the fixes make of it. Each folder of cases
// is a subtest, and -run loads no other than those that it names.
func Run(t *testing.T, dir, family string) {
	t.Helper()
	dir = absolute(t, dir)
	blocks := familyBlocks(family, false)
	var chosen []string
	problems := sync.OnceValue(func() []problem { return check(dir, chosen, blocks) })
	folders := foldersOf(t, dir, family, blocks)
	if len(folders) == 0 {
		t.Errorf("no cases below %s/%s", dir, family)
	}
	for _, folder := range folders {
		t.Run(path.Base(folder), func(t *testing.T) {
			chosen = append(chosen, folder)
			t.Parallel() // it goes on once all that -run lets through are chosen
			for _, p := range problems() {
				if p.folder == "" || p.folder == folder {
					t.Error(p.text)
				}
			}
		})
	}
}

// RunModule checks the wants of a module that stands beside the main one, for
// libraries which the code of the pages has no business with. One without
// wants fails.
func RunModule(t *testing.T, dir string) {
	t.Helper()
	s := Open(t, dir)
	report := s.Analyze(t, nil)
	wants := s.wants()
	if len(wants) == 0 {
		t.Error("no file asks for a finding")
	}
	s.compare(wants, report)
	s.tell(t)
}

// RunOlder checks the cases and the pages of the rules of a family that are
// about versions of grpc-go before that of the main module.
func RunOlder(t *testing.T, dir, family string) {
	t.Helper()
	dir = absolute(t, dir)
	blocks := familyBlocks(family, true)
	for _, p := range check(dir, foldersOf(t, dir, family, blocks), blocks) {
		t.Error(p.text)
	}
}

// check returns what is wrong in folders of cases and the blocks that belong
// to them.
func check(dir string, folders []string, blocks []block) []problem {
	s := &Suite{Dir: dir, folders: folders}
	for _, b := range blocks {
		if slices.Contains(folders, b.folder()) {
			s.blocks = append(s.blocks, b)
		}
	}
	s.open()
	report, safe, first := s.judge(nil)
	s.checkFixed(report, safe, fix.Safe)
	s.checkFixed(report, first, fix.First)
	return s.problems
}

// judge compares what the analyzers find with what files and pages ask for. It
// returns the files that the fixes change, too.
func (s *Suite) judge(list []*analysis.Analyzer) (report *lint.Report, safe, first map[string][]byte) {
	report = s.analyze(s.Program, list)
	s.compare(s.wants(), report)
	s.comparePages(report)
	safe, first = s.fixed(report)
	s.compareGolden(safe, first)
	return report, safe, first
}

// Load loads folders of cases and the pages of their rules, for programs that
// judge them again and again. It fails if they do not type-check.
func Load(dir string, folders ...string) (*Suite, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Suite{Dir: dir, folders: folders}
	for _, r := range rule.All() {
		if slices.Contains(folders, caseFolder(r)) {
			s.blocks = append(s.blocks, pageBlocks(r)...)
		}
	}
	s.open()
	if problems := s.take(); len(problems) > 0 {
		return nil, errors.New(problems[0])
	}
	return s, nil
}

// Problems returns what is wrong with what the analyzers find, sorted. Files
// to which the fixes were applied are not analysed.
func (s *Suite) Problems(list []*analysis.Analyzer) []string {
	s.judge(list)
	return s.take()
}

// take returns the problems, and forgets them.
func (s *Suite) take() []string {
	var texts []string
	for _, p := range s.problems {
		texts = append(texts, p.text)
	}
	s.problems = nil
	slices.Sort(texts)
	return texts
}

// A Suite is a module of test packages, or a part of it, loaded once.
type Suite struct {
	Dir     string // absolute
	Program *load.Program

	folders  []string // slash-separated, below Dir; nil for all
	overlay  map[string][]byte
	blocks   []block
	problems []problem
}

// A problem is something that is not as it should be.
type problem struct {
	folder string // of cases, or empty
	text   string
}

// Open loads folders of the module in dir, without any all of it. What does
// not type-check is an error of the test.
func Open(t *testing.T, dir string, folders ...string) *Suite {
	t.Helper()
	s := &Suite{Dir: absolute(t, dir), folders: folders}
	s.open()
	s.tell(t)
	return s
}

func absolute(t *testing.T, dir string) string {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (s *Suite) open() {
	s.overlay = make(map[string][]byte)
	for _, b := range s.blocks {
		s.overlay[filepath.Join(s.Dir, filepath.FromSlash(b.file))] = []byte(b.source)
	}
	s.Program = s.load(s.patterns(), s.overlay)
	if len(s.Program.Roots) == 0 && len(s.Program.Errors) == 0 {
		s.problem("", "no package below %s uses gRPC", s.Dir)
	}
	for _, e := range s.Program.Errors {
		s.problem(s.relative(e.File), "%s:%d: %s: %s", e.File, e.Line, e.Package, e.Message)
	}
}

// patterns name the packages of the suite.
func (s *Suite) patterns() []string {
	if s.folders == nil {
		return []string{"./..."}
	}
	var patterns []string
	for _, folder := range s.folders {
		if _, err := os.Stat(filepath.Join(s.Dir, filepath.FromSlash(folder))); err == nil {
			patterns = append(patterns, "./"+folder+"/...")
		}
	}
	for _, b := range s.blocks {
		patterns = append(patterns, "./"+path.Dir(b.file))
	}
	return patterns
}

func (s *Suite) load(patterns []string, overlay map[string][]byte) *load.Program {
	return load.Load(load.Config{
		Cache: cache.User(),
		Dir:   s.Dir, Env: append(os.Environ(), "GOWORK=off"), Patterns: patterns, Tests: true, Overlay: overlay,
	})
}

// Analyze runs analyzers on the module, nil for all, and returns what they find.
func (s *Suite) Analyze(t *testing.T, list []*analysis.Analyzer) *lint.Report {
	t.Helper()
	report := s.analyze(s.Program, list)
	s.tell(t)
	return report
}

func (s *Suite) analyze(program *load.Program, list []*analysis.Analyzer) *lint.Report {
	report := lint.Run(lint.Options{
		Dir: s.Dir, Policy: everything{}, Severity: rule.Info, FailOn: rule.Info, Analyzers: list, Program: program, ProgramOf: programOf,
	})
	for _, e := range report.Errors {
		if e.Detail != "" || strings.HasPrefix(e.Message, "internal error") {
			s.problem("", "%s: %s\n%s", e.Package, e.Message, e.Detail)
		}
	}
	return report
}

// programOf returns the program that a package is part of: the folder below
// one that is called programs, or else itself, with the package of its tests.
func programOf(pkgPath string) string {
	if before, below, ok := strings.Cut(pkgPath, "/programs/"); ok {
		name, _, _ := strings.Cut(below, "/")
		return before + "/programs/" + name
	}
	return strings.TrimSuffix(pkgPath, "_test")
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
