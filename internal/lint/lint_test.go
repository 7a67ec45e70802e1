package lint

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
	"github.com/grpclint/grpclint/rule"
)

// everything is the policy without a configuration.
type everything struct{}

func (everything) Severity(r *rule.Rule) rule.Severity              { return r.Severity }
func (everything) FindingSeverity(f *finding.Finding) rule.Severity { return f.EffectiveSeverity() }
func (everything) Excluded(string, *rule.Rule) bool                 { return false }

func (everything) Lowest(_ *rule.Rule, lowest rule.Severity) rule.Severity { return lowest }
func family(name string, run func(*analysis.Pass) (*analyzers.Result, error), requires ...*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name, Doc: name, Requires: requires,
		Run: func(pass *analysis.Pass) (any, error) {
			result, err := run(pass)
			if result == nil {
				return nil, err
			}
			return result, err
		},
		ResultType: reflect.TypeFor[*analyzers.Result](),
	}
}

// marks reports every identifier that begins with the prefix, as a finding
// of the rule.
func marks(id, prefix string, change func(*finding.Finding)) func(*analysis.Pass) (*analyzers.Result, error) {
	return func(pass *analysis.Pass) (*analyzers.Result, error) {
		result := new(analyzers.Result)
		for _, file := range pass.Files {
			for _, decl := range file.Decls {
				ast.Inspect(decl, func(n ast.Node) bool {
					if ident, ok := n.(*ast.Ident); ok && strings.HasPrefix(ident.Name, prefix) {
						f := finding.Finding{
							Rule: rule.MustLookup(id), Pos: ident.Pos(), End: ident.End(), Message: "found " + ident.Name,
							Decl: fmt.Sprint(decl.Pos() - file.Pos()), Subject: ident.Name,
						}
						if fn, ok := decl.(*ast.FuncDecl); ok {
							f.Decl = fn.Name.Name
						}
						if change != nil {
							change(&f)
						}
						result.Findings = append(result.Findings, f)
					}
					return true
				})
			}
		}
		return result, nil
	}
}

func lintModule(t *testing.T, archive string, change func(*Options)) (*Report, string) {
	t.Helper()
	dir := moduletest.Write(t, archive)
	options := Options{
		Cache: cache.User(),
		Dir:   dir, Env: moduletest.Environ(), Tests: true, Policy: everything{},
		Severity: rule.Info, FailOn: rule.Warning,
		Analyzers: []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", nil))},
	}
	if change != nil {
		change(&options)
	}
	return Run(options), dir
}

func summary(report *Report) string {
	var found []string
	for _, f := range report.Findings {
		found = append(found, fmt.Sprintf("%s:%d:%d-%d:%d %v %s", f.File, f.Line, f.Column, f.EndLine, f.EndColumn, f.Severity, f.Message))
	}
	return strings.Join(found, "\n")
}

func errorMessages(report *Report) string {
	var messages []string
	for _, e := range report.Errors {
		messages = append(messages, strings.Join([]string{e.File, e.Package, e.Pattern, e.Message}, "|"))
	}
	return strings.Join(messages, "\n")
}

const twoPackages = `
-- b/b.go --
package b

import _ "google.golang.org/grpc"

var MarkOne, MarkTwo int
-- b/b_test.go --
package b

var MarkTest int
-- b/x_test.go --
package b_test

import "example.com/m/b"

var MarkExternal = b.MarkOne
-- a/a.go --
package a

import "example.com/m/b"

func f() { b.MarkOne = 1; b.MarkOne = 2 }
`

func TestRun(t *testing.T) {
	report, dir := lintModule(t, twoPackages, nil)
	want := `a/a.go:5:14-5:21 warning found MarkOne
a/a.go:5:29-5:36 warning found MarkOne
b/b.go:5:5-5:12 warning found MarkOne
b/b.go:5:14-5:21 warning found MarkTwo
b/b_test.go:3:5-3:13 warning found MarkTest
b/x_test.go:5:5-5:17 warning found MarkExternal
b/x_test.go:5:22-5:29 warning found MarkOne`
	if got := summary(report); got != want {
		t.Errorf("found\n%s\nwant\n%s", got, want)
	}
	if got := errorMessages(report); got != "" {
		t.Errorf("errors: %s", got)
	}
	if report.Findings[0].Path != filepath.Join(dir, "a", "a.go") || !report.Failed {
		t.Errorf("got %+v", report.Findings[0])
	}
	seen := make(map[string]bool)
	for _, f := range report.Findings {
		if seen[f.Fingerprint] {
			t.Errorf("two findings have the fingerprint %s", f.Fingerprint)
		}
		seen[f.Fingerprint] = true
	}
}

// Lines may move, and the message may change.
func TestFingerprint(t *testing.T) {
	before, _ := lintModule(t, twoPackages, nil)
	after, _ := lintModule(t, strings.ReplaceAll(twoPackages, "func f() {", "// A comment\n\nfunc f() {\n\t_ = 0\n"), func(o *Options) {
		o.Analyzers = []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", func(f *finding.Finding) { f.Message = "other words" }))}
	})
	for i := range before.Findings {
		if before.Findings[i].Fingerprint != after.Findings[i].Fingerprint {
			t.Errorf("finding %d changed its fingerprint", i)
		}
	}
	if before.Findings[0].Line == after.Findings[0].Line {
		t.Error("the lines did not move")
	}
}

type someFact struct{ Name string }

func (*someFact) AFact() {}

// A panic costs one analyzer its work on one package.
func TestPanic(t *testing.T) {
	base := &analysis.Analyzer{
		Name: "base", Doc: "base", FactTypes: []analysis.Fact{new(someFact)},
		ResultType: reflect.TypeFor[*int](),
		Run: func(pass *analysis.Pass) (any, error) {
			if pass.Pkg.Name() == "b" {
				panic("no b")
			}
			for _, imported := range pass.Pkg.Imports() {
				if pass.ImportPackageFact(imported, new(someFact)) && imported.Name() == "b" {
					t.Error("b has a fact")
				}
			}
			pass.ExportPackageFact(&someFact{pass.Pkg.Path()})
			return new(int), nil
		},
	}
	var ran atomic.Int32
	above := family("above", func(pass *analysis.Pass) (*analyzers.Result, error) {
		if pass.ResultOf[base].(*int) == nil {
			t.Error("run without what it requires")
		}
		ran.Add(1)
		return marks("deadline/detached", "Mark", nil)(pass)
	}, base)
	failing := family("failing", func(pass *analysis.Pass) (*analyzers.Result, error) {
		result, _ := marks("deadline/nonpositive", "Mark", nil)(pass)
		result.Err = errors.Join(fmt.Errorf("deadline/nonpositive: package %s: panic: one\nstack", pass.Pkg.Path()), errors.New("deadline/missing: two"))
		return result, nil
	})
	report, _ := lintModule(t, twoPackages, func(o *Options) {
		o.Tests = false
		o.Analyzers = append(o.Analyzers, above, failing)
	})
	rules := make(map[string]int)
	for _, f := range report.Findings {
		rules[filepath.Dir(f.File)+" "+f.Rule.ID]++
	}
	want := map[string]int{
		"a deadline/missing": 2, "a deadline/detached": 2, "a deadline/nonpositive": 2,
		"b deadline/missing": 2, "b deadline/nonpositive": 2,
	}
	if !reflect.DeepEqual(rules, want) {
		t.Errorf("found %v, want %v", rules, want)
	}
	if ran.Load() != 1 {
		t.Errorf("above ran %d times, want once", ran.Load())
	}
	wantErrors := `|example.com/m/a||internal error: deadline/missing: two
|example.com/m/a||internal error: deadline/nonpositive: panic: one
|example.com/m/b||internal error: base: panic: no b
|example.com/m/b||internal error: deadline/missing: two
|example.com/m/b||internal error: deadline/nonpositive: panic: one`
	if got := errorMessages(report); got != wantErrors {
		t.Errorf("errors are\n%s\nwant\n%s", got, wantErrors)
	}
	for _, e := range report.Errors {
		if strings.Contains(e.Message, "panic: no b") && !strings.Contains(e.Detail, "TestPanic") {
			t.Errorf("no stack trace: %q", e.Detail)
		}
	}
}

type policy struct {
	everything
	off      string
	excluded string
}

func (p policy) FindingSeverity(f *finding.Finding) rule.Severity {
	if f.Rule.ID == p.off {
		return rule.Off
	}
	return f.EffectiveSeverity()
}

func (p policy) Severity(r *rule.Rule) rule.Severity {
	if r.ID == p.off {
		return rule.Off
	}
	return r.Severity
}

func (p policy) Excluded(file string, _ *rule.Rule) bool {
	return p.excluded != "" && filepath.Base(file) == p.excluded
}

func TestPolicy(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Options)
		want   int
		failed bool
	}{
		{"all", func(*Options) {}, 7, true},
		{"off", func(o *Options) { o.Policy = policy{off: "deadline/missing"} }, 0, false},
		{"excluded", func(o *Options) { o.Policy = policy{excluded: "a.go"} }, 5, true},
		{"severity", func(o *Options) { o.Severity, o.FailOn = rule.Error, 0 }, 0, false},
		{"fail-on lowers severity", func(o *Options) { o.Severity = rule.Error }, 7, true},
		{"never", func(o *Options) { o.FailOn = 0 }, 7, false},
		{"fail-on error", func(o *Options) { o.FailOn = rule.Error }, 7, false},
		{"generated", func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", func(f *finding.Finding) { f.Generated = true }))}
		}, 0, false},
		{"generated shown", func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", func(f *finding.Finding) { f.Generated = true }))}
			o.Generated = true
		}, 7, true},
		{"idle directive", func(o *Options) {
			o.Policy = policy{off: "deadline/missing"}
			o.Analyzers = []*analysis.Analyzer{family("marks", marks("suppress/unused", "Mark", func(f *finding.Finding) { f.Subject = "deadline/missing" }))}
		}, 0, false},
		{"unused directive", func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", marks("suppress/unused", "Mark", func(f *finding.Finding) { f.Subject = "deadline/missing" }))}
		}, 7, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			report, _ := lintModule(t, twoPackages, test.change)
			if len(report.Findings) != test.want || report.Failed != test.failed {
				t.Errorf("%d findings, failed: %t; want %d, %t", len(report.Findings), report.Failed, test.want, test.failed)
			}
		})
	}
}

// TestJoin: findings of several packages with one cause are one, at the
// cause's own package if that has one, and as severe as the worst.
func TestJoin(t *testing.T) {
	const archive = `
-- a/a.go --
package a

import _ "google.golang.org/grpc"

var MarkA int
-- b/b.go --
package b

import _ "google.golang.org/grpc"

var MarkB int
-- c/c.go --
package c

import _ "google.golang.org/grpc"

var MarkC int
`
	join := func(home string, change func(*Options), keys map[string]string) string {
		report, _ := lintModule(t, archive, func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", func(pass *analysis.Pass) (*analyzers.Result, error) {
				name := pass.Pkg.Name()
				return marks("deadline/missing", "Mark", func(f *finding.Finding) {
					f.Message, f.Severity, f.Subject = "S."+name+" hangs", rule.Info, "/s.S/"+name
					if name == "b" {
						f.Severity = rule.Warning
					}
					f.Cause = &finding.Cause{
						Key: keys[name], Home: name == home,
						Parts: []finding.Part{{Name: "S." + name, Says: " hangs", Subject: f.Subject, Pos: f.Pos, End: f.End}},
					}
				})(pass)
			})}
			o.Severity = rule.Info
			if change != nil {
				change(o)
			}
		})
		var found []string
		for _, f := range report.Findings {
			found = append(found, fmt.Sprintf("%s %s (%d places, %d fingerprints)", f.Severity, f.Message, len(f.Related), 1+len(f.Also)))
		}
		return strings.Join(found, ", ")
	}
	all := map[string]string{"a": "x", "b": "x", "c": "x"}
	for _, test := range []struct {
		name, home string
		change     func(*Options)
		keys       map[string]string
		want       string
	}{
		{"one cause", "", nil, all, "warning S.a and 2 more RPCs hangs (2 places, 3 fingerprints)"},
		{"at home", "c", nil, all, "warning S.c and 2 more RPCs hangs (2 places, 3 fingerprints)"},
		{"two causes", "", nil, map[string]string{"a": "x", "b": "y", "c": "x"},
			"info S.a and 1 more RPC hangs (1 places, 2 fingerprints), warning S.b hangs (0 places, 1 fingerprints)"},
		{"no cause that others know", "", nil, nil,
			"info S.a hangs (0 places, 1 fingerprints), warning S.b hangs (0 places, 1 fingerprints), info S.c hangs (0 places, 1 fingerprints)"},
		{"one is excluded", "a", func(o *Options) { o.Policy = policy{excluded: "a.go"} }, all,
			"warning S.b and 1 more RPC hangs (1 places, 2 fingerprints)"},
		{"two programs", "", func(o *Options) {
			o.ProgramOf = func(pkgPath string) string { return strings.TrimRight(pkgPath, "ab") }
		}, all, "warning S.a and 1 more RPC hangs (1 places, 2 fingerprints), info S.c hangs (0 places, 1 fingerprints)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := join(test.home, test.change, test.keys); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestRetractParts: a finding speaks no longer of RPCs to which a program
// around gives a deadline, and goes with the last of them.
func TestRetractParts(t *testing.T) {
	const archive = `
-- lib/lib.go --
package lib

import _ "google.golang.org/grpc"

var MarkLib int
-- server/main.go --
package main

import _ "example.com/m/lib"

func main() {}
`
	for bounded, want := range map[string]string{
		"":        "S.A and 1 more RPC hangs (1)",
		"s.S":     "T.B hangs there (0)",
		"s.T":     "S.A hangs (1)",
		"s.S s.T": "",
		"*":       "",
	} {
		report, _ := lintModule(t, archive, func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", func(pass *analysis.Pass) (*analyzers.Result, error) {
				result, err := marks("deadline/missing", "Mark", func(f *finding.Finding) {
					f.StandsOn = []claim.Condition{
						claim.Unless(claim.Deadline, "/s.S/A", "s.S").Of("/s.S/A"),
						claim.Unless(claim.Deadline, "/s.T/B", "s.T").Of("/s.T/B"),
					}
					f.Cause = &finding.Cause{Parts: []finding.Part{
						{Name: "S.A", Subject: "/s.S/A", Says: " hangs", From: f.Pos, To: f.End, Pos: f.Pos},
						{Name: "T.B", Subject: "/s.T/B", Says: " hangs there", From: f.Pos + 1, To: f.End, Pos: f.Pos + 1},
					}}
					f.Message, f.Subject = finding.Message(f.Cause.Parts), "/s.S/A"
					f.Fixes = []finding.Fix{{Message: "mend the first"}}
				})(pass)
				if pass.Pkg.Name() == "main" {
					for _, service := range strings.Fields(bounded) {
						result.Program.Claims = append(result.Program.Claims, claim.Claim{Kind: claim.Deadline, Key: service})
					}
				}
				return result, err
			})}
		})
		got := ""
		for _, f := range report.Findings {
			got += fmt.Sprintf("%s (%d)", f.Message, len(f.Fixes))
		}
		if got != want {
			t.Errorf("%q has a deadline: found %q, want %q", bounded, got, want)
		}
	}
}

func TestRetract(t *testing.T) {
	const archive = `
-- lib/lib.go --
package lib

import _ "google.golang.org/grpc"

var MarkLib int
-- shared/shared.go --
package shared

import _ "google.golang.org/grpc"

var MarkShared int
-- alone/alone.go --
package alone

import _ "google.golang.org/grpc"

var MarkAlone int
-- tool/main.go --
package main

import (
	_ "example.com/m/lib"
	_ "example.com/m/shared"
)

func main() {}
-- server/main.go --
package main

import _ "example.com/m/shared"

func main() {}
`
	run := func(standsOn []claim.Condition, told map[string][]claim.Claim) (*Report, string) {
		report, _ := lintModule(t, archive, func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", func(pass *analysis.Pass) (*analyzers.Result, error) {
				result, err := marks("deadline/missing", "Mark", func(f *finding.Finding) {
					f.StandsOn, f.Cause = standsOn, new(finding.Cause)
					for i := range standsOn {
						if method := standsOn[i].Part; method != "" {
							f.Cause.Parts = append(f.Cause.Parts, finding.Part{Name: method, Subject: method, From: f.Pos, To: f.End, Pos: f.Pos, End: f.End})
						}
					}
				})(pass)
				result.Program.Claims = told[filepath.Base(pass.Pkg.Path())]
				return result, err
			})}
		})
		if got := errorMessages(report); got != "" {
			t.Errorf("errors: %s", got)
		}
		var found []string
		for _, f := range report.Findings {
			found = append(found, filepath.Dir(f.File)+" "+f.Severity.String())
		}
		return report, strings.Join(found, ", ")
	}
	lasting, token, sends := claim.Lasting(), claim.Unless(claim.ReadsToken, "m.Request"), claim.Unless(claim.AllowsPings, claim.Idle)
	sends.By, sends.Level = claim.Anyone, 2
	deadline := claim.Unless(claim.Deadline, "/s.S/M", "s.S").Of("/s.S/M")
	ends := claim.Claim{Kind: claim.EndsByItself}
	bounded := func(service string) claim.Claim { return claim.Claim{Kind: claim.Deadline, Key: service} }
	tests := []struct {
		name     string
		standsOn []claim.Condition
		told     map[string][]claim.Claim
		want     string
		count    int
	}{
		{"nothing known", []claim.Condition{lasting, deadline, token, sends}, nil,
			"alone warning, lib warning, shared warning", 0},
		{"one-shot tool", []claim.Condition{lasting}, map[string][]claim.Claim{"tool": {ends}},
			"alone warning, lib info, shared warning", 1},
		{"not asked", nil, map[string][]claim.Claim{"tool": {ends, bounded(claim.Any)}},
			"alone warning, lib warning, shared warning", 0},
		{"deadline above", []claim.Condition{deadline}, map[string][]claim.Claim{"server": {bounded("s.S")}},
			"alone warning, lib warning", 1},
		{"deadline for others", []claim.Condition{deadline}, map[string][]claim.Claim{"server": {bounded("s.T")}},
			"alone warning, lib warning, shared warning", 0},
		{"deadline for somebody", []claim.Condition{deadline}, map[string][]claim.Claim{"tool": {bounded(claim.Any)}},
			"alone warning", 2},
		{"pings that a server allows", []claim.Condition{sends}, map[string][]claim.Claim{"server": {{Kind: claim.AllowsPings, Key: claim.Idle, Level: 1}}},
			"", 3},
		{"pings that come too often", []claim.Condition{sends}, map[string][]claim.Claim{"server": {{Kind: claim.AllowsPings, Key: claim.Idle, Level: 3}}},
			"alone warning, lib warning, shared warning", 0},
		{"token read above", []claim.Condition{token}, map[string][]claim.Claim{"server": {{Kind: claim.ReadsToken, Key: "m.Request"}}},
			"alone warning, lib warning", 1},
		{"another token read", []claim.Condition{token}, map[string][]claim.Claim{"server": {{Kind: claim.ReadsToken, Key: "m.Other"}}},
			"alone warning, lib warning, shared warning", 0},
		{"served above", []claim.Condition{claim.If(claim.Serves, "m.T")}, map[string][]claim.Claim{"server": {{Kind: claim.Serves, Key: "m.T"}}},
			"shared warning", 2},
		{"a kind that nothing here knows", []claim.Condition{claim.Unless("new").Lower(rule.Info)}, map[string][]claim.Claim{"tool": {{Kind: "new"}}},
			"alone warning, lib info, shared info", 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report, got := run(test.standsOn, test.told)
			if got != test.want || report.Stats.Retracted != test.count {
				t.Errorf("found %s, %d retracted; want %s, %d", got, report.Stats.Retracted, test.want, test.count)
			}
		})
	}
}

// Places outside of the working directory.
func TestPaths(t *testing.T) {
	report, _ := lintModule(t, `
-- go.mod --
module example.com/m

go 1.25

require grpc
-- sub/sub.go --
package sub

import _ "google.golang.org/grpc"

//line made.y:7
var MarkLine int // is in this file, whatever it is made of
-- other/other.go --
package other

import _ "google.golang.org/grpc/health"

var MarkOther int
`, func(o *Options) {
		o.Dir = filepath.Join(o.Dir, "sub")
		o.Patterns = []string{"example.com/m/...", "google.golang.org/grpc/health"}
		o.Analyzers = []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", func(f *finding.Finding) {
			f.Related = []finding.Related{
				{Message: "a", Remote: &finding.Remote{Package: "google.golang.org/grpc/health", File: "health.go", Line: 5, Column: 6}},
				{Message: "b", Remote: &finding.Remote{Package: "example.com/unknown", File: "x.go", Line: 1}},
			}
		}))}
	})
	if report.Project != "example.com/m/sub" {
		t.Errorf("the project is called %s", report.Project)
	}
	var got []string
	for _, f := range report.Findings {
		line := f.File
		for _, r := range f.Related {
			line += " " + r.File
		}
		got = append(got, line)
	}
	text := strings.Join(got, "\n")
	const related = " ../../grpc/health/health.go example.com/unknown/x.go"
	if want := "../other/other.go" + related + "\nsub.go" + related; text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestModuleFileNames(t *testing.T) {
	p := newPaths(t.Context(), filepath.FromSlash("/work/dir"), nil)
	p.goroot = func() string { return filepath.FromSlash("/go") }
	tests := map[string]string{
		"/work/dir/a/b.go":   "a/b.go",
		"/work/other/c.go":   "../other/c.go",
		"/go/src/fmt/fmt.go": "$GOROOT/src/fmt/fmt.go",
	}
	for file, want := range tests {
		if got := p.inPackage(filepath.FromSlash(file), newPackage("", "", "")); got != want {
			t.Errorf("%s is shown as %s, want %s", file, got, want)
		}
	}
	versioned := newPackage("example.com/x", "v1.2.3", filepath.FromSlash("/mod/example.com/x@v1.2.3"))
	if got := p.inPackage(filepath.FromSlash("/mod/example.com/x@v1.2.3/y/z.go"), versioned); got != "example.com/x@v1.2.3/y/z.go" {
		t.Errorf("got %s", got)
	}
}

// Fixes of a file that cgo has made must not be applied.
func TestForeignFix(t *testing.T) {
	report, _ := lintModule(t, twoPackages, func(o *Options) {
		o.Patterns = []string{"./b", "google.golang.org/grpc/health"}
		o.Analyzers = []*analysis.Analyzer{family("marks", func(pass *analysis.Pass) (*analyzers.Result, error) {
			prefix := "Mark"
			if pass.Pkg.Name() == "health" {
				prefix = "Watch"
			}
			return marks("deadline/missing", prefix, func(f *finding.Finding) {
				f.Fixes = []finding.Fix{{Message: "rename", Safe: true, Edits: []finding.Edit{{Pos: f.Pos, End: token.NoPos, NewText: "x"}}}}
			})(pass)
		})}
	})
	foreign := make(map[bool]int)
	for _, f := range report.Findings {
		e := f.Fixes[0].Edits[0]
		foreign[e.Foreign]++
		if text, err := os.ReadFile(e.Path); err != nil || e.Analysed != load.SumOf(text) || e.Start != e.End || !strings.HasPrefix(string(text[e.Start:]), f.Message[len("found "):]) {
			t.Errorf("edit %+v (%v) does not fit the file", e, err)
		}
	}
	if foreign[true] != 1 || foreign[false] != 5 {
		t.Errorf("foreign edits: %v", foreign)
	}
}

func TestModulesAndNotices(t *testing.T) {
	const archive = `
-- a.go --
package m

import _ "google.golang.org/grpc"

var MarkTop int
-- one/go.mod --
module example.com/one

go 1.25

require grpc
-- one/a.go --
package one

import _ "google.golang.org/grpc"

var MarkOne int
-- one/two/go.mod --
module example.com/two

go 1.25

require grpc
-- one/two/a.go --
package two

import _ "google.golang.org/grpc"

var MarkTwo int
-- empty/go.mod --
module example.com/empty
-- testdata/three/go.mod --
module example.com/three
`
	notices := ""
	listen := func(o *Options) { o.Notice = func(line string) { notices += line + "\n" } }
	report, _ := lintModule(t, archive, listen)
	if len(report.Findings) != 1 || notices != "left out: nested modules empty, one and one/two (-modules checks them too)\n" {
		t.Errorf("found\n%s\nnotices\n%s", summary(report), notices)
	}
	notices = ""
	report, _ = lintModule(t, archive, func(o *Options) { listen(o); o.Modules = true })
	if got, want := len(report.Findings), 3; got != want || notices != "" || len(report.Errors) > 0 {
		t.Errorf("with -modules found\n%s\nnotices\n%s\nerrors\n%s", summary(report), notices, errorMessages(report))
	}
	report, _ = lintModule(t, archive, func(o *Options) { o.Modules = true; o.Patterns = []string{"one/..."} })
	if got := len(report.Findings); got == 1 {
		t.Errorf("an import path is no folder: found\n%s", summary(report))
	}
	report, _ = lintModule(t, archive, func(o *Options) { o.Modules = true; o.Patterns = []string{"./one/..."} })
	if got, want := len(report.Findings), 2; got != want {
		t.Errorf("found\n%s", summary(report))
	}
}

func newPackage(module, version, dir string) *packages.Package {
	p := &packages.Package{PkgPath: cmp.Or(module, "fmt")}
	if module != "" {
		p.Module = &packages.Module{Path: module, Version: version, Dir: dir}
	}
	return p
}

func TestNoPackage(t *testing.T) {
	const archive = "-- sub/go.mod --\nmodule example.com/sub\n"
	for _, change := range []func(*Options){
		func(*Options) {},
		func(o *Options) { o.Modules = true },
	} {
		report, _ := lintModule(t, archive, change)
		if len(report.Errors) != 1 || !strings.Contains(report.Errors[0].Message, "no ") {
			t.Errorf("errors are %q, want one that says that there is nothing", errorMessages(report))
		}
	}
}

// A program that recovers from panics loses an RPC by one, not the process.
func TestRecovers(t *testing.T) {
	const archive = `
-- lib/lib.go --
package lib

import _ "google.golang.org/grpc"

var MarkLib int
-- alone/alone.go --
package alone

import _ "google.golang.org/grpc"

var MarkAlone int
-- tool/main.go --
package main

import _ "example.com/m/lib"

func main() {}
`
	for _, recovers := range []bool{false, true} {
		report, _ := lintModule(t, archive, func(o *Options) {
			o.Analyzers = []*analysis.Analyzer{family("marks", func(pass *analysis.Pass) (*analyzers.Result, error) {
				result, err := marks("server/nil-field", "Mark", func(f *finding.Finding) {
					f.StandsOn = []claim.Condition{claim.Unless(claim.Recovers).Lower(rule.Warning)}
				})(pass)
				if recovers && pass.Pkg.Name() == "main" {
					result.Program.Claims = []claim.Claim{{Kind: claim.Recovers}}
				}
				return result, err
			})}
		})
		want := map[string]rule.Severity{"lib/lib.go": rule.Error, "alone/alone.go": rule.Error}
		if recovers {
			want["lib/lib.go"] = rule.Warning
		}
		if len(report.Findings) != len(want) {
			t.Error(report.Findings)
		}
		for _, f := range report.Findings {
			if f.Severity != want[f.File] {
				t.Errorf("recovers %t: %s is %s, not %s", recovers, f.File, f.Severity, want[f.File])
			}
		}
	}
}
