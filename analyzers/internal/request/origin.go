package request

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// maxValues bounds how many values one search looks at.
const maxValues = 200

// dependsOn searches what a value is computed from, through local variables.
func (x *Index) dependsOn(v ssa.Value, holds func(ssa.Value) bool) bool {
	found := false
	x.behind(v, func(v ssa.Value) bool {
		found = found || holds(v)
		return !found
	})
	return found
}

// behind visits what a value is computed from, through local variables, each
// value once: the value, and if visit says so, what that is computed from.
func (x *Index) behind(v ssa.Value, visit func(ssa.Value) bool) {
	seen := make(map[ssa.Value]bool)
	var look func(v ssa.Value)
	all := func(values []ssa.Value) {
		for _, v := range values {
			look(v)
		}
	}
	look = func(v ssa.Value) {
		if v == nil || seen[v] || len(seen) > maxValues {
			return
		}
		seen[v] = true
		if !visit(v) {
			return
		}
		switch v := v.(type) {
		case *ssa.Alloc:
			all(x.contents(v))
			return
		case *ssa.MakeMap:
			all(x.Program.Elements(v).Values)
			return
		case *ssa.UnOp:
			if stored, variable := x.Stored(v); variable != nil {
				all(stored)
				look(v.X)
				return
			}
		}
		all(operands(v))
	}
	look(v)
}

// operands are the values that another is computed from at once.
func operands(v ssa.Value) []ssa.Value {
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return nil
	}
	var values []ssa.Value
	for _, operand := range instr.Operands(nil) {
		if *operand != nil {
			values = append(values, *operand)
		}
	}
	return values
}

// contents lists what is stored to a variable, its fields and its elements.
func (x *Index) contents(alloc *ssa.Alloc) []ssa.Value {
	var values []ssa.Value
	for _, w := range x.Writes(alloc) {
		values = append(values, w.Val)
	}
	for store := range control.Stores(alloc) {
		values = append(values, store.Val)
	}
	for store := range control.PartStores(alloc) {
		values = append(values, store.Val)
	}
	return values
}

// Inputs lists what a value is computed from that a function is given: its
// parameters, fields of them, and the variables and values of the functions
// around it.
func (x *Index) Inputs(v ssa.Value, fn *ssa.Function) []ssa.Value {
	var found []ssa.Value
	chosen := false // by what may be another field
	x.behind(v, func(v ssa.Value) bool {
		if variable := x.Program.Variable(v); variable != nil {
			v = variable
			chosen = chosen || len(x.Program.StoresTo(variable)) > 1
		}
		if _, isPhi := v.(*ssa.Phi); isPhi {
			chosen = true
		}
		isPart := x.isPart(v, fn)
		if (isPart || isInput(v, fn)) && !slices.Contains(found, v) {
			found = append(found, v)
		}
		return !isPart
	})
	for i, v := range found {
		if chosen && x.isPart(v, fn) {
			found[i] = x.InputOf(v).Param
		}
	}
	return found
}

// isPart: v is a field of a parameter of fn.
func (x *Index) isPart(v ssa.Value, fn *ssa.Function) bool {
	in := x.InputOf(v)
	return in.Param != nil && !in.Whole() && in.Param.Parent() == fn
}

func (x *Index) inputsOf(values []ssa.Value, fn *ssa.Function) []ssa.Value {
	var found []ssa.Value
	for _, v := range values {
		found = append(found, x.Inputs(v, fn)...)
	}
	return found
}

// input is the one thing that a function is given and that a value is; nil if
// it is something else.
func (x *Index) input(v ssa.Value, fn *ssa.Function) ssa.Value {
	if v == nil {
		return nil
	}
	v = x.Root(v)
	if x.isPart(v, fn) || isInput(v, fn) {
		return v
	}
	return nil
}

// isInput: v is a parameter of fn, or a value of another function, which a
// literal shares.
func isInput(v ssa.Value, fn *ssa.Function) bool {
	if p, ok := v.(*ssa.Parameter); ok && p.Parent() == fn {
		return true
	}
	at := parentOf(v)
	return at != nil && at != fn
}

func parentOf(v ssa.Value) *ssa.Function {
	if _, isFunc := v.(*ssa.Function); isFunc || v == nil {
		return nil
	}
	return v.Parent()
}
