package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// lastCode is codes.Unauthenticated, the greatest that gRPC has.
const lastCode = 16

// invalidCode finds codes that gRPC does not have:
//
//	status.Error(http.StatusNotFound, "no such order")
//	codes.Code(resp.StatusCode)
func invalidCode(pass *report.Pass) error {
	if !usesStatus(pass) {
		return nil
	}
	for _, file := range pass.Files {
		if pass.InTest(file.FileStart) {
			continue // tests show what becomes of unknown codes
		}
		onPurpose := 0 // how deep in what is a number of its own, or looked for
		var inspect func(ast.Node) bool
		mildly := func(list []ast.Expr) {
			onPurpose++
			for _, expr := range list {
				ast.Inspect(expr, inspect)
			}
			onPurpose--
		}
		inspect = func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for _, name := range n.Names {
					if _, ok := pass.TypesInfo.Defs[name].(*types.Const); ok {
						mildly(n.Values)
						return false
					}
				}
			case *ast.CaseClause:
				mildly(n.List)
				for _, stmt := range n.Body {
					ast.Inspect(stmt, inspect)
				}
				return false
			case *ast.BinaryExpr:
				if judgeCode(pass, n, onPurpose > 0) {
					return false
				}
				switch n.Op {
				case token.EQL, token.NEQ:
					mildly([]ast.Expr{n.X, n.Y})
					return false
				}
				// An operand of arithmetic, or a bound, is no code itself.
				for _, operand := range []ast.Expr{n.X, n.Y} {
					if _, constant := constantCode(pass, operand); !constant {
						ast.Inspect(operand, inspect)
					}
				}
				return false
			case ast.Expr:
				return !judgeCode(pass, n, onPurpose > 0)
			}
			return true
		}
		ast.Inspect(file, inspect)
	}
	return nil
}

// judgeCode reports true if nothing below the expression is to be judged.
func judgeCode(pass *report.Pass, expr ast.Expr, onPurpose bool) bool {
	if code, ok := constantCode(pass, expr); ok {
		if code > lastCode && !namesCode(pass, expr) {
			reportCode(pass, expr, fmt.Sprintf("%d is no gRPC code: %s", code, unknownCode), onPurpose)
		}
		return true
	}
	call, ok := expr.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !pass.TypesInfo.Types[call.Fun].IsType() || !isCode(pass.TypesInfo.TypeOf(call)) {
		return false
	}
	if !isHTTPStatus(pass, call.Args[0]) {
		return false
	}
	reportCode(pass, expr, fmt.Sprintf("%s is an HTTP status, no gRPC code: %s", types.ExprString(call.Args[0]), unknownCode), false)
	return true
}

const unknownCode = "clients see an unknown error"

func reportCode(pass *report.Pass, expr ast.Expr, message string, onPurpose bool) {
	f := finding.Finding{Pos: expr.Pos(), End: expr.End(), Message: message, Subject: types.ExprString(expr)}
	if onPurpose {
		// Somebody extends the codes, or looks for the codes of somebody
		// who does: grpc-go passes the number on, others do not.
		f.Severity = rule.Info
	}
	if name := codeOfHTTP(pass, expr); name != "" {
		if qualifier := edit.ImportName(pass.Pass, expr.Pos(), codesPath); qualifier != "" {
			f.Fixes = []finding.Fix{{
				Message: "Use codes." + name,
				Edits:   []finding.Edit{edit.Replace(expr, qualifier+"."+name)},
			}}
		}
	}
	pass.Report("status/invalid-code", f)
}

// namesCode: the constant is one that is declared as a code, where it is
// reported, or one of an enumeration: codes of somebody's own, on purpose.
func namesCode(pass *report.Pass, expr ast.Expr) bool {
	if call, ok := ast.Unparen(expr).(*ast.CallExpr); ok && len(call.Args) == 1 {
		c := namedConstant(pass, call.Args[0])
		if c == nil {
			return false
		}
		_, enumeration := types.Unalias(c.Type()).(*types.Named)
		return enumeration
	}
	c := namedConstant(pass, expr)
	return c != nil && isCode(c.Type())
}

func namedConstant(pass *report.Pass, expr ast.Expr) *types.Const {
	switch expr := ast.Unparen(expr).(type) {
	case *ast.Ident:
		c, _ := pass.TypesInfo.Uses[expr].(*types.Const)
		return c
	case *ast.SelectorExpr:
		c, _ := pass.TypesInfo.Uses[expr.Sel].(*types.Const)
		return c
	}
	return nil
}

// isHTTPStatus: the field StatusCode of an http.Response, converted or not.
func isHTTPStatus(pass *report.Pass, expr ast.Expr) bool {
	switch expr := ast.Unparen(expr).(type) {
	case *ast.CallExpr:
		return len(expr.Args) == 1 && pass.TypesInfo.Types[expr.Fun].IsType() && isHTTPStatus(pass, expr.Args[0])
	case *ast.SelectorExpr:
		field, ok := pass.TypesInfo.Uses[expr.Sel].(*types.Var)
		return ok && field.IsField() && field.Name() == "StatusCode" && field.Pkg() != nil && field.Pkg().Path() == "net/http"
	}
	return false
}

// codeOfHTTP returns the gRPC code that means the same as the HTTP status
// that an expression names, or "".
func codeOfHTTP(pass *report.Pass, expr ast.Expr) string {
	expr = ast.Unparen(expr)
	if call, ok := expr.(*ast.CallExpr); ok && len(call.Args) == 1 {
		expr = ast.Unparen(call.Args[0])
	}
	c := namedConstant(pass, expr)
	if c == nil || c.Pkg() == nil || c.Pkg().Path() != "net/http" {
		return ""
	}
	return httpCodes[strings.TrimPrefix(c.Name(), "Status")]
}

// httpCodes is google/rpc/code.proto's mapping, the other way round.
var httpCodes = map[string]string{
	"BadRequest":          "InvalidArgument",
	"Unauthorized":        "Unauthenticated",
	"Forbidden":           "PermissionDenied",
	"NotFound":            "NotFound",
	"Conflict":            "AlreadyExists",
	"PreconditionFailed":  "FailedPrecondition",
	"TooManyRequests":     "ResourceExhausted",
	"InternalServerError": "Internal",
	"NotImplemented":      "Unimplemented",
	"ServiceUnavailable":  "Unavailable",
	"GatewayTimeout":      "DeadlineExceeded",
}
