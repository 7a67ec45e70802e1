package program

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// unpack replaces what is read from a struct, an array or a map that does not
// leave its function by what was stored there, if that is one thing:
//
//	r := result{err: stream.Send(m)}
//	if r.err != nil      becomes      if stream.Send's result != nil
//
// SSA does as much for plain variables. The stores and the reads stay, but what
// is only stored to be read there is no longer used by the store.
func unpack(fn *ssa.Function) {
	known := make(map[*ssa.Alloc]*packed)
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Alloc:
				packedIn(instr, known).replace(known)
			case *ssa.MakeMap:
				p := newPacked()
				p.mapping(instr)
				p.replace(known)
			}
		}
	}
}

// A packed is a struct, an array or a map. Its parts are known by the number of
// the field or the element, or by the key.
type packed struct {
	stored, read map[any][]part
	shared       map[any]bool // whose address is kept
	leaves       bool         // somebody else may store to any of them
	copied       bool         // more is read than what read says
	// whole is what sets a struct or an array that is a copy of another.
	whole *ssa.Store
}

func newPacked() *packed {
	return &packed{stored: make(map[any][]part), read: make(map[any][]part), shared: make(map[any]bool)}
}

// A part is a store of value, or a read of it.
type part struct {
	at    ssa.Instruction
	value ssa.Value
}

func packedIn(alloc *ssa.Alloc, known map[*ssa.Alloc]*packed) *packed {
	if p := known[alloc]; p != nil {
		return p
	}
	p := newPacked()
	known[alloc] = p
	for _, user := range *alloc.Referrers() {
		switch user := user.(type) {
		case *ssa.FieldAddr:
			p.address(user, user.Field)
		case *ssa.IndexAddr:
			p.element(user)
		case *ssa.Slice:
			p.leaves = p.leaves || user.Low != nil || user.High != nil || user.Max != nil
			p.slice(user)
		case *ssa.UnOp:
			for _, use := range *user.Referrers() {
				if field, ok := use.(*ssa.Field); ok {
					p.read[field.Field] = append(p.read[field.Field], part{user, field})
				} else {
					p.copied = true
				}
			}
		case *ssa.Store:
			p.leaves = p.leaves || user.Addr != alloc || p.whole != nil
			p.whole = user
		case *ssa.DebugRef:
		default:
			p.leaves = true
		}
		if p.leaves {
			break
		}
	}
	p.leaves = p.leaves || p.whole != nil && len(p.stored) > 0
	return p
}

func (p *packed) slice(slice *ssa.Slice) {
	for _, user := range *slice.Referrers() {
		switch user := user.(type) {
		case *ssa.IndexAddr:
			p.element(user)
		case *ssa.DebugRef:
		case *ssa.Call:
			p.leaves = p.leaves || !onlyMeasures(user)
		default:
			p.leaves = true
		}
	}
}

// onlyMeasures: len and cap.
func onlyMeasures(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && (b.Name() == "len" || b.Name() == "cap")
}

func (p *packed) element(addr *ssa.IndexAddr) {
	if index, ok := addr.Index.(*ssa.Const); ok {
		p.address(addr, int(index.Int64()))
		return
	}
	for _, user := range *addr.Referrers() {
		if load, ok := user.(*ssa.UnOp); !ok || load.Op != token.MUL {
			p.leaves = true
		}
		p.copied = true
	}
}

// address notes what is done by an address of a part.
func (p *packed) address(addr ssa.Value, of int) {
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			p.read[of] = append(p.read[of], part{user, user})
		case *ssa.Store:
			if user.Addr == addr {
				p.stored[of] = append(p.stored[of], part{user, user.Val})
			} else {
				p.shared[of] = true
			}
		default:
			p.shared[of] = true
		}
	}
}

func (p *packed) mapping(made *ssa.MakeMap) {
	for _, user := range *made.Referrers() {
		switch user := user.(type) {
		case *ssa.MapUpdate:
			key, ok := keyOf(user.Key)
			if user.Map != made || !ok {
				p.leaves = true
				return
			}
			p.stored[key] = append(p.stored[key], part{user, user.Value})
		case *ssa.Lookup:
			if key, ok := keyOf(user.Index); ok && !user.CommaOk {
				p.read[key] = append(p.read[key], part{user, user})
			} else {
				p.copied = true
			}
		case *ssa.Range:
			p.copied = true
		case *ssa.DebugRef:
		case *ssa.Call:
			p.leaves = p.leaves || !onlyMeasures(user)
		default:
			p.leaves = true
			return
		}
	}
}

// keyOf returns a constant key, as it compares.
func keyOf(v ssa.Value) (key string, ok bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() == constant.Float {
		return "", false
	}
	return c.Value.ExactString(), true
}

func (p *packed) replace(known map[*ssa.Alloc]*packed) {
	plain := !p.leaves && !p.copied
	for of, reads := range p.read {
		for _, read := range reads {
			if v := p.at(of, read.at, known); v != nil {
				substitute(read.value, v)
			} else {
				p.shared[of], plain = true, false
			}
		}
	}
	for of, stored := range p.stored {
		for _, store := range stored {
			if !p.leaves && !p.copied && !p.shared[of] {
				forget(store)
			}
		}
	}
	if plain && p.whole != nil {
		forget(part{p.whole, p.whole.Val})
		if load, ok := p.whole.Val.(*ssa.UnOp); ok {
			if original, ok := load.X.(*ssa.Alloc); ok {
				delete(known, original) // it is one copy less
			}
		}
	}
}

// forget lets a store count for no use of what it stores.
func forget(store part) {
	if users := store.value.Referrers(); users != nil {
		*users = slices.DeleteFunc(*users, func(user ssa.Instruction) bool { return user == store.at })
	}
}

// at returns what a part surely is at an instruction, nil if that is not known.
func (p *packed) at(of any, instr ssa.Instruction, known map[*ssa.Alloc]*packed) ssa.Value {
	if p.leaves || p.shared[of] {
		return nil
	}
	if p.whole != nil {
		load, ok := p.whole.Val.(*ssa.UnOp)
		if !ok || load.Op != token.MUL || !control.Dominates(p.whole, instr) {
			return nil
		}
		original, ok := load.X.(*ssa.Alloc)
		if !ok || original == p.whole.Addr {
			return nil
		}
		return packedIn(original, known).at(of, load, known)
	}
	stored := p.stored[of]
	if len(stored) != 1 || !control.Dominates(stored[0].at, instr) {
		return nil
	}
	return stored[0].value
}

// substitute lets all that use one value use another.
func substitute(old, by ssa.Value) {
	for _, user := range *old.Referrers() {
		for _, operand := range user.Operands(nil) {
			if *operand == old {
				*operand = by
			}
		}
		refer(by, user)
	}
	*old.Referrers() = nil
}
