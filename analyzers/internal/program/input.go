package program

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// An Input is what a function is handed: a parameter, a field of one, or one of
// a struct in that. The zero Input is none.
type Input struct {
	Param *ssa.Parameter
	path  [maxPath]*types.Var // outermost first, nil for less
}

// maxPath bounds how deep inside a struct an input is.
const maxPath = 3

// Whole: the input is the parameter itself.
func (in Input) Whole() bool { return in.path[0] == nil }

// Type is that of what is handed.
func (in Input) Type() types.Type {
	t := in.Param.Type()
	for _, field := range in.path {
		if field != nil {
			t = field.Type()
		}
	}
	return t
}

// At is a field of the input; none if it is too deep inside.
func (in Input) At(field *types.Var) Input {
	i := slices.Index(in.path[:], nil)
	if in.Param == nil || i < 0 {
		return Input{}
	}
	in.path[i] = field
	return in
}

// InputOf returns the input of its function, or of one around that, that a value
// is; the zero Input for other values.
func (p *Program) InputOf(v ssa.Value) Input {
	switch v := p.Root(v).(type) {
	case *ssa.Parameter:
		return Input{Param: v}
	case partOf:
		return v.input
	default:
		owner, field := FieldRead(v)
		return p.inputIn(owner, field)
	}
}

// A partOf is an input as a value, where no instruction reads it.
type partOf struct {
	*ssa.Parameter
	input Input
}

func (p partOf) Type() types.Type              { return p.input.Type() }
func (p partOf) Referrers() *[]ssa.Instruction { return new([]ssa.Instruction) }

// inputIn is the input that is in a field of a struct which a function is handed
// and does not change.
func (p *Program) inputIn(owner ssa.Value, field *types.Var) Input {
	if field == nil || p.sets(owner, field) {
		return Input{}
	}
	if addr, ok := owner.(*ssa.FieldAddr); ok { // of a struct in a struct
		return p.inputIn(addr.X, FieldOf(addr.X.Type(), addr.Field)).At(field)
	}
	in := p.InputOf(owner)
	if in.Param == nil {
		in = p.InputOf(p.Owner(owner))
	}
	return in.At(field)
}

// sets: something is stored in a field of a struct where that is known by
// this name, or by that of the variable that holds it.
func (p *Program) sets(owner ssa.Value, field *types.Var) bool {
	return slices.ContainsFunc(p.fieldsAt(p.placesOf(owner), field), func(addr ssa.Value) bool {
		for range control.Stores(addr) {
			return true
		}
		return false
	})
}

// placesOf are the addresses of the struct that is read, or points to it.
func (p *Program) placesOf(owner ssa.Value) []ssa.Value {
	if load, ok := owner.(*ssa.UnOp); ok && load.Op == token.MUL {
		owner = load.X
	}
	if addr, ok := owner.(*ssa.FieldAddr); ok {
		return p.fieldsAt(p.placesOf(addr.X), FieldOf(addr.X.Type(), addr.Field))
	}
	if variable := p.Variable(owner); variable != nil {
		return p.Names(variable)
	}
	return []ssa.Value{owner}
}

// fieldsAt are the addresses of a field of the structs at some places.
func (p *Program) fieldsAt(places []ssa.Value, field *types.Var) []ssa.Value {
	var list []ssa.Value
	for _, place := range places {
		if place.Referrers() == nil {
			continue // a package variable, which is no input
		}
		for _, user := range *place.Referrers() {
			if addr, ok := user.(*ssa.FieldAddr); ok && FieldOf(addr.X.Type(), addr.Field) == field {
				list = append(list, addr)
			}
		}
	}
	return list
}

// Part returns what is in a field of a struct, if that is one thing, and the
// input that it is.
func (p *Program) Part(owner ssa.Value, field *types.Var) (ssa.Value, Input) {
	if in := p.inputIn(owner, field); in.Param != nil {
		return partOf{in.Param, in}, in
	}
	h := p.FieldHeld(owner, field)
	if !h.Complete || len(h.Values) != 1 {
		return nil, Input{}
	}
	v := h.Values[0]
	in := p.InputOf(v)
	if call, made := p.Root(owner).(*ssa.Call); made && in.Param != nil {
		if given, at := p.Given(call, in); given != nil {
			return given, at // by what makes the struct
		}
	}
	return v, in
}

// Given returns what a call hands over as an input of the function that it runs,
// if that is one thing, and the input that it is of the function that calls.
func (p *Program) Given(call ssa.CallInstruction, in Input) (ssa.Value, Input) {
	return p.GivenBy(p.ArgOf(call, in.Param), in)
}

// GivenBy is the same for what is passed as the parameter.
func (p *Program) GivenBy(v ssa.Value, in Input) (ssa.Value, Input) {
	at := p.InputOf(v)
	for _, field := range in.path {
		if v != nil && field != nil {
			v, at = p.Part(v, field)
		}
	}
	return v, at
}

// FieldRead returns the struct, or the pointer to one, of which a value is read,
// and the field; nil for other values.
func FieldRead(v ssa.Value) (owner ssa.Value, field *types.Var) {
	switch v := v.(type) {
	case *ssa.Field:
		return v.X, FieldOf(v.X.Type(), v.Field)
	case *ssa.UnOp:
		if addr, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			return addr.X, FieldOf(addr.X.Type(), addr.Field)
		}
	}
	return nil, nil
}

// Owner is the struct, or what points to it, that a value is: of a parameter
// that has a place, the parameter.
func (p *Program) Owner(v ssa.Value) ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	if variable := p.Variable(v); variable != nil {
		if held := p.HeldIn(variable).Values; len(held) == 1 {
			v = held[0]
		}
	}
	return p.Root(v)
}

// Root is where a value comes from in its function and those around it: through
// conversions, and variables that are written once.
func (p *Program) Root(v ssa.Value) ssa.Value {
	for range maxOwners {
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
		case *ssa.UnOp:
			if variable := p.Variable(x.X); variable != nil && x.Op == token.MUL {
				if held := p.HeldIn(variable).Values; len(held) == 1 {
					v = held[0]
					continue
				}
			}
		}
		return v
	}
	return v
}
