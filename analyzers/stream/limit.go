package stream

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// limits: a condition on a number, which may well count the attempts.
func limits(cond ssa.Value) bool {
	op, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	basic, ok := op.X.Type().Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 {
		return false
	}
	_, named := types.Unalias(op.X.Type()).(*types.Named)
	return !named // codes.Code and other enumerations count nothing
}

// mayCount: a condition that a function decides which is not asked about the
// error, and may well count how often it is asked: it writes something, or
// nobody can look into it.
func mayCount(info *streams.Info, cond, err ssa.Value) bool {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	}
	call, ok := cond.(*ssa.Call)
	if !ok || control.DependsOn(call, err) {
		return false
	}
	return !onlyLooks(info, call, 0)
}

// onlyLooks: a call surely changes nothing.
func onlyLooks(info *streams.Info, call *ssa.Call, depth int) bool {
	common := call.Common()
	if _, builtin := common.Value.(*ssa.Builtin); builtin {
		return true
	}
	if common.IsInvoke() {
		return stub.IsContext(common.Value.Type()) || isReport(common.Method)
	}
	fn, obj := info.SSA.Callee(common)
	if fn == nil || depth > 2 {
		return fn == nil && obj != nil && isReport(obj)
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if _, local := instr.Addr.(*ssa.Alloc); !local {
					return false
				}
			case *ssa.MapUpdate, *ssa.Send, *ssa.Go, *ssa.Defer:
				return false
			case *ssa.Call:
				if !onlyLooks(info, instr, depth+1) {
					return false
				}
			}
		}
	}
	return true
}

// isReport: a function of a package that only reports, formats, classifies or
// reads a clock or a variable.
func isReport(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return true // error.Error
	}
	path := fn.Pkg().Path()
	if path == "sync/atomic" {
		return fn.Name() == "Load" || fn.Name() == "LoadInt32" || fn.Name() == "LoadUint32" || fn.Name() == "LoadInt64" || fn.Name() == "LoadUint64"
	}
	return reports[path] || path == "time" || path == "context" || path == stub.GRPCPath
}

// cancels: a call of the function that cancels a context.
func cancels(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok || call.Call.IsInvoke() {
		return false
	}
	named, ok := types.Unalias(call.Call.Value.Type()).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// waitsForEnd: a select with a case for the end of a context.
func waitsForEnd(instr ssa.Instruction) bool {
	sel, ok := instr.(*ssa.Select)
	if !ok {
		return false
	}
	for _, state := range sel.States {
		if call, ok := state.Chan.(*ssa.Call); ok && call.Call.IsInvoke() && stub.IsContext(call.Call.Value.Type()) {
			return true
		}
	}
	return false
}

// endTest: a comparison of ctx.Err() with nil; over says that it has come out
// as for a context that has ended.
func endTest(cond ssa.Value, outcome bool) (over, known bool) {
	op, ok := cond.(*ssa.BinOp)
	if !ok || op.Op != token.EQL && op.Op != token.NEQ || !control.IsNil(op.Y) {
		return false, false
	}
	call, ok := op.X.(*ssa.Call)
	if !ok || !call.Call.IsInvoke() || call.Call.Method.Name() != "Err" || !stub.IsContext(call.Call.Value.Type()) {
		return false, false
	}
	return outcome == (op.Op == token.NEQ), true
}
