package program

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// indexConversions notes which types become which interfaces.
func (p *Program) indexConversions() {
	p.converted = make(map[*types.TypeName][]types.Type)
	note := func(instr ssa.Instruction, from types.Type, to types.Type) {
		if named, ok := types.Unalias(to).(*types.Named); ok && !p.inTest(instr) {
			p.converted[named.Obj()] = append(p.converted[named.Obj()], from)
		}
	}
	for instr := range p.Instructions {
		switch instr := instr.(type) {
		case *ssa.MakeInterface:
			note(instr, instr.X.Type(), instr.Type())
		case *ssa.ChangeInterface:
			note(instr, instr.X.Type(), instr.Type())
		}
	}
}

// Converted returns the types, interfaces among them, of which values become
// values of an interface in this package, by interface. Test files do not
// count.
func (p *Program) Converted() map[*types.TypeName][]types.Type { return p.converted }

// Method returns the function of this package that a call of an interface's
// method runs on a value of a type; nil if the type is an interface, or its
// method is promoted from another type's or stands in a test file.
func (p *Program) Method(t types.Type, method *types.Func) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	sel := types.NewMethodSet(t).Lookup(method.Pkg(), method.Name())
	if sel == nil || len(sel.Index()) != 1 {
		return nil
	}
	fn := p.Declared(sel.Obj().(*types.Func))
	if fn == nil || testcode.InTestFile(p.fset, fn.Pos()) {
		return nil
	}
	return fn
}

// presume finds the one function that a call of an interface's method
// presumably runs: nobody else can name the interface, and one type becomes it
// here. Others could all the same, through an exported function that takes
// it; so it counts for who calls that function, not for what is called.
func (p *Program) presume(call ssa.CallInstruction) {
	common := call.Common()
	named, ok := types.Unalias(common.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() != p.Pkg.Pkg || p.public(named.Obj()) {
		return // a type literal, a type parameter, or one that others implement
	}
	var only *ssa.Function
	for _, t := range p.converted[named.Obj()] {
		fn := p.Method(t, common.Method)
		if fn == nil || only != nil && fn != only {
			return // which one runs is not known
		}
		only = fn
	}
	if only != nil {
		p.calls.presumed[call] = only
		p.calls.sites[only] = append(p.calls.sites[only], call)
	}
}
