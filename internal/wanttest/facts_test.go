package wanttest

import (
	"go/types"
	"reflect"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

type nameFact struct{ Name string }

func (*nameFact) AFact() {}

func TestHideFacts(t *testing.T) {
	seen := make(map[string]string)
	analyzer := &analysis.Analyzer{
		Name: "names", Doc: "names", FactTypes: []analysis.Fact{new(nameFact)}, ResultType: reflect.TypeFor[*int](),
		Run: func(pass *analysis.Pass) (any, error) {
			pass.ExportPackageFact(&nameFact{pass.Pkg.Name()})
			for _, obj := range pass.TypesInfo.Defs {
				if fn, ok := obj.(*types.Func); ok {
					pass.ExportObjectFact(fn, &nameFact{fn.Name()})
				}
			}
			if pass.Pkg.Name() != "a" {
				return new(int), nil
			}
			for _, imported := range pass.Pkg.Imports() {
				if imported.Name() != "b" {
					continue
				}
				fact := new(nameFact)
				if pass.ImportPackageFact(imported, fact) {
					seen["package"] = fact.Name
				} else if fact.Name != "" {
					seen["package"] = "leaked " + fact.Name
				}
				if pass.ImportObjectFact(imported.Scope().Lookup("F"), fact) {
					seen["object"] = fact.Name
				}
			}
			if !pass.ImportPackageFact(pass.Pkg, new(nameFact)) {
				t.Error("a package does not see its own fact")
			}
			for _, f := range pass.AllPackageFacts() {
				seen["all "+f.Package.Name()] = ""
			}
			return new(int), nil
		},
	}
	dir := moduletest.Write(t, `
-- b/b.go --
package b

import _ "google.golang.org/grpc"

func F() {}
-- a/a.go --
package a

import _ "example.com/m/b"
`)
	s := &Suite{Dir: dir, Program: load.Load(load.Config{Dir: dir, Cache: cache.User(), Env: moduletest.Environ(), Patterns: []string{"./..."}})}
	s.Analyze(t, []*analysis.Analyzer{analyzer})
	if want := map[string]string{"package": "b", "object": "F", "all a": "", "all b": ""}; !reflect.DeepEqual(seen, want) {
		t.Errorf("with all facts: %v, want %v", seen, want)
	}
	clear(seen)
	s.Analyze(t, HideFacts([]*analysis.Analyzer{analyzer}, func(from *types.Package, fact analysis.Fact) bool {
		_, ok := fact.(*nameFact)
		return ok && from.Name() == "b"
	}))
	if want := map[string]string{"all a": ""}; !reflect.DeepEqual(seen, want) {
		t.Errorf("without the facts of b: %v, want %v", seen, want)
	}
}
