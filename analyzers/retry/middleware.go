package retry

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// middleware visits the calls of functions of go-grpc-middleware's retry
// packages.
func middleware(pass *report.Pass, visit func(name string, call *ast.CallExpr)) {
	if !importsMiddleware(pass) {
		return
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		if name := middlewareFunc(pass, call); name != "" {
			visit(name, call)
		}
	}
}

func importsMiddleware(pass *report.Pass) bool {
	for _, imported := range pass.Pkg.Imports() {
		if retryshape.IsMiddlewareRetry(imported.Path()) {
			return true
		}
	}
	return false
}

// middlewareFunc returns the name of the called function if it is one of
// these packages.
func middlewareFunc(pass *report.Pass, call *ast.CallExpr) string {
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil || !retryshape.IsMiddlewareRetry(fn.Pkg().Path()) {
		return ""
	}
	return fn.Name()
}
