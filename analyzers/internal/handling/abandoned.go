package handling

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
)

// abandoned finds channels without room on which a goroutine waits to hand
// over a result that nobody takes any more:
//
//	ch := make(chan result)
//	go func() { ch <- work() }()
//	select {
//	case r := <-ch:
//	case <-ctx.Done():
//		return ctx.Err()
//	}
func (info *Info) abandoned(f *Frame) []*Site {
	var sites []*Site
	for _, block := range f.Func.Blocks {
		for _, instr := range block.Instrs {
			made, ok := instr.(*ssa.MakeChan)
			if !ok || !isUnbuffered(made) {
				continue
			}
			h := handoverOf(info, made)
			if h.other || len(h.sends) == 0 || len(h.selects) != 1 || !givesUp(info, h.selects[0], made) {
				continue
			}
			sites = append(sites, &Site{
				Kind: Abandoned, Frame: f, Instr: made, Second: h.sends[0],
				Once: len(h.sends) == 1 && len(control.Around(h.sends[0])) == 0,
			})
		}
	}
	return sites
}

func isUnbuffered(made *ssa.MakeChan) bool {
	size, ok := made.Size.(*ssa.Const)
	return ok && size.Value != nil && size.Int64() == 0
}

// A handover is what happens to one channel in the function that makes it.
type handover struct {
	sends   []*ssa.Send   // in goroutines, outside of a select
	selects []*ssa.Select // that receive, in the function itself or in one that it calls
	other   bool          // anything else
}

// handoverOf collects the uses of a channel.
func handoverOf(info *Info, made *ssa.MakeChan) *handover {
	h := new(handover)
	h.follow(info, made, made.Parent(), make(map[ssa.Value]bool))
	return h
}

func (h *handover) follow(info *Info, v ssa.Value, home *ssa.Function, seen map[ssa.Value]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Store:
			alloc, ok := user.Addr.(*ssa.Alloc)
			if user.Addr == v {
				h.other = h.other || !isMade(info, user.Val)
				continue
			}
			if !ok {
				h.other = true
				continue
			}
			h.follow(info, alloc, home, seen)
		case *ssa.UnOp:
			if user.Op != token.MUL {
				h.other = true // received outside of a select
				continue
			}
			h.follow(info, user, home, seen)
		case *ssa.ChangeType:
			h.follow(info, user, home, seen)
		case *ssa.MakeClosure:
			fn := user.Fn.(*ssa.Function)
			for i, binding := range user.Bindings {
				if binding == v {
					h.follow(info, fn.FreeVars[i], home, seen)
				}
			}
		case *ssa.Go:
			fn := place.Literal(user.Call.Value)
			if fn == nil {
				h.other = true
				continue
			}
			for i, arg := range user.Call.Args {
				if arg == v {
					h.follow(info, fn.Params[i], home, seen)
				}
			}
		case *ssa.Send:
			if user.Chan != v || user.Parent() == home {
				h.other = true
				continue
			}
			h.sends = append(h.sends, user)
		case *ssa.Select:
			if user.Parent() != home {
				h.other = true
				continue
			}
			h.selects = append(h.selects, user)
		case *ssa.Call:
			if fn := user.Call.StaticCallee(); fn != nil && user.Parent() == home && fn.Pkg == home.Pkg && fn.Parent() == nil && len(fn.Blocks) > 0 {
				for i, arg := range user.Call.Args {
					if arg == v {
						h.follow(info, fn.Params[i], fn, seen)
					}
				}
				continue
			}
			h.other = h.other || !closes(user)
		case *ssa.Defer:
			h.other = h.other || !closes(user)
		default:
			h.other = true
		}
	}
}

func closes(call ssa.CallInstruction) bool {
	b, ok := call.Common().Value.(*ssa.Builtin)
	return ok && b.Name() == "close"
}

// isMade: the value is a channel that is made on the spot.
func isMade(info *Info, v ssa.Value) bool {
	_, ok := info.resolver.Of(v).Root.(*ssa.MakeChan)
	return ok
}

// givesUp: another case of the select waits for the end of a context or for
// a timer, and leads out of the function without coming back to the select.
func givesUp(info *Info, sel *ssa.Select, made *ssa.MakeChan) bool {
	if !sel.Blocking {
		return false
	}
	for i, state := range sel.States {
		if state.Dir != types.RecvOnly || info.resolver.Of(state.Chan).Root == made {
			continue
		}
		call, ok := state.Chan.(*ssa.Call)
		if !ok {
			continue
		}
		common := call.Common()
		done := common.IsInvoke() && common.Method.Name() == "Done"
		fn := common.StaticCallee()
		after := fn != nil && fn.Name() == "After" && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "time"
		if (done || after) && leaves(sel, i) {
			return true
		}
	}
	return false
}

// leaves: some way leads from a case of a select out of the function, and not
// through the select again.
func leaves(sel *ssa.Select, chosen int) bool {
	found := false
	w := control.Ways[struct{}]{
		Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
			if _, ok := instr.(*ssa.Return); ok {
				found = true
			}
			return s, !found && instr != ssa.Instruction(sel)
		},
		Branch: func(s struct{}, cond ssa.Value, outcome bool) (struct{}, bool) {
			op, ok := cond.(*ssa.BinOp)
			if !ok || op.Op != token.EQL {
				return s, true
			}
			index, ok := op.X.(*ssa.Extract)
			if !ok || index.Tuple != ssa.Value(sel) || index.Index != 0 {
				return s, true
			}
			at, ok := op.Y.(*ssa.Const)
			return s, !ok || (at.Int64() == int64(chosen)) == outcome
		},
	}
	w.After(sel, struct{}{})
	return found
}
