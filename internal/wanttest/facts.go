package wanttest

import (
	"cmp"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
)

// RunFacts analyses the module in dir, and the pages of the list's rules,
// again and again, each time without the facts of one type, or of one
// package: a missing fact means that nobody knows, so findings may disappear
// and never appear.
func RunFacts(t *testing.T, dir string, list []*analysis.Analyzer) {
	t.Helper()
	s := &Suite{Dir: absolute(t, dir)}
	for _, a := range list {
		s.blocks = append(s.blocks, familyBlocks(a.Name, false)...)
	}
	s.open()
	known := placesOf(s.Analyze(t, list).Findings)
	factTypes := s.factsOf(t, list)
	if len(factTypes) == 0 {
		t.Skip("no analyzer has facts")
	}
	check := func(name string, program *load.Program, hides Hide) {
		t.Run(name, func(t *testing.T) {
			// Of a cause in a package that is not among those analysed, each
			// of these says something.
			apart := sync.OnceValue(func() map[place]bool { return placesOf(s.analyze(program, list).Findings) })
			for _, f := range s.analyze(program, HideFacts(list, hides)).Findings {
				// With less known, less is seen to be silenced.
				if f.Rule.ID != "suppress/unused" && !known[placeOf(f)] && !apart()[placeOf(f)] {
					t.Errorf("%s:%d:%d: only found when facts are missing: %s [%s]", f.File, f.Line, f.Column, f.Message, f.Rule.ID)
				}
			}
			s.tell(t)
		})
	}
	for _, factType := range slices.SortedFunc(maps.Keys(factTypes), func(a, b reflect.Type) int { return cmp.Compare(a.String(), b.String()) }) {
		check("type "+factType.String(), s.above(factTypes[factType]), func(_ *types.Package, fact analysis.Fact) bool {
			return reflect.TypeOf(fact) == factType
		})
	}
	if testing.Short() {
		return
	}
	exporters := make(map[string]bool)
	for _, paths := range factTypes {
		maps.Copy(exporters, paths)
	}
	for _, path := range slices.Sorted(maps.Keys(exporters)) {
		if strings.Contains(path, strings.TrimSuffix(pageFolder, "/")) {
			continue
		}
		check("package "+path, s.above(map[string]bool{path: true}), func(from *types.Package, _ analysis.Fact) bool { return from.Path() == path })
	}
}

// above returns the part of the program that facts of packages can reach.
func (s *Suite) above(paths map[string]bool) *load.Program {
	part := *s.Program
	part.Roots = nil
	for _, root := range s.Program.Roots {
		reaches := false
		packages.Visit([]*packages.Package{root}, func(p *packages.Package) bool {
			reaches = reaches || p != root && paths[p.PkgPath]
			return !reaches
		}, nil)
		if reaches {
			part.Roots = append(part.Roots, root)
		}
	}
	return &part
}

// A place is where a rule has found something. The message is not part of
// it: it may tell less when less is known.
type place struct {
	file         string
	line, column int
	rule         string
}

func placeOf(f lint.Finding) place { return place{f.File, f.Line, f.Column, f.Rule.ID} }

func placesOf(findings []lint.Finding) map[place]bool {
	places := make(map[place]bool)
	for _, f := range findings {
		places[placeOf(f)] = true
	}
	return places
}

// factsOf returns the types of the analyzers' facts, each with the paths of
// the packages that have facts of it which another package asks for.
func (s *Suite) factsOf(t *testing.T, list []*analysis.Analyzer) map[reflect.Type]map[string]bool {
	var mu sync.Mutex
	found := make(map[reflect.Type]map[string]bool)
	s.Analyze(t, HideFacts(list, func(from *types.Package, fact analysis.Fact) bool {
		mu.Lock()
		defer mu.Unlock()
		factType := reflect.TypeOf(fact)
		if found[factType] == nil {
			found[factType] = make(map[string]bool)
		}
		found[factType][from.Path()] = true
		return false
	}))
	return found
}

// A Hide says which facts of other packages analyzers are not to see. It is
// asked only about facts that exist, by several goroutines.
type Hide func(from *types.Package, fact analysis.Fact) bool

// HideFacts returns analyzers that do not see some of the facts of other
// packages.
func HideFacts(list []*analysis.Analyzer, hides Hide) []*analysis.Analyzer {
	return lint.Wrap(list, func(a *analysis.Analyzer, pass *analysis.Pass) (any, error) {
		hidden := *pass
		away := func(from *types.Package, fact analysis.Fact) bool {
			return from != nil && from != pass.Pkg && hides(from, fact)
		}
		// A fact is copied into a new one first: a hidden fact must not
		// leave its content behind.
		importInto := func(fact analysis.Fact, from *types.Package, imports func(analysis.Fact) bool) bool {
			copied := reflect.New(reflect.TypeOf(fact).Elem())
			if !imports(copied.Interface().(analysis.Fact)) || away(from, fact) {
				return false
			}
			reflect.ValueOf(fact).Elem().Set(copied.Elem())
			return true
		}
		hidden.ImportObjectFact = func(obj types.Object, fact analysis.Fact) bool {
			return importInto(fact, obj.Pkg(), func(f analysis.Fact) bool { return pass.ImportObjectFact(obj, f) })
		}
		hidden.ImportPackageFact = func(pkg *types.Package, fact analysis.Fact) bool {
			return importInto(fact, pkg, func(f analysis.Fact) bool { return pass.ImportPackageFact(pkg, f) })
		}
		hidden.AllObjectFacts = func() []analysis.ObjectFact {
			return slices.DeleteFunc(pass.AllObjectFacts(), func(f analysis.ObjectFact) bool { return away(f.Object.Pkg(), f.Fact) })
		}
		hidden.AllPackageFacts = func() []analysis.PackageFact {
			var list []analysis.PackageFact
			for _, f := range pass.AllPackageFacts() {
				if !away(f.Package, f.Fact) {
					list = append(list, f)
					continue
				}
				// As after an analyzer that has failed: no fact at all
				// may mean that there was nothing to tell.
				hidden := reflect.New(reflect.TypeOf(f.Fact).Elem()).Interface().(analysis.Fact)
				if w, ok := hidden.(interface{ Withhold() }); ok {
					w.Withhold()
					list = append(list, analysis.PackageFact{Package: f.Package, Fact: hidden})
				}
			}
			return list
		}
		return a.Run(&hidden)
	})
}
