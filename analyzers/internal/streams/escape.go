package streams

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
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
		switch addr := user.Addr.(type) {
		case *ssa.Alloc:
			return info.escapes(addr, seen)
		case *ssa.FieldAddr:
			if holder, ok := addr.X.(*ssa.Alloc); ok {
				return info.holderEscapes(holder, fieldAt(addr), seen)
			}
		}
		return true
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

// holderEscapes: a struct that holds a stream in a field, or a pointer to it,
// goes out of sight. Functions of other packages that get it as an interface
// call the methods of that, and are done.
func (info *Info) holderEscapes(v ssa.Value, field *types.Var, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.FieldAddr:
			return fieldAt(user) == field && slices.ContainsFunc(control.Uses(user), func(use ssa.Instruction) bool {
				switch use := use.(type) {
				case *ssa.Store:
					return use.Addr != user
				case *ssa.UnOp:
					return info.escapes(use, seen)
				}
				return true
			})
		case *ssa.Field:
			return program.FieldOf(user.X.Type(), user.Field) == field && info.escapes(user, seen)
		case *ssa.UnOp:
			return info.holderEscapes(user, field, seen)
		case *ssa.Phi:
			return info.holderEscapes(user, field, seen)
		case *ssa.Extract:
			return user.Index == 0 && info.holderEscapes(user, field, seen)
		case *ssa.BinOp:
			return false
		case *ssa.Store:
			if user.Addr == v {
				return false
			}
			alloc, ok := user.Addr.(*ssa.Alloc)
			return !ok || info.holderEscapes(alloc, field, seen)
		case *ssa.MakeClosure:
			i := slices.Index(user.Bindings, v)
			fn := user.Fn.(*ssa.Function)
			return i < 0 || fn.Synthetic != "" || info.holderEscapes(fn.FreeVars[i], field, seen)
		case *ssa.MakeInterface:
			return slices.ContainsFunc(control.Uses(user), func(use ssa.Instruction) bool {
				call, ok := use.(ssa.CallInstruction)
				return !ok || len(info.targets(call)) > 0
			})
		case ssa.CallInstruction:
			targets := info.targets(user)
			return len(targets) == 0 || slices.ContainsFunc(targets, func(t target) bool {
				i := slices.Index(t.args, v)
				return i < 0 || i >= len(t.fn.Params) || info.holderEscapes(t.fn.Params[i], field, seen)
			})
		}
		return true
	})
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
