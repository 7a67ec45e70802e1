package retry

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// gRPC's codes of context errors.
const (
	canceled         = 1
	deadlineExceeded = 4
)

// deadCode reports codes that go-grpc-middleware's retry interceptors never
// look at: they return context errors before they look at the list.
func deadCode(pass *report.Pass) error {
	middleware(pass, func(name string, call *ast.CallExpr) {
		if name != "WithCodes" {
			return
		}
		exprs := call.Args
		if call.Ellipsis.IsValid() {
			exprs = onlyFor(pass, call.Args[0])
		}
		for _, expr := range exprs {
			value := pass.TypesInfo.Types[expr].Value
			if value == nil || value.Kind() != constant.Int {
				continue // computed
			}
			n, _ := constant.Int64Val(value)
			if n != canceled && n != deadlineExceeded {
				continue
			}
			instead := ""
			if n == deadlineExceeded {
				instead = "; slow attempts need WithPerRetryTimeout"
			}
			f := finding.Finding{
				Pos: expr.Pos(), End: expr.End(), Subject: types.ExprString(expr),
				Message: fmt.Sprintf("%s is never retried: the interceptor returns context errors at once%s", types.ExprString(expr), instead),
			}
			if deletion, ok := edit.DeleteElement(pass.Pass, expr); ok && len(exprs) > 1 { // an empty list means something else
				f.Fixes = []finding.Fix{{Message: "Remove the code, which has no effect", Edits: []finding.Edit{deletion}}}
			}
			pass.Report("retry/dead-code", f)
		}
	})
	return nil
}

// onlyFor returns the elements of the list that a variable is declared with
// if it is used in one place: what is dead there may be of use elsewhere.
func onlyFor(pass *report.Pass, spread ast.Expr) []ast.Expr {
	if elements := literal(spread); elements != nil {
		return elements
	}
	id, ok := ast.Unparen(spread).(*ast.Ident)
	if !ok {
		return nil // a field, the result of a call
	}
	variable, ok := pass.TypesInfo.Uses[id].(*types.Var)
	if !ok || variable.Pkg() != pass.Pkg || variable.Parent() == pass.Pkg.Scope() && variable.Exported() {
		return nil // other packages may use it, too
	}
	uses := 0
	for _, used := range pass.TypesInfo.Uses {
		if used == variable {
			uses++
		}
	}
	if uses != 1 {
		return nil
	}
	if value := syntax.Of(pass.Pass).DeclaredAs(variable); value != nil {
		return literal(value)
	}
	return nil
}

func literal(expr ast.Expr) []ast.Expr {
	if lit, ok := ast.Unparen(expr).(*ast.CompositeLit); ok {
		return lit.Elts
	}
	return nil
}
