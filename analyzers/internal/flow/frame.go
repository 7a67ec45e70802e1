package flow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A frame is the body of a function at one call of it. Only functions that
// call their parameters, and the functions that these get, have frames; of
// all others it does not matter who calls.
type frame struct {
	fn   *ssa.Function
	call *ssa.Call
	// caller is the frame of the call, lexical that of the function around
	// a literal; nil for any.
	caller, lexical *frame
	depth           int
}

// maxFrames bounds how deep helpers hand functions to each other.
const maxFrames = 4

// of returns the innermost frame that a value is seen in: that of its
// function, or of one around it.
func (f *frame) of(v ssa.Value) *frame {
	switch v := v.(type) {
	case ssa.Instruction:
		return f.holding(v.Parent())
	case *ssa.Parameter:
		return f.holding(v.Parent())
	case *ssa.FreeVar:
		return f.holding(v.Parent())
	}
	return nil
}

func (f *frame) holding(fn *ssa.Function) *frame {
	for ; f != nil; f = f.lexical {
		for outer := fn; outer != nil; outer = outer.Parent() {
			if outer == f.fn {
				return f
			}
		}
	}
	return nil
}

// around returns the frame that a literal is made in.
func (f *frame) around(literal *ssa.Function) *frame { return f.holding(literal.Parent()) }

// arg returns what the call of the frame passes as a parameter, nil if the
// frame is not of the parameter's function.
func (f *frame) arg(p *ssa.Parameter) ssa.Value {
	if f == nil || f.fn != p.Parent() {
		return nil
	}
	args := program.Args(&f.call.Call)
	if i := slices.Index(f.fn.Params, p); i >= 0 && len(args) == len(f.fn.Params) {
		return args[i]
	}
	return nil
}

// enter makes the frame of a function at a call in the trace's frame; nil if
// that is too deep.
func (t Trace[O]) enter(fn *ssa.Function, call *ssa.Call, lexical *frame) *frame {
	key := frame{fn: fn, call: call, caller: t.frame, lexical: lexical, depth: 1}
	for _, outer := range []*frame{t.frame, lexical} {
		if outer != nil {
			key.depth = max(key.depth, outer.depth+1)
		}
	}
	if key.depth > maxFrames || len(program.Args(&call.Call)) != len(fn.Params) {
		return nil
	}
	known := t.frames[key]
	if known == nil {
		known = &key
		t.frames[key] = known
	}
	return known
}

// handed: a call runs a parameter of the frame's function, or of one around
// it. It returns the trace in the function that was handed over.
func (t Trace[O]) handed(call *ssa.Call) (Trace[O], bool) {
	if call.Call.IsInvoke() {
		return t, false
	}
	v, at := t.function(call.Call.Value, t.frame)
	if v == nil || at == t.frame {
		return t, false // a plain call
	}
	fn := t.Program.Local(v)
	if fn == nil || len(fn.Blocks) == 0 {
		return t, false
	}
	inner := t.enter(fn, call, at.around(fn))
	if inner == nil {
		return t, false
	}
	return t.in(inner), true
}

// function follows a function value to the function that it is, through the
// parameters of the frames, and returns the frame in which it was made.
func (t Trace[O]) function(v ssa.Value, at *frame) (*ssa.Function, *frame) {
	for range maxFrames * 4 {
		at = at.of(v)
		switch x := v.(type) {
		case *ssa.Function:
			return x, at
		case *ssa.MakeClosure:
			return x.Fn.(*ssa.Function), at
		case *ssa.ChangeType:
			v = x.X
		case *ssa.Parameter:
			arg := at.arg(x)
			if arg == nil {
				return nil, nil
			}
			v, at = arg, at.caller
		case *ssa.UnOp:
			h := t.Program.Held(x)
			if x.Op != token.MUL || !h.Complete || len(h.Values) != 1 {
				return nil, nil
			}
			v = h.Values[0]
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// takesFunction: a parameter is a function.
func takesFunction(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool {
		_, isFunc := p.Type().Underlying().(*types.Signature)
		return isFunc
	})
}
