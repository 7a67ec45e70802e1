package streams

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
)

// A HeldOpen is a stream that a field of a struct holds.
type HeldOpen struct {
	Field *types.Var
	Open  *Call
	// Received: somebody receives from it, or may.
	Received bool
}

// HeldOpens returns the fields that hold nothing but streams of one RPC which
// the package opens, and from which nobody receives in a goroutine.
func (info *Info) HeldOpens() []HeldOpen {
	var list []HeldOpen
	if info.SSA == nil {
		return nil
	}
	dropped := make(map[*types.Var]bool)
	received := make(map[*types.Var]bool)
	for instr := range info.SSA.Instructions {
		addr, ok := instr.(*ssa.FieldAddr)
		if !ok || SideOf(fieldAt(addr).Type()) != Client {
			continue
		}
		info.noteHeld(&list, addr, dropped)
	}
	for _, fn := range info.SSA.Funcs {
		for _, u := range info.Uses(fn) {
			field := lastField(u.Place)
			if field == nil || !u.Op.Receives() {
				continue
			}
			received[field] = true
			if u.Concurrent() || u.Loose {
				dropped[field] = true
			}
		}
	}
	list = slices.DeleteFunc(list, func(h HeldOpen) bool {
		return dropped[h.Field] || slices.ContainsFunc(info.Calls, func(c *Call) bool { return c.Place == h.Open.Place && c.Op.Receives() })
	})
	for i := range list {
		list[i].Received = received[list[i].Field]
	}
	return list
}

// noteHeld looks at what is done with a field by one of its addresses.
func (info *Info) noteHeld(list *[]HeldOpen, addr *ssa.FieldAddr, dropped map[*types.Var]bool) {
	field := fieldAt(addr)
	if field.Exported() || field.Pkg() != info.pass.Pkg {
		dropped[field] = true
	}
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if info.Escapes(user) {
				dropped[field] = true
			}
		case *ssa.Store:
			open := info.OpenedBy(info.Place(user.Val))
			if open == nil && isReturned(addr.X) {
				open = info.passedIn(user.Val)
			}
			if user.Addr != addr || open == nil || !open.RPC.ClientStream {
				dropped[field] = true
				continue
			}
			i := slices.IndexFunc(*list, func(h HeldOpen) bool { return h.Field == field })
			switch {
			case i < 0:
				*list = append(*list, HeldOpen{Field: field, Open: open})
			case *(*list)[i].Open.RPC != *open.RPC:
				dropped[field] = true
			}
		default:
			dropped[field] = true
		}
	}
}

// isReturned: a function makes a struct for its callers.
func isReturned(v ssa.Value) bool {
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
		_, ok := user.(*ssa.Return)
		return ok
	})
}

// passedIn returns the call of a stub that opened the stream which a function
// gets; nil if it is not one.
func (info *Info) passedIn(v ssa.Value) *Call {
	sources := info.SSA.Sources(v)
	if len(sources) != 1 || sources[0] == v {
		return nil
	}
	return info.OpenedBy(info.Place(sources[0]))
}

func lastField(p place.Place) *types.Var {
	fields := p.Fields()
	if len(fields) == 0 {
		return nil
	}
	return fields[len(fields)-1]
}

// HolderEscapes reports whether the struct that holds the stream at p goes out
// of the sight of the function that made it.
func (info *Info) HolderEscapes(p place.Place) bool {
	return len(p.Fields()) != 1 || info.holderEscapes(p.Root, lastField(p))
}

// FieldEscapes reports whether a stream in a field goes where it cannot be
// followed.
func (info *Info) FieldEscapes(field *types.Var) bool {
	for instr := range info.SSA.Instructions {
		addr, ok := instr.(*ssa.FieldAddr)
		if !ok || fieldAt(addr) != field {
			continue
		}
		for _, user := range *addr.Referrers() {
			if load, ok := user.(*ssa.UnOp); ok && info.Escapes(load) {
				return true
			}
		}
	}
	return false
}
