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
	fields = make(map[string]FieldValue)
	return fields, p.fieldsOf(v, fields, 0)
}

func (p *Program) fieldsOf(v ssa.Value, fields map[string]FieldValue, depth int) bool {
	sources := p.Sources(v)
	if len(sources) != 1 || depth > maxOwners {
		return false
	}
	v = sources[0]
	if call, ok := v.(*ssa.Call); ok {
		return p.fieldsOfCall(call, fields)
	}
	if c, ok := v.(*ssa.Const); ok {
		return c.Value == nil // the zero struct
	}
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	switch owner := v.(type) {
	case *ssa.Alloc:
		return p.fieldsIn(*owner.Referrers(), owner, fields, depth)
	case *ssa.Global:
		if owner.Pkg != p.Pkg || owner.Object() == nil || p.public(owner.Object()) {
			return false
		}
		return p.fieldsIn(p.uses().globals[owner], owner, fields, depth)
	}
	return false
}

// fieldsIn collects what is stored in the fields of a variable, and nothing
// more is done with its address.
func (p *Program) fieldsIn(users []ssa.Instruction, owner ssa.Value, fields map[string]FieldValue, depth int) bool {
	whole := false
	for _, user := range users {
		switch user := user.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if user.Addr != owner || whole || !p.fieldsOf(user.Val, fields, depth+1) {
				return false
			}
			whole = true
		case *ssa.Return:
			if _, pointer := owner.Type().Underlying().(*types.Pointer); !pointer {
				return false
			}
		case *ssa.FieldAddr:
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
				if _, again := fields[name]; again || use.Addr != addr {
					return false
				}
				fields[name] = FieldValue{use.Val, use.Pos()}
			default:
				return false
			}
		}
	}
	return true
}
