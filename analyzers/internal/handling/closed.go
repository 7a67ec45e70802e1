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

// endsOtherwise: a loop takes what it sends from a channel that is closed by
// somebody who knows when the client has gone:
//
//	go func() {
//		s.source.Watch(stream.Context(), ch)
//		close(ch)
//	}()
//	for event := range ch {
//		if err := stream.Send(event); err != nil {
//			log.Print(err)
//		}
//	}
func (info *Info) endsOtherwise(f *Frame, loop *control.Loop) bool {
	for block := range loop.Blocks {
		for _, instr := range block.Instrs {
			recv, ok := instr.(*ssa.UnOp)
			if !ok || recv.Op != token.ARROW {
				continue
			}
			if slices.ContainsFunc(info.SSA.Sources(recv.X), func(v ssa.Value) bool {
				made, ok := v.(*ssa.MakeChan)
				return ok && info.closedWith(info.around(f, made.Parent()), made, false, make(map[ssa.Value]bool))
			}) {
				return true
			}
		}
	}
	return false
}

// endsWithRecv: a loop receives from the client, too, and ends if that fails, as
// it does when the client has gone.
func (info *Info) endsWithRecv(f *Frame, loop *control.Loop) bool {
	return slices.ContainsFunc(info.streams.In(loop.Header.Parent()), func(c *streams.Call) bool {
		if c.Op != streams.Recv || c.Side != streams.Server || c.Value() == nil || !loop.Holds(c.Instr) || !info.sendsOn(f, c) {
			return false
		}
		err := info.SSA.ErrorOf(c.Value())
		return err != nil && !info.goesOn(c, loop, err)
	})
}

// around returns what is known of the RPC where a function is, or one that it
// stands in.
func (info *Info) around(f *Frame, fn *ssa.Function) *Frame {
	for ; fn != f.Func; fn = fn.Parent() {
		if fn.Parent() == nil {
			return info.FrameOf(fn)
		}
	}
	return f
}

// closedWith: a function that is told of the end of the RPC closes a channel, or
// may; told says that v is in such a one.
func (info *Info) closedWith(f *Frame, v ssa.Value, told bool, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.Store:
			alloc, ok := user.Addr.(*ssa.Alloc)
			return ok && user.Val == v && info.closedWith(f, alloc, told, seen)
		case *ssa.UnOp:
			return user.Op == token.MUL && info.closedWith(f, user, told, seen)
		case *ssa.ChangeType:
			return info.closedWith(f, user, told, seen)
		case *ssa.MakeClosure:
			literal := user.Fn.(*ssa.Function)
			inside := told || info.tellsAny(f, user.Bindings, func(i int) bool { return info.learnsEnd(literal.FreeVars[i], make(map[ssa.Value]bool)) })
			for i, binding := range user.Bindings {
				if binding == v && info.closedWith(f, literal.FreeVars[i], inside, seen) {
					return true
				}
			}
		case ssa.CallInstruction:
			if isBuiltin(user, "close") {
				return told
			}
			args := program.Args(user.Common())
			inside := told || info.tellsAny(f, args, func(i int) bool { return info.calledLearnsEnd(user, args[i], make(map[ssa.Value]bool)) })
			callees := info.SSA.Callees(user)
			for _, fn := range callees {
				for i, arg := range args {
					if arg == v && len(fn.Params) == len(args) && info.closedWith(f, fn.Params[i], inside, seen) {
						return true
					}
				}
			}
			return len(callees) == 0 && inside
		}
		return false
	})
}

// tellsAny: one of the values that a function gets is the RPC's context or
// stream, and it looks at that for its end; or a struct may hold one.
func (info *Info) tellsAny(f *Frame, values []ssa.Value, learns func(i int) bool) bool {
	for i, v := range values {
		t := v.Type()
		if variable, ok := t.(*types.Pointer); ok && types.IsInterface(variable.Elem()) {
			t = variable.Elem()
		}
		if info.holdsRequest(t) || isRequest(t) && info.derives(f, v) && learns(i) {
			return true
		}
	}
	return false
}
