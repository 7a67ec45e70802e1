package serving

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// LetsThrough reports whether every interceptor of an option calls the handler
// whoever calls, as those do that log, trace or recover.
func (info *Info) LetsThrough(option *Option) bool {
	call := option.Call()
	if call == nil {
		return false // made in another package
	}
	e := info.engine()
	list, complete := e.interceptorsOf(call)
	return complete && !slices.ContainsFunc(list, func(v ssa.Value) bool { return !e.letsThrough(v, 0) })
}

// maxMakers bounds how many functions hand an interceptor on.
const maxMakers = 3

// letsThrough judges the value of an interceptor.
func (e *engine) letsThrough(v ssa.Value, depth int) bool {
	values := e.functions(v)
	return len(values) > 0 && !slices.ContainsFunc(values, func(v ssa.Value) bool {
		if fn := program.FunctionOf(v); fn != nil {
			return !e.passes(fn, depth)
		}
		call, ok := v.(*ssa.Call)
		return !ok || call.Call.StaticCallee() == nil || !e.passes(call.Call.StaticCallee(), depth+1)
	})
}

// passes: a function is an interceptor that lets everybody through, or makes
// one.
func (e *engine) passes(fn *ssa.Function, depth int) bool {
	local := e.Local(fn)
	if local == nil {
		obj, _ := fn.Object().(*types.Func)
		fact := e.fact(obj)
		return fact != nil && fact.Passes
	}
	if depth > maxMakers || local.Signature.Results().Len() == 0 {
		return false
	}
	if isInterceptor(local.Signature) {
		return e.callsNext(local)
	}
	returned := program.Returned(local, 0)
	return isInterceptor(local.Signature.Results().At(0).Type()) && len(returned) > 0 &&
		!slices.ContainsFunc(returned, func(ret program.Return) bool { return !e.letsThrough(ret.Value, depth+1) })
}

// callsNext: an interceptor returns only behind the handler.
func (e *engine) callsNext(fn *ssa.Function) bool {
	next := e.Follow(fn.Params[len(fn.Params)-1], func(ssa.Value, ssa.Instruction) bool { return true })
	return e.runsNext(fn, next.Values, make(map[*ssa.Function]bool))
}

// runsNext: a function, which works for an interceptor, returns only behind
// the handler. What is left behind a panic is no way.
func (e *engine) runsNext(fn *ssa.Function, next map[ssa.Value]bool, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return false
	}
	seen[fn] = true
	refuses, calls := false, false
	w := control.Ways[struct{}]{Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
		switch instr := instr.(type) {
		case *ssa.Return:
			refuses = true
		case *ssa.Call:
			switch {
			case next[instr.Call.Value]:
				refuses = refuses || slices.ContainsFunc(instr.Call.Args, e.refusesLater)
			case !slices.ContainsFunc(e.runBy(instr), func(fn *ssa.Function) bool { return e.runsNext(fn, next, seen) }):
				return s, !refuses
			}
			calls = true
			return s, false
		}
		return s, !refuses
	}}
	w.Start(fn, struct{}{})
	return calls && !refuses
}

// runBy returns the functions that a call surely runs: the only callee, and
// function literals that this always calls.
func (e *engine) runBy(call *ssa.Call) []*ssa.Function {
	list := e.Callees(call)
	if len(list) > 1 {
		return nil
	}
	for _, h := range e.handedLiterals(call) {
		if e.SurelyRuns(call, h.Param.Index) != nil {
			list = append(slices.Clip(list), h.fn)
		}
	}
	return list
}

// refusesLater: what is handed on in the place of a stream may refuse when the
// handler receives.
func (e *engine) refusesLater(v ssa.Value) bool {
	if !isStream(v.Type()) {
		return false
	}
	return slices.ContainsFunc(e.Sources(v), func(v ssa.Value) bool {
		made, ok := v.(*ssa.MakeInterface)
		if !ok {
			_, given := v.(*ssa.Parameter)
			return !given
		}
		set := types.NewMethodSet(made.X.Type())
		for _, name := range []string{"RecvMsg", "SendMsg", "Context"} {
			sel := set.Lookup(nil, name)
			if sel == nil {
				return true
			}
			if len(sel.Index()) > 1 {
				continue // of the stream inside
			}
			if fn := e.Declared(sel.Obj().(*types.Func)); fn == nil || e.part(fn, 0) != 0 {
				return true
			}
		}
		return false
	})
}
