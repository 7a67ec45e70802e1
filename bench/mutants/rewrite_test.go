package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const before = `package p

func f(a, b bool, n int, s []int, g func() int) bool {
	if !a && (b || n < 2) {
		return n > len(s)
	}
	for n < 3 {
		n++
	}
	switch {
	case g() <= n, false:
		return any(func() bool { return a }) != nil
	}
	return true
}
`

const after = `package p; import grpclintMutant "github.com/grpclint/grpclint/bench/mutants/mutant"

func f(a, b bool, n int, s []int, g func() int) bool {
	if !grpclintMutant.Bool(10, a) && (grpclintMutant.Bool(11, b) || grpclintMutant.Order(12, n < 2, n <= 2)) {
		return grpclintMutant.Order(13, n > len(s), n >= len(s))
	}
	for n < 3 {
		n++
	}
	switch {
	case grpclintMutant.Bool(14, g() <= n), false:
		return grpclintMutant.Bool(15, any(func() bool { return grpclintMutant.Bool(16, a) }) != nil)
	}
	return true
}
`

func TestRewrite(t *testing.T) {
	p := &packages.Package{Fset: token.NewFileSet(), TypesInfo: &types.Info{Types: make(map[ast.Expr]types.TypeAndValue)}}
	file, err := parser.ParseFile(p.Fset, "p.go", before, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&types.Config{Importer: importer.Default()}).Check("p", p.Fset, []*ast.File{file}, p.TypesInfo); err != nil {
		t.Fatal(err)
	}
	conditions := conditionsOf(p, file, []byte(before))
	if got := string(rewrite(file, p.Fset, []byte(before), conditions, 10)); got != after {
		t.Errorf("got\n%s\nwant\n%s", got, after)
	}
	var kinds []int
	for _, c := range conditions {
		kinds = append(kinds, len(c.kinds))
	}
	if want := []int{3, 3, 4, 4, 3, 3, 3}; !slices.Equal(kinds, want) {
		t.Errorf("%v kinds of mutants, want %v", kinds, want)
	}
}

// Every rule for Go is in a file of its family, and has cases.
func TestUnits(t *testing.T) {
	t.Chdir("../..")
	f, err := readFamily("conn")
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for file, rules := range f.rules {
		files[file[strings.LastIndexByte(file, '/')+1:]] = names(rules)
	}
	if got := files["keepalive.go"]; got != "conn/keepalive" {
		t.Errorf("in keepalive.go: %q", got)
	}
	f.conditions = []condition{{at: token.Position{Filename: f.pkg.GoFiles[0]}}}
	for file := range f.rules {
		f.conditions = append(f.conditions, condition{at: token.Position{Filename: file}})
	}
	chosen, err := choose("conn")
	if err != nil {
		t.Fatal(err)
	}
	units, err := f.units(chosen, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(units) < 3 {
		t.Errorf("%d units", len(units))
	}
	for _, u := range units {
		if len(u.folders) == 0 {
			t.Errorf("%s has no cases", u.name)
		}
	}
}
