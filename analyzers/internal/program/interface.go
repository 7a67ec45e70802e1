package program

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// A Conversion makes an interface's value of one of another type.
type Conversion struct {
	From types.Type
	At   token.Pos // where what it makes is used first
}

// indexConversions notes which types become which interfaces.
func (p *Program) indexConversions() {
	p.converted = make(map[*types.TypeName][]Conversion)
	note := func(made interface {
		ssa.Instruction
		ssa.Value
	}, from, to types.Type) {
		if named, ok := types.Unalias(to).(*types.Named); ok && !p.inTest(made) {
			p.converted[named.Obj()] = append(p.converted[named.Obj()], Conversion{from, firstUse(made)})
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

func firstUse(v ssa.Value) token.Pos {
	for _, use := range *v.Referrers() {
		if use.Pos().IsValid() {
			return use.Pos()
		}
	}
	return v.Pos()
}

// Converted returns the conversions of this package to an interface, of those
// from other interfaces, too, by interface. Test files do not count.
func (p *Program) Converted() map[*types.TypeName][]Conversion { return p.converted }

// Method returns the function of this package that a call of an interface's
// method runs on a value of a type; nil if the type is an interface, or its
// method is promoted from another type's or stands in a test file.
func (p *Program) Method(t types.Type, method *types.Func) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	obj, index, _ := types.LookupFieldOrMethod(t, false, method.Pkg(), method.Name())
	own, ok := obj.(*types.Func)
	if !ok || len(index) != 1 {
		return nil
	}
	fn := p.Declared(own)
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
	for _, c := range p.converted[named.Obj()] {
		fn := p.Method(c.From, common.Method)
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
