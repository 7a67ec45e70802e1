package program

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/bodies"
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
