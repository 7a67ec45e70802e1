package request

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// maxValues bounds how many values one search looks at.
const maxValues = 200

// dependsOn searches what a value is computed from, through local variables.
// Every value is looked at once.
func (x *Index) dependsOn(v ssa.Value, holds func(ssa.Value) bool) bool {
	seen := make(map[ssa.Value]bool)
	var visit func(ssa.Value) bool
	visit = func(v ssa.Value) bool {
		if v == nil || seen[v] || len(seen) > maxValues {
			return false
		}
		seen[v] = true
		if holds(v) {
			return true
		}
		switch v := v.(type) {
		case *ssa.Alloc:
			return slices.ContainsFunc(x.contents(v), visit)
		case *ssa.MakeMap:
			return slices.ContainsFunc(x.Program.Elements(v).Values, visit)
		case *ssa.UnOp:
			if stored, variable := x.Stored(v); variable != nil {
				return slices.ContainsFunc(stored, visit) || visit(v.X)
			}
		}
		return slices.ContainsFunc(operands(v), visit)
	}
	return visit(v)
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
// parameters, and the variables and values of the functions around it.
func (x *Index) Inputs(v ssa.Value, fn *ssa.Function) []ssa.Value {
	var found []ssa.Value
	x.dependsOn(v, func(v ssa.Value) bool {
		if variable := x.Program.Variable(v); variable != nil {
			v = variable
		}
		if isInput(v, fn) && !slices.Contains(found, v) {
			found = append(found, v)
		}
		return false
	})
	return found
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
	if owner, _ := x.FieldRead(v); owner != nil && isInput(owner, fn) && parentOf(owner) == fn {
		return v
	}
	if !isInput(v, fn) {
		return nil
	}
	return v
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
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Parent()
	case *ssa.FreeVar:
		return v.Parent()
	case ssa.Instruction:
		return v.Parent()
	}
	return nil
}
