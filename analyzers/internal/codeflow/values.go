package codeflow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// Values finds out where values come from.
type Values struct{ Program *program.Program }

// Root resolves a value to where it comes from within its function and those
// around it: through conversions, copies of messages, and variables that are
// written once. Of a local variable that is written more than once it is the
// variable.
func (p Values) Root(v ssa.Value) ssa.Value {
	for range 20 {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.ChangeInterface:
			v = x.X
			continue
		case *ssa.MakeInterface:
			v = x.X
			continue
		case *ssa.TypeAssert:
			v = x.X
			continue
		case *ssa.UnOp:
			stored, variable := p.Stored(x)
			if len(stored) == 1 {
				v = stored[0]
				continue
			}
			if variable != nil {
				return variable
			}
			if kept := p.Kept(x); kept != nil {
				v = kept
				continue
			}
		case *ssa.Field, *ssa.Lookup, *ssa.Extract:
			if kept := p.Kept(x); kept != nil {
				v = kept
				continue
			}
		case *ssa.Call:
			// proto.Clone(x).(*T) has x's content.
			if obj := program.CalledObject(&x.Call); obj != nil && obj.Name() == "Clone" && len(x.Call.Args) == 1 {
				v = x.Call.Args[0]
				continue
			}
		}
		return v
	}
	return v
}

// Origin is Root through the functions that make a value, too, if that is one
// place of this package.
func (p Values) Origin(v ssa.Value) ssa.Value {
	v = p.Root(v)
	if sources := p.Program.Sources(v); len(sources) == 1 {
		return p.Root(sources[0])
	}
	return v
}

// Kept returns the one thing that the field of a struct, or the element of a
// list that a constant picks, holds where it is read; nil if that is not known,
// or was made in another function. Variables are none of them.
func (p Values) Kept(read ssa.Value) ssa.Value {
	instr, ok := read.(ssa.Instruction)
	if !ok || !isPicked(read) {
		return nil
	}
	h, ok := p.Program.Read(read)
	if !ok || !h.Complete || len(h.Values) != 1 || !isStoredBefore(h.Values[0], instr) {
		return nil
	}
	return h.Values[0]
}

// isPicked: a value is read from a field, or from an element that is always the
// same one.
func isPicked(read ssa.Value) bool {
	isConst := func(v ssa.Value) bool {
		_, ok := v.(*ssa.Const)
		return ok
	}
	switch read := read.(type) {
	case *ssa.Field:
		return true
	case *ssa.Lookup:
		return isConst(read.Index)
	case *ssa.Extract:
		lookup, ok := read.Tuple.(*ssa.Lookup)
		return ok && read.Index == 0 && isConst(lookup.Index)
	case *ssa.UnOp:
		switch addr := read.X.(type) {
		case *ssa.FieldAddr:
			return read.Op == token.MUL
		case *ssa.IndexAddr:
			return read.Op == token.MUL && isConst(addr.Index)
		}
	}
	return false
}

// isStoredBefore: a value is stored somewhere in the function of an instruction,
// on every way to it, or in one around that.
func isStoredBefore(v ssa.Value, before ssa.Instruction) bool {
	if v.Referrers() == nil {
		return true // a constant, a function
	}
	for _, user := range *v.Referrers() {
		switch store := user.(type) {
		case *ssa.Store:
			if store.Val != v {
				continue
			}
		case *ssa.MapUpdate:
			if store.Value != v {
				continue
			}
		default:
			continue
		}
		if user.Parent() == before.Parent() {
			if user.Block() == before.Block() && slices.Index(user.Block().Instrs, user) < slices.Index(before.Block().Instrs, before) ||
				user.Block() != before.Block() && user.Block().Dominates(before.Block()) {
				return true
			}
			continue
		}
		for outer := before.Parent().Parent(); outer != nil; outer = outer.Parent() {
			if outer == user.Parent() {
				return true
			}
		}
	}
	return false
}

// A Helper is a function whose result is what a call gives back.
type Helper struct {
	Func   *ssa.Function
	Result int
}

// Helpers are the functions of this package whose results a call gives back as
// one of its own: those that it runs, or one that it hands to somebody who does.
func (p Values) Helpers(call *ssa.Call, result int) []Helper {
	var list []Helper
	for _, forward := range p.Program.Forwards(call) {
		if forward.Result == result {
			list = append(list, Helper{forward.Func, forward.Of})
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, fn := range p.Program.Callees(call) {
		list = append(list, Helper{fn, result})
	}
	return list
}

// Stored returns what is ever stored in the local or the package variable
// that a load reads, and the local one.
func (p Values) Stored(load *ssa.UnOp) ([]ssa.Value, *ssa.Alloc) {
	if load.Op != token.MUL {
		return nil, nil
	}
	if global, ok := load.X.(*ssa.Global); ok {
		values, _ := p.Program.Stored(global)
		return values, nil
	}
	variable := p.Program.Variable(load.X)
	if variable == nil {
		return nil, nil
	}
	return p.Program.HeldIn(variable).Values, variable
}

// function resolves a func value to the function of this package that it is,
// nil if that is not known.
func (p Values) FunctionOf(v ssa.Value) *ssa.Function {
	if v == nil {
		return nil
	}
	list, complete := p.Program.Functions(p.Root(v))
	if !complete || len(list) != 1 || len(list[0].Blocks) == 0 {
		return nil
	}
	return list[0]
}

// Functions resolves a func value to the functions that it may be, what
// callers pass as a parameter among them; complete says whether there are no
// others.
func (p Values) Functions(v ssa.Value) (list []*ssa.Function, complete bool) {
	param, ok := v.(*ssa.Parameter)
	if !ok {
		return p.Program.Functions(v)
	}
	passed := p.Program.Passed(param)
	complete = passed.Complete
	for _, arg := range passed.Values {
		if fn := p.FunctionOf(arg); fn != nil {
			list = append(list, fn)
		} else {
			complete = false
		}
	}
	return list, complete
}

// Elements returns what is seen to be put into a slice, as the arguments of a
// variadic call are.
func (p Values) Elements(slice ssa.Value) []ssa.Value {
	return p.Program.Elements(p.Root(slice)).Values
}
