package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// swallowed finds RPCs that fail without anybody being told:
//
//	if err != nil {
//		log.Print(err)
//		return nil, nil
//	}
//
//	resp, _ := client.GetOrder(ctx, req) // and resp is used
func swallowed(pass *report.Pass) error {
	flow := flowOf(pass)
	if flow.Program == nil || !stubs(pass).Reaches {
		return nil
	}
	for _, fn := range flow.Program.Funcs {
		if pass.InTest(fn.Pos()) {
			continue
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				if rpc := stubs(pass).RPC(calledFunc(call)); rpc != nil && rpc.Unary() {
					judgeCall(pass, fn, call, rpc)
				}
			}
		}
	}
	return nil
}

func judgeCall(pass *report.Pass, fn *ssa.Function, call *ssa.Call, rpc *stub.Method) {
	err, reply := control.Result(call, 1), control.Result(call, 0)
	if err == nil {
		if reply != nil && isRead(reply) {
			ignoredError(pass, call, rpc)
		}
		return
	}
	if errflow.Tested(err) || isKept(err) {
		return
	}
	for _, block := range onError(err) {
		ret, ok := control.Last(block).(*ssa.Return)
		if !ok || !ret.Pos().IsValid() || !errflow.IsErrorIn(err, block) || !reportsSuccess(pass, fn, ret) || isMended(flowOf(pass).Program, err, ret) {
			continue
		}
		pass.Report("status/swallowed", finding.Finding{
			Pos: ret.Pos(), End: ret.Pos() + token.Pos(len("return")), Subject: rpc.FullMethod,
			Message: fmt.Sprintf("%s reports success although %s has failed: its error is not returned", functionName(fn), say.RPC(rpc.FullMethod)),
			Related: []finding.Related{{Message: "the RPC", Pos: flowOf(pass).Program.CallPos(call), End: call.Pos()}},
		})
	}
}

// onError returns the blocks that control gets to only behind a look at an
// error that was not nil, in the order of the source.
func onError(err ssa.Value) []*ssa.BasicBlock {
	blocks := errflow.EntriesOnError(err)
	seen := make(map[*ssa.BasicBlock]bool)
	for _, block := range blocks {
		seen[block] = true
	}
	for i := 0; i < len(blocks); i++ {
		for _, inner := range blocks[i].Dominees() {
			if !seen[inner] {
				seen[inner] = true
				blocks = append(blocks, inner)
			}
		}
	}
	slices.SortFunc(blocks, func(a, b *ssa.BasicBlock) int { return a.Index - b.Index })
	return blocks
}

// ignoredError reports res, _ := client.Do(ctx, req).
func ignoredError(pass *report.Pass, call *ssa.Call, rpc *stub.Method) {
	expr := flowOf(pass).Program.CallExpr(call)
	if expr == nil {
		return
	}
	for _, n := range syntax.Of(pass.Pass).Around(expr.Pos(), expr.End()) {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
			continue
		}
		blank, ok := assign.Lhs[1].(*ast.Ident)
		if !ok || blank.Name != "_" {
			return
		}
		pass.Report("status/swallowed", finding.Finding{
			Pos: blank.Pos(), End: blank.End(), Subject: rpc.FullMethod,
			Message: fmt.Sprintf("%s is read although %s may have failed: its error is dropped", types.ExprString(assign.Lhs[0]), say.RPC(rpc.FullMethod)),
		})
		return
	}
}

// isRead: a field of the reply is read, and nobody asks whether there is a
// reply.
func isRead(reply ssa.Value) bool {
	read := false
	for _, user := range control.Uses(reply) {
		switch user := user.(type) {
		case *ssa.BinOp:
			return false // compared with nil: that it may be missing is known
		case *ssa.FieldAddr:
			read = true
		case *ssa.Call:
			if fn := calledFunc(user); fn != nil && fn.Signature().Recv() != nil && len(user.Call.Args) == 1 {
				read = true // a getter
			}
		case *ssa.Phi:
			return false
		}
	}
	return read
}

// isKept: the error goes somewhere else than into a log: into a struct, a
// channel, a variable, a call whose result is used.
func isKept(err ssa.Value) bool {
	for _, user := range control.Uses(err) {
		switch user := user.(type) {
		case *ssa.BinOp, *ssa.Return:
		case *ssa.ChangeInterface, *ssa.MakeInterface:
			if !isLogged(user.(ssa.Value)) {
				return true
			}
		case *ssa.Call:
			if !dropsResult(user) {
				if user.Call.IsInvoke() && user.Call.Value == err && isLoggedText(user) {
					continue
				}
				return true
			}
		case *ssa.Phi:
			// Merged with what comes later; the return that is judged
			// knows that it is this one.
		default:
			return true
		}
	}
	return false
}

// isLogged: a value that becomes an argument of a call whose result nobody
// uses.
func isLogged(v ssa.Value) bool {
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Call:
			if !dropsResult(user) {
				return false
			}
		case *ssa.Store:
			element, ok := user.Addr.(*ssa.IndexAddr)
			if !ok || user.Val != v {
				return false
			}
			for _, use := range control.Uses(element.X) {
				slice, ok := use.(*ssa.Slice)
				if !ok {
					continue // other elements
				}
				if !isLogged(slice) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// isLoggedText: err.Error(), which is logged.
func isLoggedText(text ssa.Value) bool {
	for _, user := range control.Uses(text) {
		switch user := user.(type) {
		case *ssa.MakeInterface:
			if !isLogged(user) {
				return false
			}
		case *ssa.Call:
			if !dropsResult(user) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func dropsResult(call *ssa.Call) bool {
	if call.Call.IsInvoke() || calledFunc(call) != nil {
		if call.Call.Signature().Results().Len() == 0 || len(control.Uses(call)) == 0 {
			return true
		}
	}
	return false
}

// reportsSuccess: what is returned beside a nil error is nothing, too.
func reportsSuccess(pass *report.Pass, fn *ssa.Function, ret *ssa.Return) bool {
	results := fn.Signature.Results()
	n := results.Len()
	if n == 0 || !control.IsError(results.At(n-1).Type()) || !control.IsNil(program.GivenBack(ret, n-1)) {
		return false
	}
	obj, _ := fn.Object().(*types.Func)
	handler := obj != nil && stubs(pass).Handler(obj) != nil
	switch {
	case n == 1:
		return handler // others may do what they do as well as they can
	case n > 2:
		return false
	}
	given := program.GivenBack(ret, 0)
	if v, ok := given.(*ssa.Const); ok {
		return v.IsNil()
	}
	return handler && isUnfilled(flowOf(pass).Program, given)
}

// isUnfilled: what a return gives back is &T{}, perhaps by a helper, and nobody
// fills it.
func isUnfilled(p *program.Program, given ssa.Value) bool {
	sources := p.Sources(given)
	call, called := given.(*ssa.Call)
	if called && (!isOnlyReturned(call) || !callsNothing(p, call)) {
		return false
	}
	if len(sources) != 1 || !called && given != sources[0] {
		return false
	}
	if by, ok := sources[0].(*ssa.Call); ok && p.Body(by) != nil {
		returned := program.Returned(p.Body(by), 0)
		return len(returned) == 1 && isNew(returned[0].Value)
	}
	return isNew(sources[0])
}

// isNew: a literal that nobody fills.
func isNew(v ssa.Value) bool {
	alloc, ok := v.(*ssa.Alloc)
	return ok && isOnlyReturned(alloc)
}

// callsNothing: what a call runs has no calls but such: one that did more
// might mend what has failed.
func callsNothing(p *program.Program, call *ssa.Call) bool {
	return callsNothingBut(p, call, make(map[*ssa.Function]bool))
}

// callsNothingBut is the same for what has not been looked into already.
func callsNothingBut(p *program.Program, call *ssa.Call, seen map[*ssa.Function]bool) bool {
	const most = 16
	callees := p.CalleesOrPassed(call)
	if body := p.Body(call); body != nil {
		callees = append(callees, body)
	}
	return len(callees) > 0 && !slices.ContainsFunc(callees, func(fn *ssa.Function) bool {
		if seen[fn] {
			return false
		}
		seen[fn] = true
		return len(seen) > most || slices.ContainsFunc(fn.Blocks, func(block *ssa.BasicBlock) bool {
			return slices.ContainsFunc(block.Instrs, func(instr ssa.Instruction) bool {
				if _, calls := instr.(ssa.CallInstruction); !calls {
					return false
				}
				inner, ok := instr.(*ssa.Call)
				return !ok || !callsNothingBut(p, inner, seen)
			})
		})
	})
}

func isOnlyReturned(v ssa.Value) bool {
	for _, user := range control.Uses(v) {
		if _, ok := user.(*ssa.Return); !ok {
			return false
		}
	}
	return true
}

// isMended: between the error and the return something else is done about
// it: another call whose result is used, and which does something.
func isMended(p *program.Program, err ssa.Value, ret *ssa.Return) bool {
	for _, instr := range ret.Block().Instrs {
		call, ok := instr.(*ssa.Call)
		if ok && call != program.GivenBack(ret, 0) && !dropsResult(call) && !(call.Call.IsInvoke() && call.Call.Value == err) && !callsNothing(p, call) {
			return true
		}
	}
	return false
}

func functionName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function literal in " + functionName(fn.Parent())
	}
	return fn.Name()
}
