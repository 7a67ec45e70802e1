package streams

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// Escapes reports whether a stream may be used in ways that cannot be seen:
// it is returned, stored, sent away or passed to a function that is not
// known.
func (info *Info) Escapes(v ssa.Value) bool { return info.escapes(v, make(map[ssa.Value]bool)) }

func (info *Info) escapes(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool { return info.escapesBy(v, user, seen) })
}

func (info *Info) escapesBy(v ssa.Value, user ssa.Instruction, seen map[ssa.Value]bool) bool {
	switch user := user.(type) {
	case *ssa.ChangeInterface:
		return info.escapes(user, seen)
	case *ssa.Phi:
		return info.escapes(user, seen)
	case *ssa.TypeAssert:
		return info.escapes(user, seen)
	case *ssa.Extract:
		return SideOf(user.Type()) != NoStream && info.escapes(user, seen)
	case *ssa.BinOp:
		return false
	case *ssa.MakeClosure:
		// Captured: the literal is looked into, wherever it goes.
		fn := user.Fn.(*ssa.Function)
		if fn.Synthetic != "" {
			return true // a method value
		}
		for i, binding := range user.Bindings {
			if binding == v && info.escapes(fn.FreeVars[i], seen) {
				return true
			}
		}
		return false
	case *ssa.Store:
		if user.Addr == v {
			return false // a variable for a stream is assigned
		}
		alloc, ok := user.Addr.(*ssa.Alloc)
		return !ok || info.escapes(alloc, seen)
	case *ssa.UnOp:
		return user.Op != token.MUL || info.escapes(user, seen)
	case ssa.CallInstruction:
		return info.escapesInto(v, user, seen)
	}
	return true
}

func (info *Info) escapesInto(v ssa.Value, call ssa.CallInstruction, seen map[ssa.Value]bool) bool {
	common := call.Common()
	if common.IsInvoke() && common.Value == v {
		return false
	}
	if targets := info.targets(call); len(targets) > 0 {
		for _, t := range targets {
			for i, arg := range t.args {
				if arg == v && i < len(t.fn.Params) && info.escapes(t.fn.Params[i], seen) {
					return true
				}
			}
		}
		return false
	}
	if common.IsInvoke() {
		return true
	}
	fact := info.factOf(called(common))
	if fact == nil {
		return true
	}
	for i, arg := range common.Args {
		if arg == v && slices.Contains(fact.Keeps, i) {
			return true
		}
	}
	return false
}
