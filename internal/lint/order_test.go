package lint

import (
	"reflect"
	"runtime"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

func TestTurnstile(t *testing.T) {
	ts := &turnstile{free: 1}
	ts.enter(0)
	order := make(chan int)
	for i, rank := range []int{3, 1, 2} {
		go func() {
			ts.enter(rank)
			order <- rank
		}()
		for waiting := 0; waiting <= i; { // until it waits too
			runtime.Gosched()
			ts.mu.Lock()
			waiting = len(ts.waiting)
			ts.mu.Unlock()
		}
	}
	for want := 1; want <= 3; want++ {
		ts.leave()
		if got := <-order; got != want {
			t.Errorf("rank %d goes in when it is the turn of %d", got, want)
		}
	}
	ts.leave()
	if ts.free != 1 || len(ts.waiting) != 0 {
		t.Errorf("in the end %d are free and %d wait", ts.free, len(ts.waiting))
	}
}

// Nothing of a package is kept once the last analyzer has run on it, also
// below the roots; before, all of it is there.
func TestSweeper(t *testing.T) {
	var passes []*analysis.Pass
	var results []*int
	prerequisite := &analysis.Analyzer{
		Name: "prerequisite", Doc: "prerequisite", ResultType: reflect.TypeFor[*int](), FactTypes: []analysis.Fact{new(someFact)},
		Run: func(pass *analysis.Pass) (any, error) {
			result := new(int)
			*result = 1
			passes, results = append(passes, pass), append(results, result)
			return result, nil
		},
	}
	last := family("last", marks("deadline/missing", "Mark", nil), prerequisite)
	run := last.Run
	last.Run = func(pass *analysis.Pass) (any, error) {
		if len(pass.Files) == 0 || pass.TypesInfo == nil || *pass.ResultOf[prerequisite].(*int) != 1 {
			t.Errorf("%s is gone before its last analyzer has run", pass.Pkg.Path())
		}
		return run(pass)
	}
	dir := moduletest.Write(t, twoPackages)
	program := load.Load(load.Config{Dir: dir, Env: moduletest.Environ(), Patterns: []string{"./a"}})
	out := analyze(program, nil, Options{Workers: 1, Analyzers: []*analysis.Analyzer{last}, Progress: func(string, int, int) {}})
	if len(out.findings) != 2 || len(passes) != 2 {
		t.Fatalf("%d findings in %d passes, want 2 in 2", len(out.findings), len(passes))
	}
	packages.Visit(program.Roots, nil, func(p *packages.Package) {
		if p.Syntax != nil || p.TypesInfo != nil {
			t.Errorf("%s is kept", p.ID)
		}
	})
	for i, pass := range passes {
		if pass.Files != nil || pass.TypesInfo != nil || *results[i] != 0 {
			t.Errorf("the pass on %s is kept", pass.Pkg.Path())
		}
	}
}
