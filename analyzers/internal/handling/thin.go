package handling

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A function's own code is not all that runs while it does: a helper without
// branches that it calls may as well be written in its place, and so may a
// literal that it calls, or hands to somebody who only calls it. What those do,
// the function does.

// maxThin bounds how long a helper without branches may be.
const maxThin = 40

// bodies returns the function of a frame, and what may be written in its place.
func (info *Info) bodies(f *Frame) []*ssa.Function {
	if f.bodies == nil {
		f.bodies = []*ssa.Function{f.Func}
		f.called = make(map[*ssa.Function][]ssa.CallInstruction)
		for i := 0; i < len(f.bodies); i++ {
			for call := range program.Calls(f.bodies[i]) {
				for _, fn := range info.runBy(f, call) {
					f.runs(fn, call)
					if !slices.Contains(f.bodies, fn) {
						f.bodies = append(f.bodies, fn)
					}
				}
			}
		}
	}
	return f.bodies
}

// runs notes that a call runs what may be written in its place.
func (f *Frame) runs(fn *ssa.Function, call ssa.CallInstruction) {
	if !slices.Contains(f.called[fn], call) {
		f.called[fn] = append(f.called[fn], call)
	}
}

// runBy returns the functions that may be written in the place of a call.
func (info *Info) runBy(f *Frame, call ssa.CallInstruction) []*ssa.Function {
	if literal := place.Literal(call.Common().Value); literal != nil {
		return []*ssa.Function{literal}
	}
	var list []*ssa.Function
	if fn := info.declared(call); fn != nil && fn != f.Func && info.isThin(fn) && info.frames[fn] == nil &&
		!slices.ContainsFunc(call.Common().Args, func(arg ssa.Value) bool { return isRequest(arg.Type()) }) {
		list = append(list, fn)
	}
	_, starts := call.(*ssa.Go)
	for _, fn := range info.SSA.Handings(call) {
		if fn.Parent() != nil && (starts || info.SSA.Awaited(fn)) {
			list = append(list, fn)
		}
	}
	return list
}

// isThin: a helper that people write has no branches and is short.
func (info *Info) isThin(fn *ssa.Function) bool {
	return len(fn.Blocks) == 1 && len(fn.Blocks[0].Instrs) <= maxThin && !info.skips(fn)
}

// steps yields what runs at an instruction: it and, if it is a call, what may be
// written in its place.
func (info *Info) steps(f *Frame, instr ssa.Instruction) func(yield func(ssa.Instruction) bool) {
	info.bodies(f)
	return func(yield func(ssa.Instruction) bool) { info.step(f, instr, 0, yield) }
}

func (info *Info) step(f *Frame, instr ssa.Instruction, depth int, yield func(ssa.Instruction) bool) bool {
	if !yield(instr) {
		return false
	}
	call, ok := instr.(*ssa.Call)
	if !ok || depth > 3 {
		return true
	}
	for _, fn := range info.runBy(f, call) {
		f.runs(fn, call)
		for _, block := range fn.Blocks {
			for _, inner := range block.Instrs {
				if !info.step(f, inner, depth+1, yield) {
					return false
				}
			}
		}
	}
	return true
}

// Behind yields what a call runs, or will run when it is deferred, that may be
// written in its place.
func (info *Info) Behind(f *Frame, call ssa.CallInstruction) func(yield func(ssa.Instruction) bool) {
	return func(yield func(ssa.Instruction) bool) {
		info.bodies(f)
		for _, fn := range info.runBy(f, call) {
			f.runs(fn, call)
			for _, block := range fn.Blocks {
				for _, instr := range block.Instrs {
					if !info.step(f, instr, 0, yield) {
						return
					}
				}
			}
		}
	}
}

// FrameOf returns the frame of a function that works for a handler, or one that
// knows of none.
func (info *Info) FrameOf(fn *ssa.Function) *Frame {
	if f := info.frames[fn]; f != nil {
		return f
	}
	return &Frame{Func: fn}
}

// In returns the value that one is in a frame's own function; nil for what is
// in a field.
func (info *Info) In(f *Frame, v ssa.Value) ssa.Value {
	if p := info.place(f, v); len(p.Fields()) == 0 {
		return p.Root
	}
	return nil
}

// runsHere: what a function value does is looked at where it is called: it may
// be written in the place of a call of the frame, or it is a bound method.
func (info *Info) runsHere(f *Frame, literal *ssa.MakeClosure) bool {
	fn := literal.Fn.(*ssa.Function)
	if fn.Parent() == nil {
		receiver := literal.Bindings[0].Type()
		return !isRequest(receiver) && !info.holdsRequest(receiver)
	}
	return slices.Contains(info.bodies(f), fn)
}

// through follows a value to what a function of this package returns as its
// only result of that kind, and to what a literal list holds.
func (info *Info) through(v ssa.Value) ssa.Value {
	for range maxThin {
		var from []ssa.Value
		call, i := v, 0
		if extract, ok := v.(*ssa.Extract); ok {
			call, i = extract.Tuple, extract.Index
		}
		if call, ok := call.(*ssa.Call); ok {
			for _, fn := range info.SSA.Callees(call) {
				for _, ret := range program.Returned(fn, i) {
					from = append(from, ret.Value)
				}
			}
			for _, forward := range info.SSA.Forwards(call) {
				if forward.Result == i && len(from) < 2 {
					from = nil
					for _, ret := range program.Returned(forward.Func, forward.Of) {
						from = append(from, ret.Value)
					}
				}
			}
		} else if program.InLiteral(v) {
			held, _ := info.SSA.Read(v)
			from = held.Values
		} else if p := info.resolver.Of(v); p.Root != v && len(p.Fields()) == 0 {
			from = []ssa.Value{p.Root}
		}
		if len(from) != 1 {
			break
		}
		v = from[0]
	}
	return v
}

// place returns where a value comes from: a parameter of a helper that the frame
// calls once is what it passes.
func (info *Info) place(f *Frame, v ssa.Value) place.Place {
	info.bodies(f)
	p := info.resolver.Of(info.through(v))
	for range maxThin {
		param, ok := p.Root.(*ssa.Parameter)
		if !ok || param.Parent() == f.Func || len(f.called[param.Parent()]) != 1 {
			break
		}
		arg := info.SSA.ArgOf(f.called[param.Parent()][0], param)
		if arg == nil {
			break
		}
		p = info.resolver.Field(info.resolver.Of(arg), p.Fields()...)
	}
	return p
}
