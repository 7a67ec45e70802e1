package program

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxRuns bounds how far a call is followed into what it runs.
const maxRuns = 8

// MayRun returns the function values that a call may run, as the source has
// them: what it calls, be that in a variable, a field or a closure, what is
// called in turn by functions of this package that it runs, and what helpers of
// other packages call that they get. Of a helper with several callers it returns
// what any of them hands over.
func (p *Program) MayRun(call ssa.CallInstruction) []ssa.Value {
	r := runs{Program: p, seen: make(map[*ssa.Function]bool)}
	r.follow(call, 0)
	return r.found
}

// Running returns the functions of this package that a call may run, directly or
// not.
func (p *Program) Running(call ssa.CallInstruction) map[*ssa.Function]bool {
	r := runs{Program: p, seen: make(map[*ssa.Function]bool)}
	r.follow(call, 0)
	return r.seen
}

type runs struct {
	*Program
	found []ssa.Value
	seen  map[*ssa.Function]bool
}

func (r *runs) follow(call ssa.CallInstruction, depth int) {
	called := r.possible(r.Called(call), true)
	callees := r.Callees(call)
	if helper := r.Helper(call); helper != nil && len(callees) == 0 {
		for _, param := range helper.Params {
			called = append(called, r.possible(SignatureArg(call, param.Index), true)...)
		}
	}
	r.found = append(r.found, called...)
	for _, v := range called {
		r.body(r.FunctionIn(v), depth)
	}
	for _, fn := range callees {
		r.body(fn, depth)
	}
}

func (r *runs) body(fn *ssa.Function, depth int) {
	if fn == nil || r.seen[fn] || depth == maxRuns {
		return
	}
	r.seen[fn] = true
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && !isBuiltin(call.Common().Value) {
				r.follow(call, depth+1)
			}
		}
	}
}

// Awaited reports whether whoever runs a function literal goes on only behind
// it: it is called, or handed to those who do nothing but call it, and not in a
// goroutine.
func (p *Program) Awaited(literal *ssa.Function) bool {
	isGo := func(site ssa.CallInstruction) bool {
		_, ok := site.(*ssa.Go)
		return ok
	}
	return p.hidden(literal) && len(p.calls.sites[literal])+len(p.calls.handed[literal]) > 0 && !slices.ContainsFunc(p.calls.sites[literal], isGo) &&
		!slices.ContainsFunc(p.calls.handed[literal], func(h Handing) bool {
			return isGo(h.Call) || h.Param.Async()
		})
}

// Possible returns what a value may be as far as this package shows: not all
// that it is. A parameter may be what any caller here passes.
func (p *Program) Possible(v ssa.Value) []ssa.Value { return p.possible(v, false) }

// possible is Possible; with results, what calls return is among it, too, and
// not only what the functions that they run make that of.
func (p *Program) possible(v ssa.Value, results bool) []ssa.Value {
	if v == nil {
		return nil
	}
	var found []ssa.Value
	seen := make(map[ssa.Value]bool)
	var walk func(v ssa.Value)
	walk = func(v ssa.Value) {
		if seen[v] || len(seen) > maxElements {
			return
		}
		seen[v] = true
		var from []ssa.Value
		switch v := v.(type) {
		case *ssa.ChangeType:
			from = []ssa.Value{v.X}
		case *ssa.ChangeInterface:
			from = []ssa.Value{v.X}
		case *ssa.Phi:
			from = v.Edges
		case *ssa.Parameter:
			from = p.Passed(v).Values
		case *ssa.FreeVar:
			if bound := p.Binding(v); bound != nil {
				from = []ssa.Value{bound}
			}
		case *ssa.Call:
			from, _ = p.returned(v, 0)
		case *ssa.Extract:
			if call, ok := v.Tuple.(*ssa.Call); ok {
				from, _ = p.returned(call, v.Index)
			} else if h, ok := p.Read(v); ok {
				from = h.Values
			}
		default:
			h, _ := p.Read(v)
			from = h.Values
		}
		_, isResult := v.(*ssa.Extract)
		if (len(from) == 0 || results && isResult) && !slices.Contains(found, v) {
			found = append(found, v)
		}
		for _, v := range from {
			walk(v)
		}
	}
	walk(v)
	return found
}
