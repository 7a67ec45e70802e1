package handling

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
)

// handsOut: a function puts a channel that it makes where others find it who
// know nothing of the RPC, such as into a map of subscribers.
func (info *Info) handsOut(made *ssa.MakeChan) bool { return info.kept(made, make(map[ssa.Value]bool)) }

func (info *Info) kept(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.MapUpdate:
			return user.Value == v || user.Key == v
		case *ssa.ChangeType:
			return info.kept(user, seen)
		case *ssa.Store:
			switch addr := user.Addr.(type) {
			case *ssa.Global:
				return user.Val == v
			case *ssa.Alloc:
				return user.Val == v && slices.ContainsFunc(control.Uses(addr), func(use ssa.Instruction) bool {
					load, ok := use.(*ssa.UnOp)
					return ok && info.kept(load, seen)
				})
			case *ssa.IndexAddr:
				return user.Val == v && isAppended(addr.X)
			}
		}
		return false
	})
}

// isAppended: the array of what a call of append gets.
func isAppended(array ssa.Value) bool {
	return slices.ContainsFunc(control.Uses(array), func(user ssa.Instruction) bool {
		slice, ok := user.(*ssa.Slice)
		return ok && slices.ContainsFunc(control.Uses(slice), func(use ssa.Instruction) bool {
			call, ok := use.(*ssa.Call)
			return ok && isBuiltin(call, "append")
		})
	})
}

func isBuiltin(call ssa.CallInstruction, name string) bool {
	b, ok := call.Common().Value.(*ssa.Builtin)
	return ok && b.Name() == name
}

// registered finds handlers that hand their stream to others, wait for those
// to say that it is over, and leave it to chance who learns that the client
// has gone:
//
//	f := &follower{stream: stream, done: make(chan struct{})}
//	s.followers[f] = true
//	<-f.done
func (info *Info) registered(f *Frame) []*Site {
	var sites []*Site
	for instr := range info.instructions(f) {
		recv, ok := instr.(*ssa.UnOp)
		if !ok || recv.Op != token.ARROW || !info.besideStream(recv.X) || info.looksAtEnd(f) {
			continue
		}
		sites = append(sites, &Site{Kind: Channel, Frame: f, Instr: recv})
	}
	return sites
}

// besideStream: a channel is in a struct that holds the stream of a handler,
// which made it.
func (info *Info) besideStream(ch ssa.Value) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	owner, ok := addr.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	s, ok := owner.Elem().Underlying().(*types.Struct)
	if !ok || !slices.ContainsFunc(slices.Collect(s.Fields()), func(field *types.Var) bool { return streams.SideOf(field.Type()) == streams.Server }) {
		return false
	}
	switch root := info.resolver.Of(addr.X).Root.(type) {
	case *ssa.Alloc:
		return info.handsOutStruct(root)
	case *ssa.Call:
		return info.handsOutStruct(root)
	}
	return false
}

// handsOutStruct: others get a struct that a handler makes.
func (info *Info) handsOutStruct(v ssa.Value) bool {
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.Store:
			return user.Val == v
		case *ssa.MapUpdate, *ssa.MakeInterface, *ssa.Send:
			return true
		case ssa.CallInstruction:
			return slices.Contains(program.Args(user.Common()), v)
		}
		return false
	})
}

// triesToSend finds handlers that look at the context once, and then wait for
// room in a channel of the server without it:
//
//	select {
//	case <-ctx.Done():
//		return ctx.Err()
//	default:
//		s.queue <- job
//	}
func (info *Info) triesToSend(f *Frame) []*Site {
	var sites []*Site
	for instr := range info.instructions(f) {
		send, ok := instr.(*ssa.Send)
		if !ok || !info.ofServer(f, send.Chan) {
			continue
		}
		if slices.ContainsFunc(send.Block().Preds, func(pred *ssa.BasicBlock) bool {
			sel := info.defaultOf(pred, send.Block())
			return sel != nil && slices.ContainsFunc(sel.States, func(state *ssa.SelectState) bool { return info.sourceOf(f, state.Chan) == doneSource })
		}) {
			sites = append(sites, &Site{Kind: Channel, Frame: f, Instr: send})
		}
	}
	return sites
}

// defaultOf returns the select of which an edge leads to the default branch.
func (info *Info) defaultOf(from, to *ssa.BasicBlock) *ssa.Select {
	branch, ok := control.Last(from).(*ssa.If)
	if !ok || from.Succs[1] != to || len(to.Preds) != 1 {
		return nil
	}
	cond, ok := branch.Cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	index, ok := cond.X.(*ssa.Extract)
	if !ok || index.Index != 0 {
		return nil
	}
	sel, ok := index.Tuple.(*ssa.Select)
	last, isConst := cond.Y.(*ssa.Const)
	if !ok || !isConst || sel.Blocking || last.Int64() != int64(len(sel.States)-1) {
		return nil
	}
	return sel
}
