package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// link has a call run what the whole program is known to have put behind it.
func (p *Program) link(call ssa.CallInstruction) bool {
	fn := p.links.Runs[call.Common().Pos()]
	if fn == nil || call.Common().StaticCallee() != nil {
		return false
	}
	callee := p.linked(fn)
	if callee == nil {
		return false
	}
	p.replace(call, callee)
	if len(callee.Blocks) > 0 {
		p.calls.sites[callee] = append(p.calls.sites[callee], call)
	}
	return true
}

// Registered returns the type of the handlers that a call registers and gets as
// an interface, where the whole program is known; or nil.
func (p *Program) Registered(call ssa.CallInstruction) types.Type {
	return p.links.Registers[call.Common().Pos()]
}

// linked returns a function of this package, which may have been read as a
// variant of it, or one without a body of another.
func (p *Program) linked(fn *types.Func) *ssa.Function {
	if fn.Pkg().Path() == p.Pkg.Pkg.Path() {
		i := slices.IndexFunc(p.Funcs, func(own *ssa.Function) bool { return own.Pos() == fn.Pos() })
		if i < 0 {
			return nil
		}
		return p.Funcs[i]
	}
	prog := p.Pkg.Prog
	if prog.ImportedPackage(fn.Pkg().Path()) == nil {
		prog.CreatePackage(fn.Pkg(), nil, nil, true)
	}
	return prog.FuncValue(fn)
}
