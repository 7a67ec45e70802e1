// Package flow follows values back through a program to where they come from.
// It knows Go; what a value means for gRPC is told by a domain.
//
//	ctx ◀── phi ◀──┬── WithTimeout(parent, d)     Domain.Call: parent's, bounded
//	               ├── s.ctx ◀── NewServer(ctx)   a field: what is stored there
//	               ├── helper(x) ◀── return ...   a function: what it returns
//	               └── run(func() T { ... })      a helper: what its function returns
//
// A [Tracer] walks back from a value through branches, variables, fields,
// elements, parameters and calls, remembers what it found of each, ends in
// circles and when the budget is used up. A [Domain] says what is known where
// a way ends, and how that changes on the way back.
//
// What a function returns is found once, in terms of its parameters, and
// [Domain.Bind] puts in what a caller passes. A function that calls one of its
// parameters is looked at anew for each call, with the function that it gets
// there: what run(f) returns is what f returns, and not what any function
// returns that somebody gives to run.
package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Domain is what is known of one kind of values, such as contexts. O says
// where a value comes from; values of O are shared and never changed.
type Domain[O any] struct {
	// Nothing is what comes from nowhere: Join leaves the other.
	Nothing O
	// Unknown is what a value is of which nothing can be told; v is nil if
	// the budget was used up.
	Unknown func(v ssa.Value) O
	// Join is what comes from one place or from another.
	Join func(a, b O) O

	// Source says what a value is, before all else; false to walk on.
	Source func(t Trace[O], v ssa.Value) (O, bool)
	// Call says what result i of a call is, if the domain knows the callee;
	// false to look into the functions that it may run.
	Call func(t Trace[O], call *ssa.Call, i int) (O, bool)
	// Param is what a parameter is within its function.
	Param func(p *ssa.Parameter) O
	// Through is what a named function of another package, as
	// [types.Func.FullName] names it, makes of o, or of nothing, in the
	// helper of another package that a call runs; false if that is not
	// known. Nil knows none.
	Through func(o O, name string, helper ssa.CallInstruction, v callback.Value) (O, bool)
	// Bind replaces, in what a function returns, its parameters by what a
	// call passes, which [Trace.Arg] tells.
	Bind func(t Trace[O], o O, call *ssa.Call) O

	// Edge says what value i of a phi is where it meets the others; false
	// to leave it out. Nil takes all as they are.
	Edge func(t Trace[O], phi *ssa.Phi, i int) (O, bool)
	// Kept changes what was found of what a load reads, which is one of the
	// values that are stored there. Nil changes nothing.
	Kept func(load ssa.Value, o O, stored program.Held) O
	// Return says what a return statement gives back; false to leave it
	// out. Nil takes all as they are.
	Return func(t Trace[O], ret program.Return) (O, bool)
	// Seen changes what was found of any value. Nil changes nothing.
	Seen func(v ssa.Value, o O) O
	// Bodies: functions of other packages are looked into that are told as
	// they are; see [program.Program.Body]. What is in there has no position.
	Bodies bool
	// Same is set for domains in which all that happens to a value on its way
	// is that others are joined to it; see [budget.Memo.Joins].
	Same func(a, b O) bool
}

// A Tracer follows the values of one package in one domain.
type Tracer[O any] struct {
	Program *program.Program

	domain Domain[O]
	memo   *budget.Memo[question, O]
	frames map[frame]*frame
}

// New makes a tracer.
func New[O any](p *program.Program, domain Domain[O]) *Tracer[O] {
	memo := budget.NewMemo[question](p.Meter, domain.Nothing, domain.Unknown(nil))
	if domain.Same != nil {
		memo.Joins(domain.Same)
	}
	return &Tracer[O]{Program: p, domain: domain, frames: make(map[frame]*frame), memo: memo}
}

// A question is what a value is, what one of the values is that a place holds,
// of which place is the first, or what a function returns.
type question struct {
	value  ssa.Value
	place  *ssa.Value
	count  int
	fn     *ssa.Function
	result int
	frame  *frame
	closed bool
}

// Of returns where a value comes from, in terms of its function's parameters.
func (t *Tracer[O]) Of(v ssa.Value) O { return Trace[O]{Tracer: t}.Of(v) }

// Closed returns where a value comes from, whoever runs its function: a
// parameter of which all callers are known is what they pass.
func (t *Tracer[O]) Closed(v ssa.Value) O { return Trace[O]{Tracer: t, closed: true}.Of(v) }

// Within is Closed for a value of the function of another package that a call
// runs; see [program.Program.Body].
func (t *Tracer[O]) Within(call ssa.CallInstruction, v ssa.Value) O {
	if body := t.Program.Body(call); body != nil {
		if inner := (Trace[O]{Tracer: t}).enter(function{fn: body}, call, nil); inner != nil {
			return Trace[O]{t, inner, true}.Of(v)
		}
	}
	return t.domain.Unknown(v)
}

// Result returns where what a function returns as result i comes from, in
// terms of its parameters.
func (t *Tracer[O]) Result(fn *ssa.Function, i int) O { return Trace[O]{Tracer: t}.result(fn, i) }

// A Trace is a tracer at some place of the program: in the body of a function
// that was called from somewhere.
type Trace[O any] struct {
	*Tracer[O]
	frame  *frame
	closed bool // parameters are what callers pass
}

// Of returns where a value comes from.
func (t Trace[O]) Of(v ssa.Value) O {
	t.frame = t.frame.of(v)
	return t.memo.Of(question{value: v, frame: t.frame, closed: t.closed}, func() O {
		o := t.walk(v)
		if t.domain.Seen != nil {
			o = t.domain.Seen(v, o)
		}
		return o
	})
}

func (t Trace[O]) walk(v ssa.Value) O {
	if t.domain.Source != nil {
		if o, ok := t.domain.Source(t, v); ok {
			return o
		}
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.IsNil() {
			return t.domain.Nothing
		}
	case *ssa.Parameter:
		if f := t.frame; f != nil && f.fn == v.Parent() {
			if arg := f.arg(v); arg != nil {
				return t.in(f.caller).Of(arg)
			}
			if f.by != nil {
				i := slices.Index(f.fn.Params, v)
				if f.bound != nil {
					i--
				}
				return t.in(f.caller).byHelper(f.call, f.by, function{bound: f.bound}, i)
			}
		}
		if t.closed {
			if h := t.Program.Passed(v); h.Complete {
				return t.Union(h.Values)
			}
		}
		return t.domain.Param(v)
	case *ssa.Phi:
		return t.phi(v)
	case *ssa.ChangeInterface:
		return t.Of(v.X)
	case *ssa.ChangeType:
		return t.Of(v.X)
	case *ssa.MakeInterface:
		return t.Of(v.X)
	case *ssa.Call:
		return t.call(v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.call(call, v.Index)
		}
	}
	if given := t.field(t.frame, v); given != nil {
		return t.in(t.frame.caller).Of(given)
	}
	if h, ok := t.Program.Read(v); ok {
		return t.held(v, h)
	}
	return t.domain.Unknown(v)
}

func (t Trace[O]) phi(phi *ssa.Phi) O {
	joined := t.domain.Nothing
	for i, edge := range phi.Edges {
		if t.domain.Edge == nil {
			joined = t.domain.Join(joined, t.Of(edge))
		} else if o, ok := t.domain.Edge(t, phi, i); ok {
			joined = t.domain.Join(joined, o)
		}
	}
	return joined
}

// held is what a place holds.
func (t Trace[O]) held(load ssa.Value, h program.Held) O {
	if !h.Complete || len(h.Values) == 0 {
		return t.domain.Unknown(load)
	}
	joined := t.Union(h.Values)
	if t.domain.Kept != nil {
		joined = t.domain.Kept(load, joined, h)
	}
	return joined
}

// Union returns where one of several values comes from. Of those in one place,
// which may be read many times, that is found once.
func (t Trace[O]) Union(values []ssa.Value) O {
	switch len(values) {
	case 0:
		return t.domain.Nothing
	case 1:
		return t.Of(values[0])
	}
	return t.memo.Of(question{place: &values[0], count: len(values), frame: t.frame, closed: t.closed}, func() O {
		joined := t.domain.Nothing
		for _, v := range values {
			joined = t.domain.Join(joined, t.Of(v))
		}
		return joined
	})
}

// call is what result i of a call is.
func (t Trace[O]) call(call *ssa.Call, i int) O {
	if t.domain.Call != nil {
		if o, ok := t.domain.Call(t, call, i); ok {
			return o
		}
	}
	return t.Inside(call, i)
}

// Inside is what result i of a call is by the bodies of the functions that it
// may run.
func (t Trace[O]) Inside(call *ssa.Call, i int) O {
	if run, ok := t.handed(call); ok {
		return run.result(run.frame.fn, i)
	}
	callees := t.Program.Callees(call)
	if len(callees) == 0 {
		if o, ok := t.Helped(call, i); ok {
			return o
		}
		if fn := t.Program.Body(call); fn != nil && t.domain.Bodies {
			return t.from(fn, call, i)
		}
		return t.passed(call, i)
	}
	joined := t.domain.Nothing
	for _, fn := range callees {
		if len(fn.Blocks) == 0 {
			return t.domain.Unknown(call)
		}
		joined = t.domain.Join(joined, t.from(fn, call, i))
	}
	return joined
}

// passed is what a call gets from a function that callers pass, be it in a
// struct, if all that they pass there is known and takes nothing.
func (t Trace[O]) passed(call *ssa.Call, i int) O {
	if !t.closed || len(call.Call.Args) > 0 || call.Call.IsInvoke() {
		return t.domain.Unknown(call)
	}
	joined, some, called := t.domain.Nothing, false, call.Call.Value
	if param, ok := called.(*ssa.Parameter); ok && t.frame.arg(param) != nil {
		called = t.frame.arg(param)
	}
	for v := range t.Program.PassedOn(called) {
		o, ok := t.called(v, call, i)
		if !ok {
			return t.domain.Unknown(call)
		}
		joined, some = t.domain.Join(joined, o), true
	}
	if !some {
		return t.domain.Unknown(call)
	}
	return joined
}

// called is what a call without arguments gets from a function that callers
// pass; false if that is not known.
func (t Trace[O]) called(v ssa.Value, call *ssa.Call, i int) (O, bool) {
	if v == nil {
		return t.domain.Nothing, false
	}
	if fn, ok := t.function(v); ok && fn.bound != nil && len(fn.fn.Params) == 1 {
		inner := t.enter(fn, call, nil)
		if inner == nil {
			return t.domain.Nothing, false
		}
		return t.in(inner).result(fn.fn, i), true
	}
	functions, complete := t.Program.Functions(v)
	joined := t.domain.Nothing
	for _, fn := range functions {
		if len(fn.Params) > 0 || len(fn.Blocks) == 0 {
			return joined, false
		}
		joined = t.domain.Join(joined, t.in(t.frame.around(fn)).result(fn, i))
	}
	return joined, complete
}

// from is what a call gets from a function that it runs.
func (t Trace[O]) from(fn *ssa.Function, call *ssa.Call, i int) O {
	if t.handsFunction(call) {
		if inner := t.enter(function{fn: fn, made: t.frame}, call, nil); inner != nil {
			return t.in(inner).result(fn, i)
		}
	}
	inside := t.in(t.frame.around(fn))
	inside.closed = false // the arguments of this call are put in
	return t.domain.Bind(t, inside.result(fn, i), call)
}

// result is what a function returns as its result number i.
func (t Trace[O]) result(fn *ssa.Function, i int) O {
	return t.memo.Of(question{fn: fn, result: i, frame: t.frame, closed: t.closed}, func() O {
		joined, some := t.domain.Nothing, false
		for _, ret := range program.Returned(fn, i) {
			some = true
			if t.domain.Return == nil {
				joined = t.domain.Join(joined, t.Of(ret.Value))
			} else if o, ok := t.domain.Return(t, ret); ok {
				joined = t.domain.Join(joined, o)
			}
		}
		if !some {
			return t.domain.Unknown(nil)
		}
		return joined
	})
}

// Arg returns what a call passes as a parameter of one of the functions that
// it runs; nil if that cannot be told. If p is a parameter of another
// function, around the one that is called, that is p itself.
func (t Trace[O]) Arg(call *ssa.Call, p *ssa.Parameter) ssa.Value {
	if fn := p.Parent(); slices.Contains(t.Program.Callees(call), fn) || t.Program.Body(call) == fn {
		return t.Program.ArgOf(call, p)
	}
	return p
}

func (t Trace[O]) in(f *frame) Trace[O] { return Trace[O]{t.Tracer, f, t.closed} }
