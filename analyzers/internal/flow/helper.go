package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// Helped is what result i of a call is if it runs a helper of another package
// that returns what a function returns which it gets: lib.Do(func() (T, error)
// {...}). False if it is not known to be one.
func (t Trace[O]) Helped(call *ssa.Call, i int) (O, bool) {
	joined, some := t.domain.Nothing, false
	helper := t.Program.Helper(call)
	if helper == nil || len(t.Program.Callees(call)) > 0 {
		return joined, false
	}
	for _, r := range helper.Results {
		if r.Index != i {
			continue
		}
		called, ok := t.function(program.SignatureArg(call, r.Func))
		if !ok {
			return joined, false
		}
		inner := t.enter(called, call, helper.Param(r.Func))
		if inner == nil {
			return joined, false
		}
		joined, some = t.domain.Join(joined, t.in(inner).result(called.fn, r.Of)), true
		if !r.Only {
			joined = t.domain.Join(joined, t.domain.Unknown(call))
		}
	}
	return joined, some
}

// Given returns where a parameter comes from of a function that a call hands to
// a helper: what the helper passes when it calls the function, in terms of the
// parameters of the function that makes the call.
func (t *Tracer[O]) Given(h program.Handing, p *ssa.Parameter) O {
	return Trace[O]{Tracer: t}.handedOver(h, p)
}

func (t Trace[O]) handedOver(h program.Handing, p *ssa.Parameter) O {
	callees := t.Program.Callees(h.Call)
	if len(callees) == 0 {
		return t.given(h, p)
	}
	joined, some := t.domain.Nothing, false
	for _, helper := range callees {
		inner := t.enter(function{fn: helper, made: t.frame}, h.Call, nil)
		if inner == nil {
			return t.domain.Unknown(nil)
		}
		if !t.in(inner).runs(helper, p, &joined) {
			continue
		}
		some = true
	}
	if !some {
		return t.domain.Unknown(nil)
	}
	return joined
}

// runs adds what the calls of p's function in the body of a helper, or in the
// literals there, pass as p; false if there is none.
func (t Trace[O]) runs(helper *ssa.Function, p *ssa.Parameter, joined *O) bool {
	some := false
	for _, block := range helper.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call.Common().IsInvoke() {
				continue
			}
			if called, ok := t.function(call.Common().Value); ok && called.fn == p.Parent() {
				f := frame{fn: called.fn, call: call, bound: called.bound}
				if arg := f.arg(p); arg != nil {
					*joined = t.domain.Join(*joined, t.Of(arg))
				} else {
					*joined = t.domain.Join(*joined, t.domain.Unknown(nil))
				}
				some = true
				continue
			}
			inner := t.Program.Helper(call)
			if inner == nil {
				continue
			}
			for i := range inner.Params {
				param := &inner.Params[i]
				called, ok := t.function(program.SignatureArg(call, param.Index))
				if ok && called.fn == p.Parent() {
					*joined = t.domain.Join(*joined, t.handedOver(program.Handing{Call: call, Param: param, Bound: called.bound}, p))
					some = true
				}
			}
		}
	}
	for _, literal := range helper.AnonFuncs {
		some = t.runs(literal, p, joined) || some
	}
	return some
}

// given is what a helper passes that is not in sight.
func (t Trace[O]) given(h program.Handing, p *ssa.Parameter) O {
	values, ok := h.Values(p)
	if !ok {
		return t.Of(h.Bound)
	}
	joined := t.domain.Nothing
	for _, v := range values {
		joined = t.domain.Join(joined, t.value(h.Call, v))
	}
	return joined
}

func (t Trace[O]) value(call ssa.CallInstruction, v callback.Value) O {
	o := t.domain.Nothing
	if v.Param > 0 {
		arg := program.SignatureArg(call, v.Param-1)
		if arg == nil {
			return t.domain.Unknown(nil)
		}
		o = t.Of(arg)
	} else if len(v.Through) == 0 {
		return t.domain.Unknown(nil)
	}
	for _, name := range v.Through {
		if t.domain.Through == nil {
			return t.domain.Unknown(nil)
		}
		through, ok := t.domain.Through(t, o, name, v)
		if !ok {
			return t.domain.Unknown(nil)
		}
		o = through
	}
	return o
}
