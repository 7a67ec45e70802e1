package status

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// typeAssert finds errors that are looked at from outside only:
//
//	if s, ok := err.(interface{ GRPCStatus() *status.Status }); ok {
func typeAssert(pass *report.Pass) error {
	if !usesStatus(pass) {
		return nil
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && isLink(fn) || unwraps(pass, decl) {
				continue
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.TypeAssertExpr:
					if n.Type != nil {
						judgeAssertion(pass, n.X, n.Type, n)
					}
				case *ast.TypeSwitchStmt:
					judgeTypeSwitch(pass, n)
				}
				return true
			})
		}
	}
	return nil
}

// isLink: methods by which package errors asks one error of a chain.
func isLink(decl *ast.FuncDecl) bool {
	return decl.Recv != nil && slices.Contains([]string{"Is", "As", "Unwrap", "GRPCStatus"}, decl.Name.Name)
}

// unwraps: the function, or one of a declaration of variables, looks inside of
// errors too.
func unwraps(pass *report.Pass, decl ast.Decl) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		fn := called(pass, call)
		if fn == nil {
			return true
		}
		switch fn.Name() {
		case "As", "AsType", "Unwrap", "Cause", "UnwrapAll", "FromError", "Convert":
			// errors, pkg/errors, cockroachdb/errors, status and
			// whatever is called like them: all look inside.
			found = true
		}
		return !found
	})
	return found
}

func judgeTypeSwitch(pass *report.Pass, s *ast.TypeSwitchStmt) {
	var x ast.Expr
	switch assign := s.Assign.(type) {
	case *ast.ExprStmt:
		x = assign.X
	case *ast.AssignStmt:
		x = assign.Rhs[0]
	}
	assertion, ok := ast.Unparen(x).(*ast.TypeAssertExpr)
	if !ok {
		return
	}
	for _, clause := range s.Body.List {
		for _, t := range clause.(*ast.CaseClause).List {
			judgeAssertion(pass, assertion.X, t, t)
		}
	}
}

func judgeAssertion(pass *report.Pass, x, target ast.Expr, at ast.Node) {
	if !isError(pass.TypesInfo.TypeOf(x)) || !hasStatus(pass.TypesInfo.TypeOf(target)) {
		return
	}
	pass.Report("status/type-assert", finding.Finding{
		Pos: at.Pos(), End: at.End(), Subject: types.ExprString(x),
		Message: fmt.Sprintf("the code of a wrapped error is missed: the assertion does not look inside of %s, status.FromError does", types.ExprString(x)),
	})
}

// hasStatus: an interface with the method GRPCStatus() *status.Status.
func hasStatus(t types.Type) bool {
	if t == nil || !types.IsInterface(t) {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, "GRPCStatus")
	fn, ok := obj.(*types.Func)
	return ok && fn.Signature().Params().Len() == 0 && fn.Signature().Results().Len() == 1 && isStatus(fn.Signature().Results().At(0).Type())
}
