package metadata

import (
	"fmt"
	"go/ast"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// dropped reports contexts with metadata that go nowhere: the functions
// return a new one and leave the old one as it is.
func dropped(pass *report.Pass) error {
	if !flow(pass).Concerned {
		return nil
	}
	report := func(expr ast.Expr) {
		call, ok := ast.Unparen(expr).(*ast.CallExpr)
		if !ok {
			return
		}
		switch name := called(pass, call); name {
		case "AppendToOutgoingContext", "NewOutgoingContext", "NewIncomingContext":
			pass.Report("metadata/dropped", finding.Finding{
				Pos: call.Fun.Pos(), End: call.Fun.End(), Subject: name,
				Message: fmt.Sprintf("the metadata is never sent: it is in the context that metadata.%s returns, and that is dropped", name),
			})
		}
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
