package lint

import (
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/supervise"
)

// A guard makes a panic of an analyzer cost no more than that analyzer's
// work on that package, helps the supervisor of this process to do the same
// for what nobody can recover from, and keeps the number of passes at work at
// a time within bounds.
//
// Package checker does nothing of this: it starts a goroutine for each action and
// skips, above a failed one, every action that would import its facts,
// although a missing fact only makes rules silent.
type guard struct {
	worker *supervise.Worker
	slots  turnstile
	rank   map[*types.Package]int // imports before importers

	mu     sync.Mutex
	failed map[attempt]bool
	errors []Error
}

// An attempt is an analyzer at work on a package.
type attempt struct {
	analyzer *analysis.Analyzer
	pkg      *types.Package
}

func newGuard(worker *supervise.Worker, workers int, roots []*packages.Package) *guard {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	rank := make(map[*types.Package]int)
	packages.Visit(roots, nil, func(p *packages.Package) { rank[p.Types] = len(rank) })
	return &guard{worker: worker, slots: turnstile{free: workers}, rank: rank, failed: make(map[attempt]bool)}
}

// run never fails. The result of an analyzer that does is the zero value of
// its type, and whoever requires it is not run.
func (g *guard) run(a *analysis.Analyzer, pass *analysis.Pass) (result any, _ error) {
	g.slots.enter(g.rank[pass.Pkg])
	defer g.slots.leave()

	var zero any
	if a.ResultType != nil {
		zero = reflect.Zero(a.ResultType).Interface()
	}
	if g.lacks(a, pass) {
		withhold(a, pass)
		return zero, nil // for a reason that was reported
	}
	task := supervise.Task{Name: a.Name, Package: pass.Pkg.Path()}
	if lost, ok := g.worker.Lost(task); ok {
		g.fail(a, pass, fmt.Errorf("%s\n%s", lost.Reason, lost.Detail))
		return zero, nil
	}
	g.worker.Begin(task)
	returned := false
	defer func() {
		if !returned {
			g.fail(a, pass, fmt.Errorf("panic: %v\n%s", recover(), debug.Stack()))
			result = zero
		}
	}()
	result, err := a.Run(pass)
	returned = true
	if err != nil {
		// An analyzer that gives a result all the same has done most of
		// its work.
		g.mu.Lock()
		g.errors = append(g.errors, ruleErrors(pass.Pkg.Path(), err)...)
		g.failed[attempt{a, pass.Pkg}] = result == nil
		g.mu.Unlock()
		if result == nil {
			withhold(a, pass)
		}
	}
	if result == nil {
		result = zero
	}
	return result, nil
}

// lacks reports whether something that the analyzer requires has failed on
// this package.
func (g *guard) lacks(a *analysis.Analyzer, pass *analysis.Pass) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	lacks := slices.ContainsFunc(a.Requires, func(required *analysis.Analyzer) bool {
		return g.failed[attempt{required, pass.Pkg}]
	})
	if lacks {
		g.failed[attempt{a, pass.Pkg}] = true
	}
	return lacks
}

func (g *guard) fail(a *analysis.Analyzer, pass *analysis.Pass, err error) {
	withhold(a, pass)
	message, detail, _ := strings.Cut(err.Error(), "\n")
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failed[attempt{a, pass.Pkg}] = true
	g.errors = append(g.errors, Error{
		Package: pass.Pkg.Path(),
		Message: fmt.Sprintf("internal error: %s: %s", a.Name, message),
		Detail:  detail,
	})
}

// withhold tells importers that an analyzer has failed on a package: else the
// lack of a fact means that there was nothing to tell.
func withhold(a *analysis.Analyzer, pass *analysis.Pass) {
	for _, t := range a.FactTypes {
		fact := reflect.New(reflect.TypeOf(t).Elem()).Interface().(analysis.Fact)
		if f, ok := fact.(interface{ Withhold() }); ok {
			f.Withhold()
			pass.ExportPackageFact(fact)
		}
	}
}
