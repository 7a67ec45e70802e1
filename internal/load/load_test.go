package load_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

func loadModule(t *testing.T, archive string, change func(*load.Config)) (*load.Program, string) {
	t.Helper()
	dir := moduletest.Write(t, archive)
	cfg := load.Config{Dir: dir, Env: moduletest.Environ(), Patterns: []string{"./..."}}
	if change != nil {
		change(&cfg)
	}
	return load.Load(cfg), dir
}

func withTests(cfg *load.Config) { cfg.Tests = true }

func ids(pkgs []*packages.Package) string {
	var names []string
	for _, p := range pkgs {
		names = append(names, strings.ReplaceAll(p.ID, "example.com/m/", ""))
	}
	return strings.Join(names, ", ")
}

func messages(dir string, errs []load.Error) string {
	var lines []string
	for _, e := range errs {
		file, err := filepath.Rel(dir, e.File)
		if err != nil {
			file = "-"
		}
		lines = append(lines, fmt.Sprintf("%s:%d: %s", filepath.ToSlash(file), e.Line, strings.ReplaceAll(e.Message, dir+string(filepath.Separator), "")))
	}
	return strings.Join(lines, "\n")
}

func wantRoots(t *testing.T, program *load.Program, want string) {
	t.Helper()
	if got := ids(program.Roots); got != want {
		t.Errorf("roots are %q, want %q", got, want)
	}
	// What the analysis driver takes for granted.
	packages.Visit(program.Roots, func(p *packages.Package) bool {
		if len(p.Syntax) == 0 || p.Types == nil || p.TypesInfo == nil || p.TypesSizes == nil || p.Fset != program.Fset {
			t.Errorf("package %s is incomplete", p.ID)
		}
		return true
	}, nil)
}

func wantNoErrors(t *testing.T, program *load.Program) {
	t.Helper()
	for _, e := range program.Errors {
		t.Errorf("unexpected error: %+v", e)
	}
}

func TestClosure(t *testing.T) {
	program, _ := loadModule(t, `
-- dial/dial.go --
package dial

import (
	"example.com/m/target"
	"google.golang.org/grpc"
)

func Dial() (*grpc.ClientConn, error) { return grpc.NewClient(target.Name()) }
-- target/target.go --
package target

import "strings"

func Name() string { return strings.ToLower("X") }
-- user/user.go --
package user

import (
	"example.com/m/dial"
	"example.com/m/target"
	"google.golang.org/grpc/health"
)

var Name = target.Name()

func Use() { cc, _ := dial.Dial(); health.Watch(cc) }
-- codesonly/codes.go --
package codesonly

import _ "google.golang.org/grpc/codes"
`, nil)
	wantNoErrors(t, program)
	wantRoots(t, program, "codesonly, dial, user")
	if program.Packages != 4 || program.GRPCPackages != 3 {
		t.Errorf("counted %d of %d packages, want 3 of 4", program.GRPCPackages, program.Packages)
	}
	user := program.Roots[2]
	var imports []string
	for path := range user.Imports {
		imports = append(imports, path)
	}
	slices.Sort(imports)
	if got, want := strings.Join(imports, " "), "example.com/m/dial google.golang.org/grpc/health"; got != want {
		t.Errorf("user imports from source %q, want %q", got, want)
	}
}

// Helpers that are handed functions which may make RPCs are read, too, but
// nobody else gets their types.
func TestHelpers(t *testing.T) {
	program, _ := loadModule(t, `
-- user/user.go --
package user

import (
	"example.com/m/asked"
	"example.com/m/retry"
	"example.com/m/sorted"
	"example.com/m/wrap"
	"google.golang.org/grpc"
)

func Dial() error {
	if asked.Twice(1) > 2 {
		return wrap.With(nil)
	}
	sorted.By(nil, func(a, b string) bool { return a < b })
	return retry.Do(func() error { _, err := grpc.NewClient("x"); return err })
}
-- retry/retry.go --
package retry

import "example.com/m/loop"

func Do(f func() error) error { return loop.Run(3, f) }
-- loop/loop.go --
package loop

func Run(n int, f func() error) (err error) { for range n { err = f() }; return err }
-- sorted/sorted.go --
package sorted

func By(list []string, less func(a, b string) bool) {}
-- wrap/wrap.go --
package wrap

import "fmt"

func With(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("wrapped: %w", err)
}
-- asked/asked.go --
package asked

func Twice(n int) int { return 2 * n }

func Error(n int) error { var err error; return err }
`, nil)
	wantNoErrors(t, program)
	wantRoots(t, program, "user")
	user := program.Roots[0]
	retry := user.Imports["example.com/m/retry"]
	if len(user.Imports) != 2 || user.Imports["example.com/m/wrap"] == nil || retry == nil || len(retry.Syntax) != 1 || retry.TypesInfo == nil {
		t.Fatalf("user has the imports %v", user.Imports)
	}
	if len(retry.Imports) != 1 || retry.Imports["example.com/m/loop"] == nil {
		t.Errorf("the helper has the imports %v", retry.Imports)
	}
	for _, imported := range user.Types.Imports() {
		if imported == retry.Types {
			t.Error("user has the types of the helper's source")
		}
	}
}

func TestVariants(t *testing.T) {
	const archive = `
-- p/p.go --
package p

import "google.golang.org/grpc"

type T struct{ CC *grpc.ClientConn }
-- p/p_test.go --
package p

func (T) OnlyInTests() {}
-- p/x_test.go --
package p_test

import (
	"example.com/m/p"
	"example.com/m/plain"
	"example.com/m/q"
)

func use() { q.Get().OnlyInTests(); p.T{}.OnlyInTests(); plain.F() }
-- q/q.go --
package q

import "example.com/m/p"

func Get() p.T { return p.T{} }
-- plain/plain.go --
package plain

func F() {}
`
	program, _ := loadModule(t, archive, withTests)
	wantNoErrors(t, program)
	wantRoots(t, program, "p [p.test], p_test [p.test], q")
	if program.Packages != 3 || program.GRPCPackages != 2 {
		t.Errorf("counted %d of %d packages, want 2 of 3", program.GRPCPackages, program.Packages)
	}

	program, _ = loadModule(t, archive, nil)
	wantNoErrors(t, program)
	wantRoots(t, program, "p, q")
}

// A package that uses gRPC in its tests only: the variants below the
// external tests come from export data, and there are two packages of one
// path.
func TestVariantsFromExportData(t *testing.T) {
	program, _ := loadModule(t, `
-- p/p.go --
package p

type T struct{}
-- p/p_test.go --
package p

func (T) OnlyInTests() {}
-- p/x_test.go --
package p_test

import (
	"example.com/m/p"
	"example.com/m/q"
	"example.com/m/r"
	"google.golang.org/grpc"
)

func use(*grpc.ClientConn) {
	q.Get().OnlyInTests()
	var t p.T = q.Get()
	t.OnlyInTests()
	r.F()
}
-- q/q.go --
package q

import "example.com/m/p"

func Get() p.T { return p.T{} }
-- r/r.go --
package r

func F() {}
-- other/other.go --
package other

import (
	"example.com/m/p"
	"example.com/m/q"
	"google.golang.org/grpc"
)

var _ p.T = q.Get()
var _ grpc.ClientConn
`, withTests)
	wantNoErrors(t, program)
	wantRoots(t, program, "other, p_test [p.test]")
}

func TestBroken(t *testing.T) {
	const good = `
-- good/good.go --
package good

import _ "google.golang.org/grpc"
`
	tests := []struct {
		name, archive string
		roots, errors string
		tests         bool
	}{
		{"syntax", `
-- bad/bad.go --
package bad

import _ "google.golang.org/grpc"

func f( {
`, "good", "bad/bad.go:5: expected ')', found '{'", false},
		{"types", `
-- bad/bad.go --
package bad

import _ "google.golang.org/grpc"

var x int = "one"
var y int = "two"
-- uses/uses.go --
package uses

import _ "example.com/m/bad"
`, "good, uses", "bad/bad.go:5: cannot use \"one\" (untyped string constant) as int value in variable declaration (and 1 more)", false},
		{"types without gRPC", `
-- bad/bad.go --
package bad

var x int = "one"
`, "good", "", false},
		{"broken import without gRPC", `
-- bad/bad.go --
package bad

func F() int { return "one" }
-- uses/uses.go --
package uses

import (
	"example.com/m/bad"
	_ "google.golang.org/grpc"
)

var x int = bad.F()
`, "good, uses", "", false},
		{"broken declaration without gRPC", `
-- bad/bad.go --
package bad

var X int = "one"
-- uses/uses.go --
package uses

import (
	"example.com/m/bad"
	_ "google.golang.org/grpc"
)

var x int = bad.X
`, "good, uses", "bad/bad.go:3: cannot use \"one\" (untyped string constant) as int value in variable declaration", false},
		{"missing module", `
-- bad/bad.go --
package bad

import (
	"example.com/missing"
	_ "google.golang.org/grpc"
)

var x = missing.X
`, "good", "bad/bad.go:4: no required module provides package example.com/missing; to add it: go get example.com/missing", false},
		{"missing package", `
-- bad/bad.go --
package bad

import (
	"example.com/m/missing"
	_ "google.golang.org/grpc"
)

var x = missing.X
`, "good", "bad/bad.go:4: no required module provides package example.com/m/missing; to add it: go get example.com/m/missing", false},
		{"import cycle", `
-- a/a.go --
package a

import (
	_ "example.com/m/b"
	_ "google.golang.org/grpc"
)
-- b/b.go --
package b

import _ "example.com/m/a"
`, "b, good", "import cycle not allowed: import stack: [example.com/m/a example.com/m/b example.com/m/a]", false},
		{"missing embedded file", `
-- bad/bad.go --
package bad

import (
	_ "embed"
	_ "google.golang.org/grpc"
)

//go:embed none.json
var text string
`, "bad, good", "bad/bad.go:8: pattern none.json: no matching files found", false},
		{"tests", `
-- bad/bad.go --
package bad

import _ "google.golang.org/grpc"
-- bad/bad_test.go --
package bad

var x int = "one"
`, "bad, good", "bad/bad_test.go:3: cannot use \"one\" (untyped string constant) as int value in variable declaration", true},
		{"broken tests without anything else", `
-- bad/bad_test.go --
package bad

import _ "google.golang.org/grpc"

var x int = "one"
`, "good", "bad/bad_test.go:5: cannot use \"one\" (untyped string constant) as int value in variable declaration", true},
		{"other platform", `
-- other/other_plan9.go --
package other

import _ "google.golang.org/grpc"
`, "good", "", false},
		{"two packages", `
-- bad/a.go --
package a

import _ "google.golang.org/grpc"
-- bad/b.go --
package b
`, "good", "found packages a (a.go) and b (b.go) in bad", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			program, dir := loadModule(t, good+test.archive, func(cfg *load.Config) { cfg.Tests = test.tests })
			wantRoots(t, program, test.roots)
			got := messages(dir, program.Errors)
			if test.errors == "" && got != "" || !strings.Contains(got, test.errors) {
				t.Errorf("errors are\n%s\nwant\n%s", got, test.errors)
			}
			if len(program.Errors) > 1 {
				t.Errorf("%d errors, want one:\n%s", len(program.Errors), got)
			}
		})
	}
}

func TestNothingToLoad(t *testing.T) {
	tests := []struct {
		name, archive, pattern, want string
	}{
		{"wildcard", "-- a.go --\npackage a\n", "./none/...", "pattern ./none/...: lstat ./none/: no such file or directory"},
		{"wildcard of import paths", "-- a.go --\npackage a\n", "example.com/none/...", "no package matches example.com/none/..."},
		{"folder", "-- a.go --\npackage a\n", "./none", "directory not found"},
		{"import path", "-- a.go --\npackage a\n", "example.com/none", "no required module provides package example.com/none"},
		{"no go.mod", "-- go.mod --\nnone\n-- a.go --\npackage a\n", "./...", "no go.mod in "},
		{"broken go.mod", "-- go.mod --\nmodul x\n-- a.go --\npackage a\n", "./...", "unknown directive: modul"},
		{"newer Go", "-- go.mod --\nmodule example.com/m\n\ngo 1.999\n-- a.go --\npackage a\n", "./...", "go.mod requires go >= 1.999"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			program, dir := loadModule(t, test.archive, func(cfg *load.Config) { cfg.Patterns = []string{test.pattern} })
			got := messages(dir, program.Errors)
			if len(program.Errors) != 1 || !strings.Contains(got, test.want) {
				t.Errorf("errors are\n%s\nwant one with %q", got, test.want)
			}
		})
	}
}

// A module whose go.mod does not name gRPC is not compiled.
func TestWithoutGRPC(t *testing.T) {
	program, _ := loadModule(t, `
-- go.mod --
module example.com/m

go 1.25
-- a/a.go --
package a

import _ "net/http"
-- b/b.go --
package b
`, func(cfg *load.Config) {
		// Proof: with a compiler that always fails there would be errors.
		cfg.Env = append(cfg.Env, "GOFLAGS=-toolexec="+filepath.Join(t.TempDir(), "none"))
	})
	wantNoErrors(t, program)
	if program.Packages != 2 || program.GRPCPackages != 0 || len(program.Roots) != 0 {
		t.Errorf("got %d of %d packages and %d roots, want 0 of 2 and none", program.GRPCPackages, program.Packages, len(program.Roots))
	}
}

// Who uses gRPC by way of a library is checked all the same.
func TestIndirectRequirement(t *testing.T) {
	program, _ := loadModule(t, "-- a/a.go --\npackage a\n\nimport _ \"google.golang.org/grpc/health\"\n", func(cfg *load.Config) {
		file := filepath.Join(cfg.Dir, "go.mod")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		indirect := strings.Replace(string(text), " v1.99.0\n", " v1.99.0 // indirect\n", 1)
		if err := os.WriteFile(file, []byte(indirect), 0o666); err != nil {
			t.Fatal(err)
		}
	})
	wantNoErrors(t, program)
	wantRoots(t, program, "a")
}

func TestCgo(t *testing.T) {
	if out, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Skip("no cgo here")
	}
	program, dir := loadModule(t, `
-- c/c.go --
package c

// static int one(void) { return 1; }
import "C"

import "google.golang.org/grpc"

func One(*grpc.ClientConn) int { return int(C.one()) }
`, nil)
	wantNoErrors(t, program)
	wantRoots(t, program, "c")
	fn := program.Roots[0].Types.Scope().Lookup("One")
	pos := program.Fset.Position(fn.Pos())
	if want := filepath.Join(dir, "c", "c.go"); pos.Filename != want || pos.Line != 8 {
		t.Errorf("One is at %v, want %s:8", pos, want)
	}
}

func TestVendored(t *testing.T) {
	program, _ := loadModule(t, `
-- go.mod --
module example.com/m

go 1.25

require google.golang.org/grpc v1.99.0
-- vendor/modules.txt --
# google.golang.org/grpc v1.99.0
## explicit; go 1.25
google.golang.org/grpc
-- vendor/google.golang.org/grpc/grpc.go --
package grpc

type ClientConn struct{}
-- a/a.go --
package a

import "google.golang.org/grpc"

var CC grpc.ClientConn
`, nil)
	wantNoErrors(t, program)
	wantRoots(t, program, "a")
}

func TestWorkspace(t *testing.T) {
	program, dir := loadModule(t, `
-- go.mod --
none
-- go.work --
go 1.25

use ./a
use ./b
-- a/go.mod --
module example.com/a

go 1.25

require grpc
-- a/a.go --
package a

import _ "google.golang.org/grpc"
-- b/go.mod --
module example.com/b

go 1.25
-- b/b.go --
package b

import _ "example.com/a"
-- c/go.mod --
module example.com/c

go 1.25
-- c/c.go --
package c
`, func(cfg *load.Config) { cfg.Patterns = []string{"./a/...", "./b/..."} })
	wantNoErrors(t, program)
	wantRoots(t, program, "example.com/a, example.com/b")

	env := moduletest.Environ()
	for module, want := range map[string]bool{"a": false, "c": true, ".": false} {
		if got := load.OutsideWorkspace(filepath.Join(dir, module), env); got != want {
			t.Errorf("OutsideWorkspace(%s) = %t, want %t", module, got, want)
		}
	}
	tree, err := load.Scan(dir)
	if err != nil || len(tree.Modules) != 3 {
		t.Errorf("Scan = %v, %v; want modules a, b and c", tree, err)
	}
}

func TestOverlayAndTags(t *testing.T) {
	program, dir := loadModule(t, `
-- a/a.go --
package a

import "google.golang.org/grpc"

var CC grpc.ClientConn
-- a/tagged.go --
//go:build special

package a

const Tagged = true
`, func(cfg *load.Config) {
		cfg.Tags = "special"
		cfg.Overlay = map[string][]byte{
			filepath.Join(cfg.Dir, "new", "new.go"): []byte("package new\n\nimport \"example.com/m/a\"\n\nvar X = a.CC\nvar Y = a.Tagged\n"),
		}
	})
	wantNoErrors(t, program)
	wantRoots(t, program, "a, new")
	if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
		t.Error("the overlay reached the disk")
	}
}

func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	program, _ := loadModule(t, "-- a/a.go --\npackage a\n\nimport _ \"google.golang.org/grpc\"\n", func(cfg *load.Config) {
		if err := os.Chmod(filepath.Join(cfg.Dir, "a", "a.go"), 0); err != nil {
			t.Fatal(err)
		}
	})
	if len(program.Errors) != 1 || !strings.Contains(program.Errors[0].Message, "permission denied") {
		t.Errorf("errors are %+v, want permission denied", program.Errors)
	}
}

func TestPatterns(t *testing.T) {
	const files = "-- sub/a.go --\npackage sub\n-- sub/b.go --\npackage sub\n"
	dir := moduletest.Write(t, files)
	tests := map[string]string{
		"sub":               "./sub/...",
		"./sub":             "./sub",
		"sub/a.go":          "./sub",
		"./sub/a.go":        "./sub",
		"sub/...":           "sub/...",
		"example.com/m":     "example.com/m",
		"./...":             "./...",
		"missing":           "missing",
		"sub/a.go sub/b.go": "./sub",
	}
	for words, want := range tests {
		if got := strings.Join(load.Patterns(dir, strings.Fields(words), nil), " "); got != want {
			t.Errorf("Patterns(%s) = %s, want %s", words, got, want)
		}
	}
	// Without a go.mod no folder is a package.
	outside := t.TempDir()
	if err := os.CopyFS(outside, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(outside, "go.mod")); err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]string{".": "./...", "./sub": "./sub/...", "sub": "./sub/...", "./missing": "./missing", "./sub/...": "./sub/..."} {
		if got := strings.Join(load.Patterns(outside, strings.Fields(words), []string{"GOWORK=off"}), " "); got != want {
			t.Errorf("without go.mod: Patterns(%s) = %s, want %s", words, got, want)
		}
	}
	if got := load.Patterns(outside, []string{"."}, []string{"GOWORK=off", "GO111MODULE=off"}); len(got) != 1 || got[0] != "." {
		t.Errorf("in a GOPATH: %s", got)
	}
}

// What is made of a broken package's types has none, and nobody can analyse
// it; what only imports it can be analysed.
func TestTypesOfBroken(t *testing.T) {
	program, dir := loadModule(t, `
-- bad/bad.go --
package bad

import _ "google.golang.org/grpc"

type Config struct {
	Limits missing.Limits
	Name   string
}
-- between/between.go --
package between

import "example.com/m/bad"

type Server struct{ Config bad.Config }
-- uses/uses.go --
package uses

import "example.com/m/between"

func Most(s *between.Server) bool { return len(s.Config.Limits.Names) > 0 }
-- other/other.go --
package other

import "example.com/m/between"

func Name(s *between.Server) string { return s.Config.Name }
`, nil)
	wantRoots(t, program, "between, other")
	want := "bad/bad.go:6: undefined: missing\nuses/uses.go:5: the type of len(s.Config.Limits.Names) is not known"
	if got := messages(dir, program.Errors); got != want {
		t.Errorf("errors are\n%s\nwant\n%s", got, want)
	}
}
