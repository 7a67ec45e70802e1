package program

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A FieldValue is what a field of a struct is given.
type FieldValue struct {
	Value ssa.Value
	// Pos is where: in a literal, at the colon of the field, or at the value
	// if it has no name.
	Pos token.Pos
}

// Fields returns what the fields of a struct are given, by name, if that can
// be seen: the struct is written as a literal, in a function, a variable or a
// field, and each of its fields is set once at most. Fields that are not set
// are not among them.
func (p *Program) Fields(v ssa.Value) (fields map[string]FieldValue, ok bool) {
	r := fieldReader{p, make(map[string]FieldValue), false}
	return r.fields, r.of(v, 0)
}

// PossibleFields are the Fields of the structs that v may be, as far as they
// can be seen: not all that it is. Others may change one whose address is kept
// somewhere, or that has an exported name; one that a function changes which
// has it in a variable is not among them.
func (p *Program) PossibleFields(v ssa.Value) []map[string]FieldValue {
	return p.possibleFields(v, 0)
}

func (p *Program) possibleFields(v ssa.Value, depth int) (all []map[string]FieldValue) {
	r := fieldReader{p, make(map[string]FieldValue), true}
	if r.of(v, 0) && len(r.fields) > 0 {
		return []map[string]FieldValue{r.fields}
	}
	var from []ssa.Value
	switch v := v.(type) {
	case *ssa.Phi:
		from = v.Edges
	case *ssa.Field:
		from = p.HeldInField(v).Values
	case *ssa.UnOp:
		switch v.X.(type) {
		case *ssa.Alloc, *ssa.FreeVar, *ssa.Global:
		case *ssa.FieldAddr:
			from = p.Held(v).Values
		default:
			from = p.Possible(v.X)
		}
	}
	for _, v := range from {
		if depth < maxOwners {
			all = append(all, p.possibleFields(v, depth+1)...)
		}
	}
	return all
}

// A fieldReader collects what the fields of a struct are given.
type fieldReader struct {
	*Program
	fields map[string]FieldValue
	shared bool // others may have a way to it, too
}

func (r *fieldReader) of(v ssa.Value, depth int) bool {
	sources := r.Sources(v)
	if len(sources) != 1 || depth > maxOwners {
		return false
	}
	v = sources[0]
	if call, ok := v.(*ssa.Call); ok {
		return r.made(call, depth)
	}
	if c, ok := v.(*ssa.Const); ok {
		return c.Value == nil // the zero struct
	}
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	switch owner := v.(type) {
	case *ssa.Alloc:
		return r.in(*owner.Referrers(), owner, depth)
	case *ssa.Global:
		if owner.Pkg != r.Pkg || owner.Object() == nil || r.public(owner.Object()) && !r.shared {
			return false
		}
		return r.in(r.uses().globals[owner], owner, depth)
	}
	return false
}

// made collects the fields of a struct that a function of another package
// makes. What is not constant there is something else here, the call.
func (r *fieldReader) made(call *ssa.Call, depth int) bool {
	body := r.Body(call)
	if body == nil || len(body.Blocks) != 1 {
		return false
	}
	inner := fieldReader{r.Program, make(map[string]FieldValue), r.shared}
	if !inner.of(Returned(body, 0)[0].Value, depth+1) {
		return false
	}
	for name, field := range inner.fields {
		if _, ok := field.Value.(*ssa.Const); !ok {
			field.Value = call
		}
		r.fields[name] = FieldValue{field.Value, call.Pos()}
	}
	return true
}

// in collects what is stored in the fields of a variable, and nothing more is
// done with its address.
func (r *fieldReader) in(users []ssa.Instruction, owner ssa.Value, depth int) bool {
	whole := false
	for _, user := range users {
		switch user := user.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if user.Addr != owner {
				if !r.shared {
					return false
				}
				continue
			}
			if whole || !r.of(user.Val, depth+1) {
				return false
			}
			whole = true
		case *ssa.Return:
			if _, pointer := owner.Type().Underlying().(*types.Pointer); !pointer {
				return false
			}
		case *ssa.FieldAddr:
		case *ssa.Phi:
			if !r.shared {
				return false
			}
		default:
			return false
		}
	}
	for _, user := range users {
		addr, ok := user.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		name := FieldOf(addr.X.Type(), addr.Field).Name()
		for _, use := range *addr.Referrers() {
			switch use := use.(type) {
			case *ssa.UnOp, *ssa.DebugRef:
			case *ssa.Store:
				if _, again := r.fields[name]; again || use.Addr != addr {
					return false
				}
				r.fields[name] = FieldValue{use.Val, use.Pos()}
			default:
				return false
			}
		}
	}
	return true
}
