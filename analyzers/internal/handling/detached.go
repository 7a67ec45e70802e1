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
			if info.waitsForOwn(f, instr) && !info.looksAtEnd(f) {
				sites = append(sites, &Site{Kind: Channel, Frame: f, Instr: instr, What: "a context of its own"})
			}
		}
	}
	return sites
}

// waitsForOwn: an instruction waits for the end of a context of the handler's
// own, and for nothing else that has to do with its client.
func (info *Info) waitsForOwn(f *Frame, instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.ARROW && info.endsOwn(instr.X)
	case *ssa.Select:
		own := false
		for _, state := range instr.States {
			switch {
			case info.endsOwn(state.Chan):
				own = true
			case state.Dir != types.RecvOnly || info.sourceOf(f, state.Chan) != sharedSource && !info.ofServer(f, state.Chan):
				return false
			}
		}
		return own && instr.Blocking
	}
	return false
}

// endsOwn: the channel Done of a context of the handler's own.
func (info *Info) endsOwn(ch ssa.Value) bool {
	done, ok := info.through(ch).(*ssa.Call)
	return ok && done.Call.IsInvoke() && done.Call.Method.Name() == "Done" && isOwn(info, done.Call.Value, 0)
}

// maxParents bounds how far a context is followed back.
const maxParents = 10

// isOwn: a context that is made here of context.Background, and has no
// deadline.
func isOwn(info *Info, ctx ssa.Value, depth int) bool {
	sources := info.SSA.Sources(ctx)
	return len(sources) > 0 && depth < maxParents && !slices.ContainsFunc(sources, func(v ssa.Value) bool {
		if x, ok := v.(*ssa.Extract); ok && x.Index == 0 {
			v = x.Tuple
		}
		call, ok := v.(*ssa.Call)
		switch {
		case !ok:
			return true
		case isFunc(call, "context", "Background"), isFunc(call, "context", "TODO"):
			return false
		case isFunc(call, "context", "WithCancel"), isFunc(call, "context", "WithCancelCause"), isFunc(call, "context", "WithValue"):
			return !isOwn(info, call.Call.Args[0], depth+1)
		}
		return true
	})
}

// looksAtEnd: a frame, or something that it hands the context or the stream
// of the RPC to, may learn that the RPC has ended. Who only sends on the
// stream learns it too late, if there is nothing more to send.
func (info *Info) looksAtEnd(f *Frame) bool {
	if len(f.contexts) == 0 {
		return true // nothing to look at
	}
	return slices.ContainsFunc(f.contexts, func(param *ssa.Parameter) bool { return info.learnsEnd(param, make(map[ssa.Value]bool)) })
}

func (info *Info) learnsEnd(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Store:
			if field, ok := user.Addr.(*ssa.FieldAddr); ok && user.Val == v {
				if info.fieldLearnsEnd(program.FieldOf(field.X.Type(), field.Field), seen) {
					return true
				}
				continue
			}
			if user.Addr != v && info.learnsEnd(user.Addr, seen) {
				return true
			}
		case *ssa.Alloc:
		case *ssa.UnOp, *ssa.ChangeInterface, *ssa.Phi:
			if info.learnsEnd(user.(ssa.Value), seen) {
				return true
			}
		case *ssa.MakeClosure:
			for i, binding := range user.Bindings {
				if binding == v && info.learnsEnd(user.Fn.(*ssa.Function).FreeVars[i], seen) {
					return true
				}
			}
		case ssa.CallInstruction:
			switch op, stream := streams.OpOf(user.Common()); {
			case stream != v:
				if info.calledLearnsEnd(user, v, seen) {
					return true
				}
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

// calledLearnsEnd: a function of this package may learn it that gets the
// stream, or any other.
func (info *Info) calledLearnsEnd(call ssa.CallInstruction, v ssa.Value, seen map[ssa.Value]bool) bool {
	callees := info.SSA.Callees(call)
	args := program.Args(call.Common())
	for _, fn := range callees {
		for i, arg := range args {
			if arg == v && (len(fn.Params) != len(args) || fn.Blocks == nil || info.learnsEnd(fn.Params[i], seen)) {
				return true
			}
		}
	}
	return len(callees) == 0
}

// fieldLearnsEnd: who reads a field may learn it; other packages may, too, if
// they can.
func (info *Info) fieldLearnsEnd(field *types.Var, seen map[ssa.Value]bool) bool {
	if info.reads == nil {
		info.reads = make(map[*types.Var][]ssa.Value)
		for instr := range info.SSA.Instructions {
			switch instr := instr.(type) {
			case *ssa.FieldAddr:
				at := program.FieldOf(instr.X.Type(), instr.Field)
				info.reads[at] = append(info.reads[at], instr)
			case *ssa.Field:
				at := program.FieldOf(instr.X.Type(), instr.Field)
				info.reads[at] = append(info.reads[at], instr)
			}
		}
	}
	return field.Exported() || field.Embedded() || slices.ContainsFunc(info.reads[field], func(v ssa.Value) bool { return info.learnsEnd(v, seen) })
}
