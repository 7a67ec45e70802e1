package cancel

import (
	"go/ast"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// statementOf returns the statement around a call, if the call is all of it
// and the function around it can return an error in its last result. Whoever
// calls a literal may drop its error.
func statementOf(pass *report.Pass, call *ast.CallExpr) (*edit.Lone, bool) {
	if call == nil {
		return nil, false
	}
	stmt, ok := edit.LoneCall(pass.Pass, call)
	return stmt, ok && !stmt.InLiteral
}

// contextAt returns the expression for the RPC's context, if its variable is
// not hidden by another one at the call.
func contextAt(pass *report.Pass, f *handling.Frame, call *ast.CallExpr) string {
	expr, param := f.Context()
	if param == nil || edit.Meaning(pass.Pass, param.Name(), call.Pos()) != param.Object() {
		return ""
	}
	return expr
}
