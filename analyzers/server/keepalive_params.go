package server

import (
	"go/ast"

	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// eachKeepaliveParams visits the literals that are given to
// grpc.KeepaliveParams.
func eachKeepaliveParams(pass *report.Pass, visit func(params *ast.CompositeLit)) {
	if !servers(pass).Uses["KeepaliveParams"] {
		return
	}
	eachGRPCCall(pass, func(call *ast.CallExpr, name string) {
		if name != "KeepaliveParams" || len(call.Args) != 1 {
			return
		}
		if lit := literalOf(call.Args[0]); lit != nil {
			visit(lit)
		}
	})
}

func literalOf(expr ast.Expr) *ast.CompositeLit {
	lit, _ := ast.Unparen(expr).(*ast.CompositeLit)
	return lit
}

// keyOf returns the value that a struct literal gives a field.
func keyOf(lit *ast.CompositeLit, name string) ast.Expr {
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}
