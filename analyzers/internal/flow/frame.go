package flow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A frame is the body of a function at one call of it. Only functions that
// call their parameters, and the functions that these get, have frames; of
// all others it does not matter who calls.
type frame struct {
	fn   *ssa.Function
	call ssa.CallInstruction
	// bound is the receiver if what is called is a bound method.
	bound ssa.Value
	// by is what a helper of another package, which the call runs, does with
	// the function: who calls it is not in sight.
	by *callback.Param
	// caller is the frame of the call, lexical that of the function around
	// a literal; nil for any.
	caller, lexical *frame
	depth           int
}

// maxFrames bounds how deep helpers hand functions to each other.
const maxFrames = 6

// of returns the innermost frame that a value is seen in: that of its
// function, or of one around it.
func (f *frame) of(v ssa.Value) *frame {
	if _, isFunc := v.(*ssa.Function); isFunc {
		return nil
	}
	return f.holding(v.Parent())
}

func (f *frame) holding(fn *ssa.Function) *frame {
	for ; f != nil; f = f.lexical {
		if program.IsWithin(fn, f.fn) {
			return f
		}
	}
	return nil
}

// above returns the innermost frame that a value is seen in, among those of the
// callers, too.
func (f *frame) above(v ssa.Value) *frame {
	for at := f; at != nil; at = at.caller {
		if in := at.of(v); in != nil {
			return in
		}
	}
	return nil
}

// around returns the frame that a literal is made in.
func (f *frame) around(literal *ssa.Function) *frame { return f.holding(literal.Parent()) }

// arg returns what the call of the frame passes as a parameter, nil if the
// frame is not of the parameter's function, or that is not known.
func (f *frame) arg(p *ssa.Parameter) ssa.Value {
	if f == nil || f.fn != p.Parent() {
		return nil
	}
	if f.by != nil {
		return f.handing().Arg(p)
	}
	i, args := slices.Index(f.fn.Params, p), program.Args(f.call.Common())
	if f.bound != nil {
		args = append([]ssa.Value{f.bound}, args...)
	}
	if i >= 0 && len(args) == len(f.fn.Params) {
		return args[i]
	}
	return nil
}

// field returns what the call of the frame passes in a field of a parameter, if v
// is read from there; nil for other values, or if that is not known.
func (t Trace[O]) field(f *frame, v ssa.Value) ssa.Value {
	if f == nil {
		return nil
	}
	in := t.Program.InputOf(v)
	if in.Param == nil || in.Whole() {
		return nil
	}
	given, _ := t.Program.GivenBy(f.arg(in.Param), in)
	return given
}

func (f *frame) handing() program.Handing {
	return program.Handing{Call: f.call, Param: f.by, Bound: f.bound}
}

// enter makes the frame of a function at a call in the trace's frame; nil if
// that is too deep. What is called is fn, or a closure of it, made in a frame.
func (t Trace[O]) enter(called function, call ssa.CallInstruction, by *callback.Param) *frame {
	key := frame{fn: called.fn, call: call, bound: called.bound, by: by, caller: t.frame, lexical: called.made.around(called.fn), depth: 1}
	for _, outer := range []*frame{key.caller, key.lexical} {
		if outer != nil {
			key.depth = max(key.depth, outer.depth+1)
		}
	}
	if key.depth > maxFrames || len(called.fn.Blocks) == 0 {
		return nil
	}
	known := t.frames[key]
	if known == nil {
		known = &key
		t.frames[key] = known
	}
	return known
}

// A function is one of the package, made in a frame, and the receiver that it
// is bound to; or a parameter of which it is not known what is passed.
type function struct {
	fn    *ssa.Function
	made  *frame
	bound ssa.Value
	param *ssa.Parameter
}

// handed: a call runs a parameter of the frame's function, or of one around
// it. It returns the trace in the function that was handed over.
func (t Trace[O]) handed(call *ssa.Call) (Trace[O], bool) {
	if _, direct := call.Call.Value.(*ssa.Function); direct || call.Call.IsInvoke() {
		return t, false
	}
	called, ok := t.function(call.Call.Value)
	if !ok || called.made == t.frame {
		return t, false // a plain call
	}
	inner := t.enter(called, call, nil)
	if inner == nil {
		return t, false
	}
	return t.in(inner), true
}

// function follows a function value to the function that it is, through the
// parameters of the frames.
func (t Trace[O]) function(v ssa.Value) (function, bool) {
	at := t.frame
	for range maxFrames * 4 {
		if v == nil {
			break
		}
		at = at.of(v)
		switch x := v.(type) {
		case *ssa.Function:
			fn := t.Program.Local(x)
			return function{fn: fn, made: at}, fn != nil
		case *ssa.MakeClosure:
			fn := t.Program.Local(x.Fn.(*ssa.Function))
			return function{fn: fn, made: at, bound: program.BoundTo(x)}, fn != nil
		case *ssa.ChangeType:
			v = x.X
		case *ssa.Parameter:
			arg := at.arg(x)
			if arg == nil {
				return function{param: x}, false
			}
			v, at = arg, at.caller
		default:
			if given := t.field(at, x); given != nil {
				v, at = given, at.caller
				continue
			}
			h, _ := t.Program.Read(v)
			if !h.Complete || len(h.Values) != 1 {
				return function{}, false
			}
			v = h.Values[0]
			at = at.above(v) // a struct may bring it from a caller
		}
	}
	return function{}, false
}

// handsFunction: a call passes a function, or a struct with one that is made for
// the call.
func (t Trace[O]) handsFunction(call *ssa.Call) bool {
	return slices.ContainsFunc(program.Args(&call.Call), func(arg ssa.Value) bool {
		if _, isFunc := arg.Type().Underlying().(*types.Signature); isFunc {
			return true
		}
		if load, ok := arg.(*ssa.UnOp); ok && load.Op == token.MUL {
			arg = load.X
		}
		switch arg.(type) {
		case *ssa.Alloc, *ssa.Call:
			return t.Program.HoldsFunction(arg.Type())
		}
		return false
	})
}
