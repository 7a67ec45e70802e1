package retryshape

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A view finds out where values come from.
type view struct{ program *program.Program }

// root resolves a value to where it comes from within its function and those
// around it: through conversions, copies of messages, and variables that are
// written once. Of a local variable that is written more than once it is the
// variable.
func (p view) root(v ssa.Value) ssa.Value {
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
			stored, variable := p.stored(x)
			if len(stored) == 1 {
				v = stored[0]
				continue
			}
			if variable != nil {
				return variable
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

// stored returns what is ever stored in the local or the package variable
// that a load reads, and the local one.
func (p view) stored(load *ssa.UnOp) ([]ssa.Value, *ssa.Alloc) {
	if load.Op != token.MUL {
		return nil, nil
	}
	if global, ok := load.X.(*ssa.Global); ok {
		values, _ := p.program.Stored(global)
		return values, nil
	}
	variable := p.program.Variable(load.X)
	if variable == nil {
		return nil, nil
	}
	return p.program.HeldIn(variable).Values, variable
}

// function resolves a func value to the function of this package that it is,
// nil if that is not known.
func (p view) function(v ssa.Value) *ssa.Function {
	if v == nil {
		return nil
	}
	list, complete := p.program.Functions(p.root(v))
	if !complete || len(list) != 1 || len(list[0].Blocks) == 0 {
		return nil
	}
	return list[0]
}

// functions resolves a func value to the functions that it may be, what
// callers pass as a parameter among them; complete says whether there are no
// others.
func (p view) functions(v ssa.Value) (list []*ssa.Function, complete bool) {
	param, ok := v.(*ssa.Parameter)
	if !ok {
		return p.program.Functions(v)
	}
	passed := p.program.Passed(param)
	complete = passed.Complete
	for _, arg := range passed.Values {
		if fn := p.function(arg); fn != nil {
			list = append(list, fn)
		} else {
			complete = false
		}
	}
	return list, complete
}

// elements returns what is seen to be put into a slice, as the arguments of a
// variadic call are.
func (p view) elements(slice ssa.Value) []ssa.Value {
	return p.program.Elements(p.root(slice)).Values
}

// maxValues bounds how many values one search looks at.
const maxValues = 200

// dependsOn searches what a value is computed from, through local variables.
// Every value is looked at once.
func (sh *shapes) dependsOn(v ssa.Value, holds func(ssa.Value) bool) bool {
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
			return slices.ContainsFunc(sh.contents(v), visit)
		case *ssa.UnOp:
			if stored, variable := sh.stored(v); variable != nil {
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
func (sh *shapes) contents(alloc *ssa.Alloc) []ssa.Value {
	var values []ssa.Value
	for _, w := range sh.writes(alloc) {
		values = append(values, w.Val)
	}
	add := func(addr ssa.Value) {
		for _, user := range *addr.Referrers() {
			if store, ok := user.(*ssa.Store); ok && store.Addr == addr {
				values = append(values, store.Val)
			}
		}
	}
	add(alloc)
	for _, user := range *alloc.Referrers() {
		switch user := user.(type) {
		case *ssa.IndexAddr:
			add(user)
		case *ssa.FieldAddr:
			add(user)
		}
	}
	return values
}

// inputs lists what a value is computed from that a function is given: its
// parameters, and the variables and values of the functions around it.
func (sh *shapes) inputs(v ssa.Value, fn *ssa.Function) []ssa.Value {
	var found []ssa.Value
	sh.dependsOn(v, func(v ssa.Value) bool {
		if variable := sh.program.Variable(v); variable != nil {
			v = variable
		}
		if isInput(v, fn) && !slices.Contains(found, v) {
			found = append(found, v)
		}
		return false
	})
	return found
}

// input is the one thing that a function is given and that a value is; nil if
// it is something else.
func (sh *shapes) input(v ssa.Value, fn *ssa.Function) ssa.Value {
	if v == nil {
		return nil
	}
	if v = sh.root(v); !isInput(v, fn) {
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
