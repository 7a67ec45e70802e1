package streams

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// Escapes reports whether a stream may be used in ways that cannot be seen: a
// function returns it, or it is stored, sent away or passed to a function that
// is not known.
func (info *Info) Escapes(v ssa.Value) bool {
	escapes := false
	trail := info.view().Follow(v, func(v ssa.Value, by ssa.Instruction) bool {
		escapes = info.outOfSight(v, by)
		return !escapes
	})
	return escapes || info.goesOut(trail)
}

// goesOut: what is followed is returned, or kept by what goes out of sight.
func (info *Info) goesOut(trail program.Trail) bool {
	return trail.Returned || slices.ContainsFunc(trail.Stores, func(store *ssa.Store) bool {
		addr, ok := store.Addr.(*ssa.FieldAddr)
		if !ok {
			return true
		}
		holder, ok := addr.X.(*ssa.Alloc)
		return !ok || info.holderEscapes(holder, fieldAt(addr))
	})
}

// outOfSight: a use takes a stream to where it may be used unseen.
func (info *Info) outOfSight(v ssa.Value, by ssa.Instruction) bool {
	switch by := by.(type) {
	case *ssa.BinOp:
		return false
	case *ssa.Extract:
		return SideOf(by.Type()) == NoStream || info.Escapes(by)
	case ssa.CallInstruction:
		common := by.Common()
		if common.IsInvoke() {
			return common.Value != v || slices.Contains(common.Args, v)
		}
		fact := info.factOf(called(common))
		return fact == nil || slices.ContainsFunc(fact.Keeps, func(i int) bool { return i < len(common.Args) && common.Args[i] == v })
	}
	return true
}

// holderEscapes: a struct that holds a stream in a field, or a pointer to it,
// goes out of sight, the field itself left out. Functions of other packages that get it as an interface
// call the methods of that, and are done.
func (info *Info) holderEscapes(v ssa.Value, field *types.Var) bool {
	h := holder{v, field}
	known, ok := info.holders[h]
	if !ok {
		info.holders[h] = false // of one that holds itself
		known = info.holderGoesOut(v, field)
		info.holders[h] = known
	}
	return known
}

// A holder is a struct with a field, or a pointer to it.
type holder struct {
	of    ssa.Value
	field *types.Var
}

func (info *Info) holderGoesOut(v ssa.Value, field *types.Var) bool {
	escapes := false
	trail := info.view().Follow(v, func(v ssa.Value, by ssa.Instruction) bool {
		switch by := by.(type) {
		case *ssa.FieldAddr:
			escapes = fieldAt(by) == field && slices.ContainsFunc(control.Uses(by), func(use ssa.Instruction) bool {
				_, reads := use.(*ssa.UnOp) // which is followed itself
				store, ok := use.(*ssa.Store)
				return !reads && (!ok || store.Addr != by)
			})
		case *ssa.Field:
		case *ssa.UnOp: // a copy
			escapes = info.holderEscapes(by, field)
		case *ssa.Extract:
			escapes = by.Index == 0 && info.holderEscapes(by, field)
		case *ssa.BinOp:
		case *ssa.Store:
			escapes = by.Addr != v
		case ssa.CallInstruction:
			escapes = !types.IsInterface(v.Type()) || by.Common().IsInvoke()
		default:
			escapes = true
		}
		return !escapes
	})
	return escapes || info.goesOut(trail)
}

// KeptByLiteral reports whether a function literal that uses a stream outlives
// the call that makes it: it is returned, stored or sent away.
func KeptByLiteral(v ssa.Value) bool {
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Store:
			if alloc, ok := user.Addr.(*ssa.Alloc); ok && user.Val == v && KeptByLiteral(alloc) {
				return true
			}
		case *ssa.MakeClosure:
			for _, use := range control.Uses(user) {
				if _, called := use.(ssa.CallInstruction); !called {
					return true
				}
			}
			fn := user.Fn.(*ssa.Function)
			if i := slices.Index(user.Bindings, v); i < len(fn.FreeVars) && KeptByLiteral(fn.FreeVars[i]) {
				return true
			}
		}
	}
	return false
}
