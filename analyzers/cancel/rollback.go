package cancel

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// rollback reports RPCs that are deferred to undo something when a function
// fails, with the context that may be why it failed. What handlers defer is for
// cancel/cleanup.
func rollback(pass *report.Pass) error {
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	if !stubs.Reaches {
		return nil
	}
	for decl := range syntax.All[*ast.FuncDecl](syntax.Of(pass.Pass)) {
		fn, _ := pass.TypesInfo.Defs[decl.Name].(*types.Func)
		if decl.Body == nil || pass.InTest(decl.Pos()) || fn == nil || stubs.Handler(fn) != nil {
			continue
		}
		contexts := contextsOf(pass, decl)
		if len(contexts) == 0 {
			continue
		}
		ast.Inspect(decl.Body, func(n ast.Node) bool {
			if _, ok := n.(*ast.FuncLit); ok {
				return false // what it defers, it does itself
			}
			deferred, ok := n.(*ast.DeferStmt)
			if !ok {
				return true
			}
			if lit, ok := ast.Unparen(deferred.Call.Fun).(*ast.FuncLit); ok {
				undone(pass, stubs, lit.Body, contexts)
			}
			return false
		})
	}
	return nil
}

// contextsOf returns the contexts that a function gets.
func contextsOf(pass *report.Pass, decl *ast.FuncDecl) map[types.Object]bool {
	contexts := make(map[types.Object]bool)
	for _, field := range decl.Type.Params.List {
		for _, name := range field.Names {
			if obj := pass.TypesInfo.Defs[name]; obj != nil && stub.IsContext(obj.Type()) {
				contexts[obj] = true
			}
		}
	}
	return contexts
}

// undone looks in a deferred function for what it does if there was an error.
func undone(pass *report.Pass, stubs *stub.Index, body *ast.BlockStmt, contexts map[types.Object]bool) {
	for _, stmt := range body.List {
		branch, ok := stmt.(*ast.IfStmt)
		if !ok || !asksError(pass, branch.Cond) {
			continue
		}
		ast.Inspect(branch.Body, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
			if fn == nil || !undoes(fn.Name()) {
				return true
			}
			rpc := stubs.RPC(fn)
			id, isIdent := ast.Unparen(call.Args[0]).(*ast.Ident)
			if rpc == nil || !isIdent || !contexts[pass.TypesInfo.Uses[id]] {
				return true
			}
			pass.Report("cancel/rollback", finding.Finding{
				Pos: id.Pos(), End: id.End(), Subject: rpc.FullMethod,
				Message: fmt.Sprintf("%s is not made when it is needed most: if %s is over, which is why this fails, the RPC fails at once", fn.Name(), id.Name),
			})
			return true
		})
	}
}

// asksError: err != nil, of whatever error.
func asksError(pass *report.Pass, cond ast.Expr) bool {
	binary, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || binary.Op != token.NEQ {
		return false
	}
	t := pass.TypesInfo.TypeOf(binary.X)
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type()) && pass.TypesInfo.Types[binary.Y].IsNil()
}

// undoes: a method whose name says that it takes something back.
func undoes(name string) bool {
	for _, verb := range []string{"Delete", "Remove", "Release", "Rollback", "Unlock", "Cancel", "Abort", "Destroy", "Cleanup", "CleanUp", "Revert", "Undo", "Free", "Detach", "Unregister", "Deregister", "Revoke", "Refund"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}
