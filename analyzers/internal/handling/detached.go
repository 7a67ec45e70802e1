package handling

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
)

// detached finds handlers that wait for the end of a context of their own,
// which the end of the RPC does not reach, and never look at that of the RPC:
//
//	ctx, cancel := context.WithCancel(context.Background())
//	s.events.Subscribe(ctx, func(e *Event) {
//		if stream.Send(e) != nil {
//			cancel()
//		}
//	})
//	<-ctx.Done()
func (info *Info) detached(f *Frame) []*Site {
	var sites []*Site
	for _, block := range f.Func.Blocks {
		for _, instr := range block.Instrs {
			wait, ok := instr.(*ssa.UnOp)
			if !ok || wait.Op != token.ARROW {
				continue
			}
			done, ok := wait.X.(*ssa.Call)
			if !ok || !done.Call.IsInvoke() || done.Call.Method.Name() != "Done" || !isOwn(info, done.Call.Value) || info.looksAtEnd(f) {
				continue
			}
			sites = append(sites, &Site{Kind: Channel, Frame: f, Instr: wait, What: "a context of its own"})
		}
	}
	return sites
}

// isOwn: a context that is made here of context.Background, and has no
// deadline.
func isOwn(info *Info, ctx ssa.Value) bool {
	for range 10 {
		p := info.resolver.Of(ctx)
		if len(p.Fields()) > 0 {
			return false
		}
		call, ok := p.Root.(*ssa.Call)
		if e, extracted := p.Root.(*ssa.Extract); extracted && e.Index == 0 {
			call, ok = e.Tuple.(*ssa.Call)
		}
		if !ok {
			return false
		}
		switch {
		case isFunc(call, "context", "Background"), isFunc(call, "context", "TODO"):
			return true
		case isFunc(call, "context", "WithCancel"), isFunc(call, "context", "WithCancelCause"), isFunc(call, "context", "WithValue"):
			ctx = call.Call.Args[0]
		default:
			return false
		}
	}
	return false
}

// looksAtEnd: a frame, or something that it hands the context or the stream
// of the RPC to, may learn that the RPC has ended. Who only sends on the
// stream learns it too late, if there is nothing more to send.
func (info *Info) looksAtEnd(f *Frame) bool {
	if len(f.contexts) == 0 {
		return true // nothing to look at
	}
	for _, param := range f.contexts {
		if learnsEnd(param, make(map[ssa.Value]bool)) {
			return true
		}
	}
	return false
}

func learnsEnd(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Store:
			if user.Addr != v && learnsEnd(user.Addr, seen) {
				return true
			}
		case *ssa.Alloc:
		case *ssa.UnOp:
			if learnsEnd(user, seen) {
				return true
			}
		case *ssa.MakeClosure:
			for i, binding := range user.Bindings {
				if binding == v && learnsEnd(user.Fn.(*ssa.Function).FreeVars[i], seen) {
					return true
				}
			}
		case ssa.CallInstruction:
			switch op, stream := streams.OpOf(user.Common()); {
			case stream != v:
				return true // handed on
			case op == streams.Send, op == streams.SetHeader, op == streams.SendHeader, op == streams.SetTrailer:
			default:
				return true // its context, or Recv
			}
		default:
			return true
		}
	}
	return false
}
