package flow

import (
	"slices"

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
	i := slices.Index(p.Parent().Params, p)
	runs := invocations{
		is: func(f function) bool { return f.fn == p.Parent() },
		arg: func(f function) int {
			if f.bound != nil {
				return i - 1
			}
			return i
		},
	}
	o, ok := all(Trace[O]{Tracer: t}, runs, h.Call, h.Param, function{fn: p.Parent(), bound: h.Bound})
	if !ok {
		return t.domain.Unknown(nil)
	}
	return o
}

// Invoked returns where argument i comes from of the calls that a function
// makes of a parameter that is a function; false if there are none.
func (t *Tracer[O]) Invoked(param *ssa.Parameter, i int) (O, bool) {
	return in(Trace[O]{Tracer: t}, invocations{
		is:  func(f function) bool { return f.param == param },
		arg: func(function) int { return i },
	}, param.Parent())
}

// Parameter returns the parameter that a call calls, if it is one of which it is
// not known what is passed; else nil.
func (t Trace[O]) Parameter(call *ssa.Call) *ssa.Parameter {
	if call.Call.IsInvoke() {
		return nil
	}
	called, _ := t.function(call.Call.Value)
	return called.param
}

// ResultOf returns where what a function value returns as result i comes from,
// in terms of the parameters of the functions around it; false if it is not
// known which function it is, or if it has parameters itself.
func (t *Tracer[O]) ResultOf(v ssa.Value, i int) (O, bool) {
	called, ok := Trace[O]{Tracer: t}.function(v)
	if !ok || len(called.fn.Params) > 0 || len(called.fn.Blocks) == 0 {
		return t.domain.Nothing, false
	}
	return t.Result(called.fn, i), true
}

// invocations are the calls of some function, and which of their arguments is
// asked for; -1 for the receiver of a bound method.
type invocations struct {
	is  func(function) bool
	arg func(function) int
}

// all is what is passed by a helper that a call hands the function to.
func all[O any](t Trace[O], runs invocations, call ssa.CallInstruction, by *callback.Param, called function) (O, bool) {
	callees := t.Program.Callees(call)
	if len(callees) == 0 && by != nil {
		return t.byHelper(call, by, called, runs.arg(called)), true
	}
	joined, some := t.domain.Nothing, false
	for _, helper := range callees {
		inner := t.enter(function{fn: helper, made: t.frame}, call, nil)
		if inner == nil {
			return t.domain.Unknown(nil), true
		}
		if o, ok := in(t.in(inner), runs, helper); ok {
			joined, some = t.domain.Join(joined, o), true
		}
	}
	return joined, some
}

// in is what is passed in the body of a function, and in the literals there.
func in[O any](t Trace[O], runs invocations, body *ssa.Function) (O, bool) {
	joined, some := t.domain.Nothing, false
	add := func(o O) { joined, some = t.domain.Join(joined, o), true }
	for _, block := range body.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call.Common().IsInvoke() {
				continue
			}
			if called, _ := t.function(call.Common().Value); runs.is(called) {
				add(t.argument(call.Common().Args, called, runs.arg(called)))
				continue
			}
			helper := t.Program.Helper(call)
			if helper == nil {
				if direct, ok := call.(*ssa.Call); ok && t.handsFunction(direct) {
					if o, ok := all(t, runs, call, nil, function{}); ok {
						add(o) // which is in a struct
					}
				}
				continue
			}
			for i := range helper.Params {
				by := &helper.Params[i]
				called, _ := t.function(program.SignatureArg(call, by.Index))
				if !runs.is(called) {
					continue
				}
				if o, ok := all(t, runs, call, by, called); ok {
					add(o)
				}
			}
		}
	}
	for _, literal := range body.AnonFuncs {
		if o, ok := in(t, runs, literal); ok {
			add(o)
		}
	}
	return joined, some
}

func (t Trace[O]) argument(args []ssa.Value, called function, i int) O {
	switch {
	case i < 0 && called.bound != nil:
		return t.Of(called.bound)
	case i < 0 || i >= len(args):
		return t.domain.Unknown(nil)
	}
	return t.Of(args[i])
}

// byHelper is what a helper of another package passes as argument i.
func (t Trace[O]) byHelper(call ssa.CallInstruction, by *callback.Param, called function, i int) O {
	if i < 0 {
		return t.argument(nil, called, i)
	}
	joined := t.domain.Nothing
	for _, run := range by.Runs {
		if i >= len(run.Args) {
			return t.domain.Unknown(nil)
		}
		joined = t.domain.Join(joined, t.value(call, run.Args[i]))
	}
	return joined
}

// value is what a helper of another package makes of what a call passes.
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
		through, ok := t.domain.Through(o, name, call, v)
		if !ok {
			return t.domain.Unknown(nil)
		}
		o = through
	}
	return o
}
