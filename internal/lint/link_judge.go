package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding/directive"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// A judgement is one analysis of a package with its links.
type judgement struct {
	*world
	pkg   *packages.Package
	info  *types.Info
	heard []analysis.PackageFact

	told      map[reflect.Type]analysis.Fact
	results   map[*analysis.Analyzer]any
	concerned map[*analysis.Analyzer]bool // see isConcerned
}

// judge analyses a package with its links, and returns what it tells else by
// that. Only what has to do with the facts that are new to it is done again.
func (w *world) judge(p *packages.Package) *news {
	w.judged++
	j := &judgement{
		world: w, pkg: p, info: w.named(p), heard: w.heard(p),
		told: make(map[reflect.Type]analysis.Fact), results: make(map[*analysis.Analyzer]any), concerned: make(map[*analysis.Analyzer]bool),
	}
	maps.Copy(j.told, w.of(p.Types))
	maps.Copy(j.results, w.first[p.Types])
	links := &analyzers.Links{Runs: make(map[token.Pos]*types.Func), Registers: make(map[token.Pos]types.Type), Reaches: w.between[p]}
	for call, target := range w.links[p] {
		if target.Func != nil {
			links.Runs[call.Lparen] = target.Func
		} else {
			links.Registers[call.Lparen] = target.Type
		}
	}
	j.results[analyzers.Wiring()] = links
	for _, family := range w.list {
		if j.isConcerned(family) {
			delete(j.results, family)
		}
	}
	for _, a := range w.list {
		if _, known := j.results[a]; !known {
			j.prepare(a)
		}
	}
	w.results[p] = nil
	for _, family := range w.list {
		if result, ok := j.result(family).(*analyzers.Result); ok && result != nil {
			w.results[p] = append(w.results[p], result)
		}
	}
	w.wire(p)
	news := newsOf(w.of(p.Types), j.told)
	w.told[p.Types] = j.told
	return news
}

// prepare runs what an analyzer requires, but for the families: the last of these
// drops the view of the package, which others may still have to be made of.
func (j *judgement) prepare(a *analysis.Analyzer) {
	for _, required := range a.Requires {
		if !isFamily(required) {
			j.result(required)
		}
	}
}

// result runs an analyzer, and before it those that it requires, unless its
// result is known.
func (j *judgement) result(a *analysis.Analyzer) any {
	if result, known := j.results[a]; known {
		return result
	}
	pass := j.pass(a, j.pkg, j.info, j.heard)
	for _, required := range a.Requires {
		pass.ResultOf[required] = j.result(required)
	}
	for _, fact := range a.FactTypes {
		delete(j.told, reflect.TypeOf(fact))
	}
	pass.ExportPackageFact = func(fact analysis.Fact) { j.told[reflect.TypeOf(fact)] = fact }
	j.results[a], _ = j.run(a, pass) // which never fails
	return j.results[a]
}

// isConcerned: the analyzer's result may change by the facts that are new to
// the package.
func (j *judgement) isConcerned(a *analysis.Analyzer) bool {
	concerned, known := j.concerned[a]
	if known {
		return concerned
	}
	concerned = slices.ContainsFunc(a.FactTypes, func(fact analysis.Fact) bool { return j.kinds[j.pkg][reflect.TypeOf(fact)] }) ||
		slices.ContainsFunc(a.Requires, j.isConcerned)
	j.concerned[a] = concerned
	return concerned
}

// isDirectives: the analyzer collects the directives of a package.
func isDirectives(a *analysis.Analyzer) bool {
	return a.ResultType == reflect.TypeFor[*directive.Set]()
}

func isFamily(a *analysis.Analyzer) bool { return a.ResultType == reflect.TypeFor[*analyzers.Result]() }

// named is what the type checker knows of a package, with what the methods of
// interfaces that it names stand for.
func (w *world) named(p *packages.Package) *types.Info {
	info := *p.TypesInfo
	info.Uses = maps.Clone(info.Uses)
	for call, target := range w.links[p] {
		if fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && target.Func != nil {
			if _, ok := info.Uses[fun.Sel].(*types.Func); ok {
				info.Uses[fun.Sel] = target.Func
			}
		}
	}
	return &info
}

// pass makes one of an analyzer for a package.
func (w *world) pass(a *analysis.Analyzer, p *packages.Package, info *types.Info, heard []analysis.PackageFact) *analysis.Pass {
	kinds := make(map[reflect.Type]bool)
	for _, fact := range a.FactTypes {
		kinds[reflect.TypeOf(fact)] = true
	}
	pass := &analysis.Pass{
		Analyzer: a, Fset: p.Fset, Files: p.Syntax, OtherFiles: p.OtherFiles, IgnoredFiles: p.IgnoredFiles,
		Pkg: p.Types, TypesInfo: info, TypesSizes: p.TypesSizes, ResultOf: make(map[*analysis.Analyzer]any),
		Report: func(analysis.Diagnostic) {}, ReadFile: func(name string) ([]byte, error) { return wholefile.Read(name, wholefile.Text) },
		ImportObjectFact: func(types.Object, analysis.Fact) bool { return false },
		ExportObjectFact: func(types.Object, analysis.Fact) {},
		AllObjectFacts:   func() []analysis.ObjectFact { return nil },
		ImportPackageFact: func(pkg *types.Package, into analysis.Fact) bool {
			for _, f := range heard {
				if f.Package.Path() == pkg.Path() && reflect.TypeOf(f.Fact) == reflect.TypeOf(into) {
					reflect.ValueOf(into).Elem().Set(reflect.ValueOf(f.Fact).Elem())
					return true
				}
			}
			return false
		},
		AllPackageFacts: func() []analysis.PackageFact {
			return slices.DeleteFunc(slices.Clone(heard), func(f analysis.PackageFact) bool { return !kinds[reflect.TypeOf(f.Fact)] })
		},
	}
	if m := p.Module; m != nil {
		pass.Module = &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: m.GoVersion}
	}
	return pass
}
