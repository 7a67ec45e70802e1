package lint

import (
	"errors"
	"reflect"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
)

// An openFact is one of the analyzer T.
type openFact[T any] struct{ Withheld bool }

func (*openFact[T]) AFact() {}

func (f *openFact[T]) Withhold() { f.Withheld = true }

func (f *openFact[T]) withheld() bool { return f.Withheld }

type (
	base struct{}
	top  struct{}
)

// Importers learn of an analyzer, and of what requires it, that they have
// failed on a package: its lack of facts says nothing.
func TestWithheld(t *testing.T) {
	for name, fails := range map[string]func() (any, error){
		"panic":             func() (any, error) { panic("no b") },
		"error":             func() (any, error) { return nil, errors.New("no b") },
		"nothing to tell":   func() (any, error) { return new(int), nil },
		"error in one part": func() (any, error) { return new(int), errors.New("no part") },
	} {
		t.Run(name, func(t *testing.T) {
			withheld := make(map[string]bool)
			analyzer := func(name string, fact analysis.Fact, run func() (any, error), requires ...*analysis.Analyzer) *analysis.Analyzer {
				return &analysis.Analyzer{
					Name: name, Doc: name, FactTypes: []analysis.Fact{fact}, ResultType: reflect.TypeFor[*int](), Requires: requires,
					Run: func(pass *analysis.Pass) (any, error) {
						if pass.Pkg.Name() == "b" {
							return run()
						}
						for _, f := range pass.AllPackageFacts() {
							if f.Package.Name() == "b" {
								withheld[name] = f.Fact.(interface{ withheld() bool }).withheld()
							}
						}
						return new(int), nil
					},
				}
			}
			below := analyzer("base", new(openFact[base]), fails)
			above := analyzer("top", new(openFact[top]), func() (any, error) { return new(int), nil }, below)
			lintModule(t, twoPackages, func(o *Options) {
				o.Tests, o.Workers = false, 1
				o.Analyzers = append(o.Analyzers, family("above", func(*analysis.Pass) (*analyzers.Result, error) { return new(analyzers.Result), nil }, below, above))
			})
			want := name == "panic" || name == "error"
			if withheld["base"] != want || withheld["top"] != want {
				t.Errorf("withheld: %v", withheld)
			}
		})
	}
}
