package metadata

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// dropped reports contexts with metadata that go nowhere: the functions
// return a new one and leave the old one as it is, as do those that only call
// them.
func dropped(pass *report.Pass) error {
	if !flow(pass).Concerned {
		return nil
	}
	e := flow(pass).Engine()
	for _, fn := range e.Funcs {
		for call := range program.Calls(fn) {
			if expr := e.CallExpr(call); expr != nil && stub.IsContext(call.Type()) {
				judgeDropped(pass, call, expr)
			}
		}
	}
	return nil
}

func judgeDropped(pass *report.Pass, call *ssa.Call, expr *ast.CallExpr) {
	e := flow(pass).Engine()
	name := mdflow.Called(&call.Call)
	if !e.Gives(call) || !e.Unused(call, func(ssa.Value, ssa.Instruction) bool { return false }) {
		return
	}
	if !discarded(pass, expr) && (!knowsHandlers(pass) || e.IsHandler(program.Outermost(call.Parent()))) {
		return // metadata/direction
	}
	switch {
	case name != "":
		name = "metadata." + name
	case pass.InTest(call.Pos()):
		return // it may be the panic that is asked for
	default:
		name = e.CalleeName(call)
	}
	if name == "" { // a function literal
		if expr = innermost(e.Program, call); expr == nil {
			return
		}
		name = types.ExprString(expr.Fun)
	}
	pass.Report("metadata/dropped", finding.Finding{
		Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: strings.TrimPrefix(name, "metadata."),
		Message: fmt.Sprintf("the metadata is never sent: it is in the context that %s returns, and that is dropped", name),
	})
}

// innermost returns the call whose result the literal returns that a call runs.
func innermost(e *program.Program, call *ssa.Call) *ast.CallExpr {
	for call != nil && len(e.Callees(call)) == 1 && e.CalleeName(call) == "" {
		returned := program.Returned(e.Callees(call)[0], 0)
		if len(returned) == 0 {
			return nil
		}
		call, _ = returned[0].Value.(*ssa.Call)
	}
	if call == nil {
		return nil
	}
	return e.CallExpr(call)
}

// discarded: a call is a statement, or its result is assigned to nothing.
func discarded(pass *report.Pass, call *ast.CallExpr) bool {
	for _, n := range syntax.Of(pass.Pass).Around(call.Pos(), call.End()) {
		switch n := n.(type) {
		case *ast.ExprStmt:
			return true
		case *ast.AssignStmt:
			for i, rhs := range n.Rhs {
				if len(n.Lhs) == len(n.Rhs) && ast.Unparen(rhs) == call {
					id, ok := n.Lhs[i].(*ast.Ident)
					return ok && id.Name == "_"
				}
			}
			return false
		case ast.Expr:
			if ast.Unparen(n) != call {
				return false
			}
		default:
			return false
		}
	}
	return false
}
