package status

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
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
	p := flowOf(pass).Program
	if p == nil || !usesStatus(pass) {
		return nil
	}
	tracer := newReadTracer(p)
	reported := make(map[ast.Node]bool)
	for instr := range p.Instructions {
		b, ok := instr.(*ssa.BinOp)
		if !ok || b.Op != token.EQL && b.Op != token.NEQ || !isCode(b.X.Type()) {
			continue
		}
		code, with := b.X, b.Y
		if _, isConst := code.(*ssa.Const); isConst {
			code, with = with, code
		}
		c, ok := with.(*ssa.Const)
		if !ok || c.Value == nil {
			continue
		}
		if n, exact := constant.Int64Val(c.Value); !exact || n == codeUnknown || n == 0 {
			continue // Unknown is what it is; OK is asked for out of care
		}
		from := tracer.Of(code).Own.from
		if from == nil || from.Parent() != b.Parent() || !falseIn(control.Result(from, 1), b.Block()) {
			continue
		}
		at := readAt(pass, p, code, b)
		if at == nil || reported[at] {
			continue
		}
		reported[at] = true
		pass.Report("status/inverted-from-error", finding.Finding{
			Pos: at.Pos(), End: at.End(),
			Message: fmt.Sprintf("the code is always Unknown here: status.FromError said on line %d that the error has no status",
				pass.Line(from.Pos())),
		})
	}
	return nil
}

// A read says which call of status.FromError made the status that a code is
// read of. Others: it may be another one.
type read struct {
	from   *ssa.Call
	others bool
}

// newReadTracer makes what follows a code to the status that it is read of,
// and that to where it is made.
func newReadTracer(p *program.Program) *flow.Tracer[flow.Part[read]] {
	d := flow.Sole(read{others: true})
	d.Source = func(_ flow.Trace[flow.Part[read]], v ssa.Value) (flow.Part[read], bool) {
		e, ok := v.(*ssa.Extract)
		if !ok || e.Index != 0 {
			return flow.Part[read]{}, false
		}
		call, ok := e.Tuple.(*ssa.Call)
		return flow.Part[read]{Own: read{from: call}}, ok && isFunc(calledFunc(call), statusPath, "FromError")
	}
	d.Call = func(t flow.Trace[flow.Part[read]], call *ssa.Call, _ int) (flow.Part[read], bool) {
		fn := calledFunc(call)
		if fn == nil || fn.Name() != "Code" || fn.Signature().Recv() == nil || !isStatus(fn.Signature().Recv().Type()) {
			return flow.Part[read]{}, false
		}
		return t.Of(call.Call.Args[0]), true
	}
	d.Bodies = true
	return flow.New(p, d)
}

// readAt returns where a code is read, or asked for: the call, or what the
// code is compared in.
func readAt(pass *report.Pass, p *program.Program, code ssa.Value, cmp *ssa.BinOp) ast.Node {
	if call, ok := code.(*ssa.Call); ok {
		if expr := p.CallExpr(call); expr != nil {
			return expr
		}
	}
	return nodeAt(pass, cmp.Pos())
}

// falseIn: control gets to the block only if ok was false.
func falseIn(ok ssa.Value, block *ssa.BasicBlock) bool {
	for b := block; b != nil && ok != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		if taken, branches := branchOf(b.Preds[0], b); branches && taken.cond == ok {
			return !taken.outcome
		}
	}
	return false
}
