package suppress

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/bodies"
	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// hang stands for a family: deadline/missing is reported at every call of a
// function hang, deadline/nonpositive nowhere.
func hang() *analysis.Analyzer {
	return report.Family("deadline", "find calls of hang", nil,
		report.Check{Rules: []string{"deadline/missing"}, Run: func(pass *report.Pass) error {
			for _, file := range pass.Files {
				ast.Inspect(file, func(n ast.Node) bool {
					if call, ok := n.(*ast.CallExpr); ok && call.Fun.(*ast.Ident).Name == "hang" {
						pass.Report("deadline/missing", finding.Finding{Pos: call.Pos(), End: call.End(), Message: "hangs"})
					}
					return true
				})
			}
			return nil
		}},
		report.Check{Rules: []string{"deadline/nonpositive"}, Run: func(*report.Pass) error { return nil }},
	)
}

// broken stands for a family with a rule that panics.
func broken() *analysis.Analyzer {
	return report.Family("deadline", "panic", nil,
		report.Check{Rules: []string{"deadline/missing"}, Run: func(*report.Pass) error { panic("oops") }},
	)
}

// analyze runs a family and suppress on one file of a package that uses
// gRPC, and returns what suppress reports.
func analyze(t *testing.T, source string, family *analysis.Analyzer, index *stub.Index) (*token.FileSet, *report.Result, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(name, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	pass := &analysis.Pass{
		Fset:     fset,
		Files:    []*ast.File{file},
		Pkg:      types.NewPackage("example.com/p", "p"),
		ReadFile: os.ReadFile,
		Report:   func(analysis.Diagnostic) {},
		ResultOf: map[*analysis.Analyzer]any{stub.Analyzer: index, lifetime.Analyzer: new(lifetime.Info), noreturn.Analyzer: new(noreturn.Index), callback.Analyzer: new(callback.Index), bodies.Analyzer: new(bodies.Index)},
	}
	for _, a := range []*analysis.Analyzer{testcode.Analyzer, directive.Analyzer, program.Analyzer, syntax.Analyzer, family} {
		result, err := a.Run(pass)
		if err != nil {
			t.Fatal(err)
		}
		pass.ResultOf[a] = result
	}
	result, err := New([]*analysis.Analyzer{family}).Run(pass)
	return fset, result.(*report.Result), err
}

var usesGRPC = &stub.Index{Reaches: true, Complete: true}

// list writes findings as "line: text: message [rule]", one per line.
func list(fset *token.FileSet, source string, findings []finding.Finding) string {
	var lines []string
	for _, f := range findings {
		file := fset.File(f.Pos)
		text := source[file.Offset(f.Pos):file.Offset(f.End)]
		lines = append(lines, strings.Join([]string{fset.Position(f.Pos).String()[len(file.Name())+1:], text, f.Message + " [" + f.Rule.ID + "]"}, ": "))
	}
	return strings.Join(lines, "\n")
}

func TestFindings(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"all is well", `
	//grpclint:ignore deadline/missing why
	hang()
	//grpclint:long-lived why
	ok()`, ""},
		{"family", `
	hang() //grpclint:ignore deadline why`, ""},
		{"unknown rule", `
	//grpclint:ignore deadline/mising why
	ok()`, `6:20: deadline/mising: silences nothing: there is no rule "deadline/mising" (nearest: deadline/missing) [suppress/unknown]`},
		{"unknown rule beside a known one", `
	//grpclint:ignore deadline/missing,xyzxyzxyz why
	hang()`, `6:37: xyzxyzxyz: silences nothing: there is no rule "xyzxyzxyz" [suppress/unknown]`},
		{"unknown word", `
	//grpclint:ignored deadline/missing why
	ok()`, `6:13: ignored: does nothing: there is no directive "ignored" (nearest: ignore) [suppress/unknown]`},
		{"no word", `
	//grpclint:
	ok()`, `6:13: : does nothing: there is no directive "" [suppress/unknown]`},
		{"no rule", `
	//grpclint:ignore
	ok()`, `6:2: //grpclint:ignore: silences nothing: //grpclint:ignore names no rule [suppress/unknown]`},
		{"no reason", `
	//grpclint:ignore deadline/missing
	hang()`, `6:2: //grpclint:ignore deadline/missing: nobody can tell whether this still holds: //grpclint:ignore gives no reason [suppress/no-reason]`},
		{"no reason of an intent", `
	//grpclint:idempotent
	ok()`, `6:2: //grpclint:idempotent: nobody can tell whether this still holds: //grpclint:idempotent gives no reason [suppress/no-reason]`},
		{"unused", `
	//grpclint:ignore deadline/missing why
	ok()`, `6:20: deadline/missing: silences nothing, and would hide the next mistake: deadline/missing finds nothing here [suppress/unused]`},
		{"unused, one of two", `
	//grpclint:ignore deadline/missing,deadline/nonpositive why
	hang()`, `6:37: deadline/nonpositive: silences nothing, and would hide the next mistake: deadline/nonpositive finds nothing here [suppress/unused]`},
		{"unused for the file", `
	//grpclint:file-ignore deadline why
	ok()`, `6:25: deadline: silences nothing, and would hide the next mistake: deadline finds nothing in this file [suppress/unused]`},
		{"a rule that did not run", `
	//grpclint:ignore deadline/detached why
	ok()`, ""},
		{"nolint", `
	ok() //nolint:grpclint`, ""},
		{"suppressing suppress", `
	//grpclint:ignore suppress why
	ok()`, `6:20: suppress: silences nothing: no directive silences a finding about directives [suppress/unused]`},
		{"suppressing suppress on the line below", `
	//grpclint:ignore suppress/no-reason why
	hang() //grpclint:ignore deadline/missing`, `6:20: suppress/no-reason: silences nothing: no directive silences a finding about directives [suppress/unused]
7:9: //grpclint:ignore deadline/missing: nobody can tell whether this still holds: //grpclint:ignore gives no reason [suppress/no-reason]`},
		{"nolint silences suppress", `
	//nolint:grpclint
	ok() //grpclint:ignore deadline/missing`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := "package p\n\nimport _ \"google.golang.org/grpc\"\n\nfunc f() {" + test.body + "\n}\n"
			fset, result, err := analyze(t, source, hang(), usesGRPC)
			if err != nil {
				t.Fatal(err)
			}
			if got := list(fset, source, result.Findings); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
			for _, f := range result.Findings {
				if len(f.Message) >= 140 || strings.Contains(f.Message, "\n") {
					t.Errorf("message %q is long", f.Message)
				}
			}
		})
	}
}

const mistaken = `package p

func f() {
	ok() //grpclint:ignore deadline/mising
	//grpclint:ignore deadline/missing
	ok()
}
`

func TestSilentWithoutGRPC(t *testing.T) {
	fset, result, err := analyze(t, mistaken, hang(), &stub.Index{})
	if err != nil || len(result.Findings) > 0 {
		t.Errorf("error %v, findings:\n%s", err, list(fset, mistaken, result.Findings))
	}
}

// Where facts are missing other rules are silent, and their silence proves
// nothing.
func TestUnusedNeedsFacts(t *testing.T) {
	fset, result, err := analyze(t, mistaken, hang(), &stub.Index{Reaches: true})
	if err != nil {
		t.Fatal(err)
	}
	got := list(fset, mistaken, result.Findings)
	if strings.Contains(got, "suppress/unused") || !strings.Contains(got, "suppress/unknown") {
		t.Errorf("findings:\n%s", got)
	}
}

func TestFailedRule(t *testing.T) {
	fset, result, err := analyze(t, mistaken, broken(), usesGRPC)
	if err == nil || !strings.Contains(err.Error(), "deadline/missing: package example.com/p: panic: oops") {
		t.Errorf("error %v does not name the rule and the package", err)
	}
	if joined, ok := err.(interface{ Unwrap() []error }); !ok || len(joined.Unwrap()) == 0 {
		t.Errorf("error %T does not keep the single ones", errors.Unwrap(err))
	}
	got := list(fset, mistaken, result.Findings)
	if strings.Contains(got, "suppress/unused") || !strings.Contains(got, "suppress/unknown") {
		t.Errorf("findings:\n%s", got)
	}
}

func TestGenerated(t *testing.T) {
	source := "// Code generated by hand. DO NOT EDIT.\n\n" + mistaken
	_, result, err := analyze(t, source, hang(), usesGRPC)
	if err != nil || len(result.Findings) == 0 {
		t.Fatalf("error %v, %d findings", err, len(result.Findings))
	}
	for _, f := range result.Findings {
		if !f.Generated {
			t.Errorf("%s is not marked as in a generated file", f.Rule.ID)
		}
	}
}

func TestFixes(t *testing.T) {
	tests := []struct{ name, before, after string }{
		{"unknown rule", "\t//grpclint:ignore deadline/mising why\n\tok()\n", "\t//grpclint:ignore deadline/missing why\n\tok()\n"},
		{"unknown word", "\t//grpclint:longlived why\n\tok()\n", "\t//grpclint:long-lived why\n\tok()\n"},
		{"unused on its own line", "\tok()\n\t//grpclint:ignore deadline/missing why\n\tok()\n", "\tok()\n\tok()\n"},
		{"unused on its own line, CRLF", "\tok()\r\n\t//grpclint:ignore deadline/missing why\r\n\tok()\r\n", "\tok()\r\n\tok()\r\n"},
		{"unused behind code", "\tok() //grpclint:ignore deadline/missing why\n\tok()\n", "\tok()\n\tok()\n"},
		{"unused, the first of two", "\t//grpclint:ignore deadline/nonpositive,deadline/missing why\n\thang()\n", "\t//grpclint:ignore deadline/missing why\n\thang()\n"},
		{"unused, the last of two", "\t//grpclint:ignore deadline/missing, deadline/nonpositive why\n\thang()\n", "\t//grpclint:ignore deadline/missing why\n\thang()\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const head, tail = "package p\n\nfunc f() {\n", "}\n"
			source := head + test.before + tail
			fset, result, err := analyze(t, source, hang(), usesGRPC)
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Findings) != 1 || len(result.Findings[0].Fixes) != 1 {
				t.Fatalf("findings:\n%s", list(fset, source, result.Findings))
			}
			fix := result.Findings[0].Fixes[0]
			if fix.Safe {
				t.Error("said to be safe")
			}
			edit := fix.Edits[0]
			file := fset.File(edit.Pos)
			got := source[:file.Offset(edit.Pos)] + edit.NewText + source[file.Offset(edit.End):]
			if want := head + test.after + tail; got != want {
				t.Errorf("got:\n%q\nwant:\n%q", got, want)
			}
		})
	}
}

func TestNoFixWithoutTheFile(t *testing.T) {
	source := "package p\n\nfunc f() {\n\tok() //grpclint:ignore deadline/missing why\n}\n"
	family := hang()
	run := family.Run
	family.Run = func(pass *analysis.Pass) (any, error) {
		pass.ReadFile = func(string) ([]byte, error) { return []byte(strings.Repeat("x", len(source))), nil }
		return run(pass)
	}
	_, result, err := analyze(t, source, family, usesGRPC)
	if err != nil || len(result.Findings) != 1 || len(result.Findings[0].Fixes) != 0 {
		t.Errorf("error %v, findings %+v", err, result.Findings)
	}
}
