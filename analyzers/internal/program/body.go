package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/bodies"
	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// Body returns the function of another package that a call runs, if it only
// makes a value and its package has told how; else nil. Nothing in it has a
// position.
func (p *Program) Body(call ssa.CallInstruction) *ssa.Function {
	if len(p.imported) == 0 || call.Common().IsInvoke() {
		return nil
	}
	return p.imported[CalledObject(call.Common())]
}

// A Real is what a call does: itself or, if it calls a function of another
// package that does nothing but one call, that one.
type Real struct {
	Func *types.Func
	Args []ssa.Value // the receiver first; nil for what cannot be told here
	// Call is where it is made, be it in the function of another package.
	Call ssa.CallInstruction
}

// Name returns the full name of a function that is no method, else "".
func (r Real) Name() string {
	if r.Func == nil || r.Func.Signature().Recv() != nil {
		return ""
	}
	return r.Func.FullName()
}

// Real returns what a call does.
func (p *Program) Real(call ssa.CallInstruction) Real {
	args := Args(call.Common())
	body := p.Body(call)
	inner := onlyCall(body)
	if inner == nil || len(args) != len(body.Params) {
		return Real{CalledObject(call.Common()), args, call}
	}
	real := p.Real(inner)
	real.Args = slices.Clone(real.Args)
	for i, arg := range real.Args {
		switch arg := arg.(type) {
		case *ssa.Const:
		case *ssa.Parameter:
			real.Args[i] = args[slices.Index(body.Params, arg)]
		default:
			real.Args[i] = nil
		}
	}
	return real
}

// onlyCall returns the call that is all that a function does, but to give back
// what that gives; else nil.
func onlyCall(fn *ssa.Function) *ssa.Call {
	if fn == nil || len(fn.Blocks) != 1 {
		return nil
	}
	var last *ssa.Call
	for call := range Calls(fn) {
		last = call
	}
	ret := control.Last(fn.Blocks[0]).(*ssa.Return)
	switch {
	case last == nil:
		return nil
	case len(ret.Results) == 0:
		return last
	}
	for i, result := range ret.Results {
		if result != Result(last, i) {
			return nil
		}
	}
	return last
}

// buildBodies builds the bodies of functions of other packages that this one
// calls.
func (p *Program) buildBodies(pass *analysis.Pass) {
	p.imported = make(map[*types.Func]*ssa.Function)
	index := pass.ResultOf[bodies.Analyzer].(*bodies.Index)
	builder := bodies.NewBuilder(p.Pkg.Prog, pass.Pkg)
	var add func(call ssa.CallInstruction)
	add = func(call ssa.CallInstruction) {
		fn, obj := p.Callee(call.Common())
		if _, known := p.imported[obj]; known || fn != nil || obj == nil {
			return
		}
		body := index.Of(obj)
		if body == nil {
			return
		}
		built := builder.Build(obj, body)
		p.imported[obj] = built
		if built != nil {
			unpack(built)
			for call := range Calls(built) {
				add(call)
			}
		}
	}
	for instr := range p.Instructions {
		if call, ok := instr.(ssa.CallInstruction); ok {
			add(call)
		}
	}
}
