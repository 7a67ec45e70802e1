package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// Codes that precondition tells apart.
const (
	failedPrecondition = 9
	aborted            = 10
)

// precondition finds handlers that answer a stale etag with
// FailedPrecondition, which says "do not retry", instead of Aborted, which
// says "read again and retry"; and the reverse for the state of a resource.
func precondition(pass *report.Pass) error {
	if !stubs(pass).Reaches || !usesStatus(pass) {
		return nil
	}
	for _, file := range pass.Files {
		if pass.InTest(file.FileStart) {
			continue
		}
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			ast.Inspect(decl.Body, func(n ast.Node) bool {
				if test, ok := n.(*ast.IfStmt); ok {
					judgePrecondition(pass, test)
				}
				return true
			})
		}
	}
	return nil
}

func judgePrecondition(pass *report.Pass, test *ast.IfStmt) {
	b := inequality(test.Cond)
	if b == nil {
		return
	}
	code := returnedCode(pass, test.Body)
	if code == nil {
		return
	}
	value, _ := constantCode(pass, code)
	want := etagCode(pass)
	switch {
	case (value == failedPrecondition || value == aborted) && value != want && isStale(pass, b):
		consequence := "clients do not read again and retry"
		if want != aborted {
			consequence = "clients do not see what has happened"
		}
		pass.Report("status/precondition", finding.Finding{
			Pos: code.Pos(), End: code.End(), Subject: types.ExprString(b),
			Message: fmt.Sprintf("%s: a stale %s is answered with %s instead of %s", consequence, fieldOf(b.X), goName(value), goName(want)),
			Fixes:   replaceCode(code, goName(want)),
		})
	case value == aborted && isState(pass, b):
		pass.Report("status/precondition", finding.Finding{
			Pos: code.Pos(), End: code.End(), Subject: types.ExprString(b),
			Message: "clients retry in vain: a resource in the wrong state is answered with Aborted instead of FailedPrecondition",
			Fixes:   replaceCode(code, "FailedPrecondition"),
		})
	}
}

func replaceCode(code ast.Expr, name string) []finding.Fix {
	rename, ok := edit.Rename(code, name)
	if !ok {
		return nil
	}
	return []finding.Fix{{Message: "Use codes." + name, Edits: []finding.Edit{rename}}}
}

// inequality returns x != y, also as one side of "x != "" && x != y".
func inequality(cond ast.Expr) *ast.BinaryExpr {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	switch b.Op {
	case token.NEQ:
		return b
	case token.LAND:
		return inequality(b.Y)
	}
	return nil
}

// returnedCode returns the code of the status error with which a block that
// consists of little more returns.
func returnedCode(pass *report.Pass, block *ast.BlockStmt) ast.Expr {
	if len(block.List) == 0 {
		return nil
	}
	ret, ok := block.List[len(block.List)-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 {
		return nil
	}
	call, ok := ast.Unparen(ret.Results[len(ret.Results)-1]).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || !makesStatus(called(pass, call)) {
		return nil
	}
	if _, ok := constantCode(pass, call.Args[0]); !ok {
		return nil
	}
	return call.Args[0]
}

// isStale: both sides are an etag or a version of a message: r.Etag,
// r.GetOrder().GetEtag(), stored.Version.
func isStale(pass *report.Pass, b *ast.BinaryExpr) bool {
	x, y := fieldOf(b.X), fieldOf(b.Y)
	if x == "" || !slices.Contains(concurrencyFields, x) {
		return false
	}
	if pass.TypesInfo.Types[b.Y].Value != nil {
		return false // a constant: is it there at all?
	}
	return y == x || y == "" && isIdent(b.Y)
}

// concurrencyFields are fields by which writers notice each other.
var concurrencyFields = []string{"etag", "version", "revision", "generation", "resourceversion"}

func isIdent(expr ast.Expr) bool {
	_, ok := ast.Unparen(expr).(*ast.Ident)
	return ok
}

// fieldOf returns the name of the field that an expression reads, directly
// or by its getter, in lower case; else "".
func fieldOf(expr ast.Expr) string {
	switch expr := ast.Unparen(expr).(type) {
	case *ast.SelectorExpr:
		return strings.ToLower(expr.Sel.Name)
	case *ast.CallExpr:
		sel, ok := ast.Unparen(expr.Fun).(*ast.SelectorExpr)
		if !ok || len(expr.Args) > 0 {
			return ""
		}
		return strings.ToLower(strings.TrimPrefix(sel.Sel.Name, "Get"))
	}
	return ""
}

// isState: an enum field State or Status of a message is not what it has to
// be.
func isState(pass *report.Pass, b *ast.BinaryExpr) bool {
	x := fieldOf(b.X)
	if x != "state" && x != "status" || pass.TypesInfo.Types[b.Y].Value == nil {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(pass.TypesInfo.TypeOf(b.X), false, nil, "EnumDescriptor")
	_, isEnum := obj.(*types.Func)
	return isEnum
}
