package retry

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
)

// middleware visits the calls of functions of go-grpc-middleware's retry
// packages.
func middleware(pass *report.Pass, visit func(name string, call *ast.CallExpr)) {
	if !importsMiddleware(pass) {
		return
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if name := middlewareFunc(pass, call); name != "" {
					visit(name, call)
				}
			}
			return true
		})
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
