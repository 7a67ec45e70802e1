package status

import (
	"fmt"
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// invertedFromError finds codes that are read where there is none:
//
//	st, ok := status.FromError(err)
//	if ok {
//		return err
//	}
//	if st.Code() == codes.NotFound { // always Unknown here
func invertedFromError(pass *report.Pass) error {
	flow := flowOf(pass)
	if flow.Program == nil {
		return nil
	}
	for _, fn := range flow.Program.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if call, ok := instr.(*ssa.Call); ok && isFunc(calledFunc(call), statusPath, "FromError") {
					judgeFromError(pass, call)
				}
			}
		}
	}
	return nil
}

func judgeFromError(pass *report.Pass, call *ssa.Call) {
	s, ok := control.Result(call, 0), control.Result(call, 1)
	if s == nil || ok == nil {
		return
	}
	for _, user := range control.Uses(s) {
		read, isCall := user.(*ssa.Call)
		if !isCall || read.Call.IsInvoke() || len(read.Call.Args) != 1 || calledFunc(read) == nil || calledFunc(read).Name() != "Code" {
			continue
		}
		for _, use := range control.Uses(read) {
			b, isOp := use.(*ssa.BinOp)
			if !isOp || b.Op != token.EQL && b.Op != token.NEQ || !falseIn(ok, b.Block()) {
				continue
			}
			code, isConst := b.Y.(*ssa.Const)
			if !isConst {
				code, isConst = b.X.(*ssa.Const)
			}
			if !isConst || code.Value == nil {
				continue
			}
			if n, exact := constant.Int64Val(code.Value); !exact || n == 2 || n == 0 {
				continue // Unknown is what it is; OK is asked for out of care
			}
			expr := flowOf(pass).Program.CallExpr(read)
			if expr == nil {
				return
			}
			pass.Report("status/inverted-from-error", finding.Finding{
				Pos: expr.Pos(), End: expr.End(),
				Message: fmt.Sprintf("the code is always Unknown here: status.FromError said on line %d that the error has no status",
					pass.Line(call.Pos())),
			})
			return
		}
	}
}

// falseIn: control gets to the block only if ok was false.
func falseIn(ok ssa.Value, block *ssa.BasicBlock) bool {
	for b := block; b != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		test, isIf := control.Last(b.Preds[0]).(*ssa.If)
		if !isIf || b.Preds[0].Succs[0] == b.Preds[0].Succs[1] {
			continue
		}
		outcome := b.Preds[0].Succs[0] == b
		cond := test.Cond
		for {
			not, isNot := cond.(*ssa.UnOp)
			if !isNot || not.Op != token.NOT {
				break
			}
			cond, outcome = not.X, !outcome
		}
		if cond == ok {
			return !outcome
		}
	}
	return false
}
