package lint

import (
	"go/types"
	"maps"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
)

// facts are what packages tell, by their types.
type facts map[*types.Package]map[reflect.Type]analysis.Fact

// listen has facts noted while an analyzer runs.
func (l *linker) listen(run func(*analysis.Analyzer, *analysis.Pass) (any, error)) func(*analysis.Analyzer, *analysis.Pass) (any, error) {
	return func(a *analysis.Analyzer, pass *analysis.Pass) (any, error) {
		export := pass.ExportPackageFact // of the same pass that run gets
		pass.ExportPackageFact = func(fact analysis.Fact) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.facts.note(pass.Pkg, fact)
			export(fact)
		}
		result, err := run(a, pass)
		if isFamily(a) || isDirectives(a) {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.first[pass.Pkg] == nil {
				l.first[pass.Pkg] = make(map[*analysis.Analyzer]any)
			}
			l.first[pass.Pkg][a] = result
		}
		return result, err
	}
}

func (f facts) note(pkg *types.Package, fact analysis.Fact) {
	if f[pkg] == nil {
		f[pkg] = make(map[reflect.Type]analysis.Fact)
	}
	f[pkg][reflect.TypeOf(fact)] = fact
}

// news are how what a package tells has changed.
type news struct {
	keys   map[string]bool // of functions, types and variables
	others bool
	kinds  map[reflect.Type]bool // of facts
}

// newsOf compares what two analyses of a package tell.
func newsOf(before, now map[reflect.Type]analysis.Fact) *news {
	n := &news{keys: make(map[string]bool), kinds: make(map[reflect.Type]bool)}
	compare := func(t reflect.Type, a, b analysis.Fact) {
		if t == reaching {
			return // who hears it reaches gRPC, too, or is judged as if it did
		}
		if b == nil {
			b = reflect.New(t.Elem()).Interface().(analysis.Fact) // which tells nothing
		}
		if a, ok := a.(analyzers.Fact); ok {
			keys, others := a.Differences(b)
			n.others = n.others || others
			for _, key := range keys {
				n.keys[key] = true
			}
			if others || len(keys) > 0 {
				n.kinds[t] = true
			}
		}
	}
	for t, fact := range before {
		compare(t, fact, now[t])
	}
	for t, fact := range now {
		if before[t] == nil {
			compare(t, fact, nil)
		}
	}
	return n
}

// hears reports whether news of another package are some for a package.
func (w *world) hears(p, other *packages.Package, news *news) bool {
	if p == other {
		return false
	}
	if news.others && p.Imports[other.PkgPath] != nil {
		return true
	}
	for _, target := range w.links[p] {
		if target.Package() == other.PkgPath && (news.others || target.Func == nil || news.keys[analyzers.Key(target.Func)]) {
			return true
		}
	}
	for key := range w.uses(p)[other.PkgPath] {
		if news.keys[key] {
			return true
		}
	}
	return false
}

// uses are the keys of what a package names of others, by their paths.
func (l *linker) uses(p *packages.Package) map[string]map[string]bool {
	if known, ok := l.used[p]; ok || !l.keep[p.Types] {
		return known
	}
	used := make(map[string]map[string]bool)
	for _, obj := range p.TypesInfo.Uses {
		if obj.Pkg() == nil || obj.Pkg() == p.Types {
			continue
		}
		path := obj.Pkg().Path()
		if used[path] == nil {
			used[path] = make(map[string]bool)
		}
		used[path][analyzers.Key(obj)] = true
	}
	l.used[p] = used
	return used
}

// heard are the facts that a package knows, by the packages that tell them:
// what it imports, directly or not, and what it is linked to.
func (w *world) heard(p *packages.Package) []analysis.PackageFact {
	tellers := map[string]*packages.Package{}
	add := func(p *packages.Package) {
		packages.Visit([]*packages.Package{p}, nil, func(p *packages.Package) { tellers[p.PkgPath] = p })
	}
	for _, target := range w.links[p] {
		if q := w.byPath[target.Package()]; q != nil {
			add(q)
		}
	}
	add(p)
	delete(tellers, p.PkgPath)
	var list []analysis.PackageFact
	for _, path := range slices.Sorted(maps.Keys(tellers)) {
		q := tellers[path]
		if root := w.byPath[path]; root != nil && w.told[root.Types] != nil {
			q = root // judged again
		}
		for _, fact := range w.of(q.Types) {
			list = append(list, analysis.PackageFact{Package: q.Types, Fact: fact})
		}
	}
	return list
}
