package lint

import (
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding/directive"
)

// A sweeper drops the syntax, type information and intermediate results of
// each package once the last analyzer has run on it. Package checker keeps
// all of them, and with them all SSA, until the whole program is analysed.
type sweeper struct {
	progress func(done, total int)

	keep map[*types.Package]bool // whose syntax and types are needed again

	mu      sync.Mutex
	pending map[*types.Package]*pending
	total   int // packages
}

// pending is a package that analyzers are still to run on.
type pending struct {
	pkg     *packages.Package
	left    int // analyzers
	passes  []*analysis.Pass
	results []any
}

// newSweeper counts for each package which analyzers package checker will
// run on it: on roots all of them, below roots those that have facts, and
// everywhere what these require.
func newSweeper(list []*analysis.Analyzer, roots []*packages.Package, keep map[*types.Package]bool, progress func(done, total int)) *sweeper {
	s := &sweeper{progress: progress, keep: keep, pending: make(map[*types.Package]*pending)}
	type action struct {
		analyzer *analysis.Analyzer
		pkg      *packages.Package
	}
	seen := make(map[action]bool)
	var visit func(*analysis.Analyzer, *packages.Package)
	visit = func(a *analysis.Analyzer, p *packages.Package) {
		if seen[action{a, p}] {
			return
		}
		seen[action{a, p}] = true
		if s.pending[p.Types] == nil {
			s.pending[p.Types] = &pending{pkg: p}
		}
		s.pending[p.Types].left++
		for _, required := range a.Requires {
			visit(required, p)
		}
		if len(a.FactTypes) > 0 {
			for _, imported := range p.Imports {
				visit(a, imported)
			}
		}
	}
	for _, a := range list {
		for _, root := range roots {
			visit(a, root)
		}
	}
	s.total = len(s.pending)
	return s
}

// done is called after each pass.
func (s *sweeper) done(pass *analysis.Pass, result any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.pending[pass.Pkg]
	if p == nil {
		return
	}
	p.passes = append(p.passes, pass)
	switch result.(type) {
	case nil, *analyzers.Result, *directive.Set: // they are asked later
	default:
		p.results = append(p.results, result)
	}
	if p.left--; p.left == 0 {
		delete(s.pending, pass.Pkg)
		p.sweep(s.keep[pass.Pkg])
		s.progress(s.total-len(s.pending), s.total)
	}
}

func (p *pending) sweep(keep bool) {
	if !keep {
		p.pkg.Syntax, p.pkg.TypesInfo = nil, nil
	}
	for _, pass := range p.passes {
		pass.Files, pass.TypesInfo, pass.ResultOf = nil, nil, nil
	}
	for _, result := range p.results {
		if v := reflect.ValueOf(result); v.Kind() == reflect.Pointer && !v.IsNil() {
			v.Elem().SetZero()
		}
	}
}
