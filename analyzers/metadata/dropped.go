package metadata

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
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
	report := func(expr ast.Expr) {
		call, ok := ast.Unparen(expr).(*ast.CallExpr)
		if !ok {
			return
		}
		name := called(pass, call)
		switch name {
		case "AppendToOutgoingContext", "NewOutgoingContext", "NewIncomingContext":
			name = "metadata." + name
		default:
			fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
			if e := flow(pass).Engine(); !ok || pass.InTest(call.Pos()) || !e.OnlyGives(e.Declared(fn)) {
				return // in a test it may be the panic that is asked for
			}
			name = fn.Name()
		}
		pass.Report("metadata/dropped", finding.Finding{
			Pos: call.Fun.Pos(), End: call.Fun.End(), Subject: strings.TrimPrefix(name, "metadata."),
			Message: fmt.Sprintf("the metadata is never sent: it is in the context that %s returns, and that is dropped", name),
		})
	}
	for stmt := range syntax.All[*ast.ExprStmt](syntax.Of(pass.Pass)) {
		report(stmt.X)
	}
	for stmt := range syntax.All[*ast.AssignStmt](syntax.Of(pass.Pass)) {
		for i, lhs := range stmt.Lhs {
			if id, ok := lhs.(*ast.Ident); ok && id.Name == "_" && len(stmt.Lhs) == len(stmt.Rhs) {
				report(stmt.Rhs[i])
			}
		}
	}
	return nil
}
