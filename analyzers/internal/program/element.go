package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Elements returns what a slice, an array or a map holds that is written as a
// literal, as variadic arguments, by appending, or by stores to elements, in
// the order of the source as far as that can be told.
func (p *Program) Elements(v ssa.Value) Held {
	h := Held{Complete: true}
	p.elements(v, &h, make(map[ssa.Value]bool))
	return h
}

// maxElements bounds what is told apart.
const maxElements = 256

func (p *Program) elements(v ssa.Value, h *Held, seen map[ssa.Value]bool) {
	if seen[v] {
		return // built up in a loop
	}
	if len(h.Values) > maxElements || len(seen) > maxElements {
		h.Complete = false
		return
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Const: // nil
	case *ssa.Alloc: // the array
		p.stores(v, h)
	case *ssa.Slice:
		p.elements(v.X, h, seen)
		h.Complete = h.Complete && v.Low == nil && v.High == nil
		p.stores(v, h)
	case *ssa.MakeSlice:
		p.stores(v, h)
	case *ssa.MakeMap:
		m := p.inMap(v)
		h.Values, h.Complete = append(h.Values, m.Values...), h.Complete && m.Complete
	case *ssa.ChangeType:
		p.elements(v.X, h, seen)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			p.elements(v.Call.Args[0], h, seen)
			p.elements(v.Call.Args[1], h, seen)
			return
		}
		if body := p.Body(v); body != nil {
			for _, ret := range Returned(body, 0) {
				p.elements(ret.Value, h, seen)
			}
			return
		}
		p.elementsOfSources(v, h, seen)
	default:
		p.elementsOfSources(v, h, seen)
	}
}

// inMap returns what is put into a map, by whatever name.
func (p *Program) inMap(made *ssa.MakeMap) Held {
	if known, ok := p.mapped[made]; ok {
		return known
	}
	p.mapped[made] = Held{} // while it is found out
	h := Held{Complete: true}
	p.Follow(made, func(_ ssa.Value, by ssa.Instruction) bool {
		switch by := by.(type) {
		case *ssa.MapUpdate:
			h.Values = append(h.Values, by.Value)
		case *ssa.Lookup, *ssa.Range, *ssa.BinOp:
		case *ssa.Call:
			h.Complete = h.Complete && isBuiltin(by.Call.Value)
		default: // what else is put into it is not seen
			h.Complete = false
		}
		return h.Complete && len(h.Values) <= maxElements
	})
	h.Complete = h.Complete && len(h.Values) <= maxElements
	p.mapped[made] = h
	return h
}

func (p *Program) elementsOfSources(v ssa.Value, h *Held, seen map[ssa.Value]bool) {
	sources := p.Sources(v)
	if len(sources) == 1 && sources[0] == v {
		h.Complete = false
		return
	}
	for _, source := range sources {
		p.elements(source, h, seen)
	}
}

// stores adds what is stored to elements of a slice or an array by that name.
func (p *Program) stores(v ssa.Value, h *Held) {
	for _, user := range *v.Referrers() {
		addr, ok := user.(*ssa.IndexAddr)
		if !ok || addr.X != v {
			continue
		}
		for _, use := range *addr.Referrers() {
			switch use := use.(type) {
			case *ssa.Store:
				if use.Addr != addr {
					h.Complete = false
					continue
				}
				h.Values = append(h.Values, use.Val)
			case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr:
			default:
				h.Complete = false
			}
		}
	}
}

// InLiteral: a value is read from a slice, an array or a map that its function
// writes as a literal and does nothing with but read it.
func InLiteral(read ssa.Value) bool {
	var from ssa.Value
	switch read := read.(type) {
	case *ssa.Lookup:
		from = read.X
	case *ssa.Extract:
		if lookup, ok := read.Tuple.(*ssa.Lookup); ok {
			from = lookup.X
		} else {
			from = Ranged(read)
		}
	case *ssa.UnOp:
		if addr, ok := read.X.(*ssa.IndexAddr); ok {
			from = addr.X
		}
	}
	switch from := from.(type) {
	case *ssa.Slice:
		array, ok := from.X.(*ssa.Alloc)
		return ok && onlyRead(array) && onlyRead(from)
	case *ssa.Alloc, *ssa.MakeMap:
		return onlyRead(from)
	}
	return false
}

// onlyRead: a list is filled and read where it stands.
func onlyRead(list ssa.Value) bool {
	return !slices.ContainsFunc(*list.Referrers(), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.IndexAddr, *ssa.Slice, *ssa.Lookup, *ssa.Range, *ssa.DebugRef:
			return false
		case *ssa.MapUpdate:
			return user.Map != list
		case *ssa.Call:
			return !isBuiltin(user.Call.Value) // len
		}
		return true
	})
}

// Ranged returns the slice, array, map or other thing that a loop's element is
// of, or nil: `for _, v := range x`.
func Ranged(v *ssa.Extract) ssa.Value {
	next, ok := v.Tuple.(*ssa.Next)
	if !ok || v.Index != 2 {
		return nil
	}
	loop, ok := next.Iter.(*ssa.Range)
	if !ok {
		return nil
	}
	if _, isMap := loop.X.Type().Underlying().(*types.Map); !isMap {
		return nil
	}
	return loop.X
}
