package cancel

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// cleanup finds RPCs that are made with a context which is over by then:
//
//	<-ctx.Done()
//	c.Deregister(ctx, req) // fails at once
//
// or may be, of a handler that is left because its client has gone:
//
//	defer c.Release(ctx, lease)
func cleanup(pass *report.Pass) error {
	info := handlers(pass)
	if info.SSA == nil {
		return nil
	}
	c := &cleaner{pass, info, make(map[ssa.Instruction]bool)}
	for _, fn := range info.SSA.Funcs {
		if !fn.Pos().IsValid() {
			continue
		}
		frame, ends := info.FrameOf(fn), mayEnd(fn)
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if _, starts := instr.(*ssa.Go); starts || !ok || c.judge(frame, call, call, ends) {
					continue
				}
				for instr := range info.Behind(frame, call) {
					if inner, ok := instr.(ssa.CallInstruction); ok && c.judge(frame, call, inner, ends) {
						break
					}
				}
			}
		}
	}
	return nil
}

// mayEnd returns the instructions of a function after which some context may
// be over: few of many, and looked at for each call that gets a context.
func mayEnd(fn *ssa.Function) []ssa.Instruction {
	var list []ssa.Instruction
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			may := false
			switch instr := instr.(type) {
			case *ssa.UnOp:
				may = instr.Op == token.ARROW
			case *ssa.Call:
				may = !instr.Call.IsInvoke() && instr.Call.StaticCallee() == nil // a cancel function is a value
			case *ssa.If:
				if cond, ok := instr.Cond.(*ssa.BinOp); ok {
					switch cond.X.(type) {
					case *ssa.Call, *ssa.Extract:
						may = true
					}
				}
			}
			if may {
				list = append(list, instr)
			}
		}
	}
	return list
}

// A cleaner looks at the calls of a package.
type cleaner struct {
	pass  *report.Pass
	info  *handling.Info
	known map[ssa.Instruction]bool // reported
}

// judge looks at an RPC that a call makes, or that is behind it.
func (c *cleaner) judge(f *handling.Frame, call, rpcCall ssa.CallInstruction, ends []ssa.Instruction) bool {
	for _, arg := range rpcCall.Common().Args {
		if !stub.IsContext(arg.Type()) {
			continue
		}
		ctx := arg
		if call != rpcCall {
			ctx = c.info.In(f, arg)
		}
		if ctx == nil {
			continue
		}
		end, handler := deadBefore(c.info, call, ancestors(c.info, ctx), ends), (*handling.Frame)(nil)
		if end == nil {
			handler = endsWithHandler(c.info, call, ctx)
		}
		if end == nil && handler == nil {
			continue
		}
		if c.known[rpcCall] {
			return true
		}
		rpc := c.info.RPCWith(rpcCall, arg)
		expr := c.info.SSA.CallExpr(call)
		if fn := rpcCall.Parent(); fn.Parent() != nil && program.Outermost(fn) == program.Outermost(call.Parent()) {
			expr = c.info.SSA.CallExpr(rpcCall) // beside it
		}
		if rpc == "" || expr == nil {
			continue
		}
		c.known[rpcCall] = true
		found := finding.Finding{Pos: expr.Pos(), End: expr.End(), Subject: rpc}
		if handler != nil {
			found.Message = fmt.Sprintf("%s fails when the client of %s has gone: it is deferred with a context that is over then", rpc, handler.Called())
			c.pass.Report("cancel/cleanup", found)
			return true
		}
		found.Message = fmt.Sprintf("%s fails at once: its context is over here, %s", rpc, end.why)
		if end.at.IsValid() {
			found.Related = []finding.Related{{Message: "the context is over here", Pos: end.at, End: end.at}}
		}
		c.pass.Report("cancel/cleanup", found)
		return true
	}
	return false
}

// ancestors returns the contexts that a context is derived from, itself
// first, as far as they can be followed.
func ancestors(info *handling.Info, ctx ssa.Value) []place.Place {
	var line []place.Place
	for range 10 {
		p := info.Place(ctx)
		if len(p.Fields()) == 0 {
			switch root := p.Root.(type) {
			case *ssa.Alloc, *ssa.Phi:
				return line // several contexts, at different times
			case *ssa.Extract:
				line = append(line, p)
				call, ok := root.Tuple.(*ssa.Call)
				if !ok || root.Index != 0 || !derives(call) {
					return line
				}
				ctx = call.Call.Args[0]
				continue
			case *ssa.Call:
				line = append(line, p)
				if !derives(root) {
					return line
				}
				ctx = root.Call.Args[0]
				continue
			}
		}
		return append(line, p)
	}
	return line
}

// derives: a function of package context whose result ends with its first
// argument, or one that adds values.
func derives(call *ssa.Call) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || len(call.Call.Args) == 0 || !stub.IsContext(call.Call.Args[0].Type()) {
		return false
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "context", "golang.org/x/net/context":
		return obj.Name() != "WithoutCancel"
	case stub.GRPCPath + "/metadata":
		return true
	}
	return false
}

// An end says why a context is over at some place.
type end struct {
	why string
	at  token.Pos
}

// deadBefore returns why one of the contexts is over when the call runs, or
// nil.
func deadBefore(info *handling.Info, call ssa.CallInstruction, line []place.Place, ends []ssa.Instruction) *end {
	for _, instr := range ends {
		for _, ctx := range line {
			if e := endsContext(info, instr, ctx, call); e != nil {
				return e
			}
		}
	}
	return deferredAfter(info, call, line)
}

// endsContext: an instruction after which the context is over, on every way
// to the call.
func endsContext(info *handling.Info, instr ssa.Instruction, ctx place.Place, call ssa.CallInstruction) *end {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.ARROW && isMethod(info, instr.X, "Done", ctx) && control.Dominates(instr, call) {
			return &end{"behind <-Done()", instr.Pos()}
		}
	case *ssa.Call:
		if cancels(info, &instr.Call, ctx) && control.Dominates(instr, call) && onlyOnce(instr, call, ctx) {
			return &end{"behind its cancel function", instr.Pos()}
		}
	case *ssa.If:
		if taken := deadBranch(info, instr, ctx); taken != nil && len(taken.Preds) == 1 && taken.Dominates(call.Block()) {
			return &end{"on the branch for the end of the context", instr.Cond.Pos()}
		}
	}
	return nil
}

// onlyOnce: the context is not made anew between its end and the call.
func onlyOnce(cancel, call ssa.Instruction, ctx place.Place) bool {
	made, ok := ctx.Root.(ssa.Instruction)
	if !ok || made.Parent() != call.Parent() {
		return true
	}
	return control.Reaches(cancel, call, func(i ssa.Instruction) bool { return i == made })
}

// isMethod: v is the result of a method of the context at ctx.
func isMethod(info *handling.Info, v ssa.Value, name string, ctx place.Place) bool {
	call, ok := v.(*ssa.Call)
	return ok && call.Call.IsInvoke() && call.Call.Method.Name() == name &&
		stub.IsContext(call.Call.Value.Type()) && info.Place(call.Call.Value) == ctx
}

// cancels: a call of the cancel function that was made with the context.
func cancels(info *handling.Info, common *ssa.CallCommon, ctx place.Place) bool {
	made, ok := ctx.Root.(*ssa.Extract)
	if !ok || made.Index != 0 || common.IsInvoke() || len(ctx.Fields()) > 0 {
		return false
	}
	p := info.Place(common.Value)
	cancel, ok := p.Root.(*ssa.Extract)
	call, isCall := made.Tuple.(*ssa.Call)
	return ok && isCall && len(p.Fields()) == 0 && cancel.Index == 1 && cancel.Tuple == call && derives(call)
}

// deadBranch returns the block that an If leads to when the context is over:
// ctx.Err() != nil, or the case of a select that waits for Done.
func deadBranch(info *handling.Info, test *ssa.If, ctx place.Place) *ssa.BasicBlock {
	cond, ok := test.Cond.(*ssa.BinOp)
	if !ok {
		return nil
	}
	succs := test.Block().Succs
	if isMethod(info, cond.X, "Err", ctx) && control.IsNil(cond.Y) {
		if cond.Op == token.NEQ {
			return succs[0]
		}
		return succs[1]
	}
	index, ok := cond.X.(*ssa.Extract)
	if !ok || cond.Op != token.EQL {
		return nil
	}
	sel, ok := index.Tuple.(*ssa.Select)
	k, isConst := cond.Y.(*ssa.Const)
	if !ok || !isConst || index.Index != 0 || k.Value == nil {
		return nil
	}
	if n := int(k.Int64()); n >= 0 && n < len(sel.States) && isMethod(info, sel.States[n].Chan, "Done", ctx) {
		return succs[0]
	}
	return nil
}

// deferredAfter: the call is deferred, alone or in a literal, and the cancel
// function is deferred after it: what is deferred last runs first.
func deferredAfter(info *handling.Info, call ssa.CallInstruction, line []place.Place) *end {
	own := deferOf(call)
	if own == nil {
		return nil
	}
	for _, block := range own.Parent().Blocks {
		for _, instr := range block.Instrs {
			later, ok := instr.(*ssa.Defer)
			if !ok || !control.Dominates(own, later) {
				continue
			}
			for _, ctx := range line {
				if cancels(info, &later.Call, ctx) {
					return &end{"deferred calls run last in, first out, and cancel was deferred later", later.Pos()}
				}
			}
		}
	}
	return nil
}

// endsWithHandler returns the handler of which a deferred call gets the
// context: when it fails because its client has gone, that is over. Nil for
// all others.
func endsWithHandler(info *handling.Info, call ssa.CallInstruction, ctx ssa.Value) *handling.Frame {
	own := deferOf(call)
	if own == nil {
		return nil
	}
	return info.HandlerOf(own.Parent(), ctx)
}

// deferOf returns the defer statement that runs a call: its own, or that of
// the literal around it.
func deferOf(call ssa.CallInstruction) *ssa.Defer {
	if d, ok := call.(*ssa.Defer); ok {
		return d
	}
	fn := call.Parent()
	if fn.Parent() == nil {
		return nil
	}
	var found *ssa.Defer
	for _, block := range fn.Parent().Blocks {
		for _, instr := range block.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && place.Literal(d.Call.Value) == fn {
				found = d
			}
		}
	}
	return found
}
