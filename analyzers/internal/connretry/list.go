package connretry

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
)

// A List is a list of codes that a retry interceptor or gax is told to try
// again, all of them constants.
type List struct {
	Pos, End token.Pos
	Name     string // "retry.WithCodes"
	Codes    codeflow.Codes
	// Exprs are the codes as they are written.
	Exprs []ast.Expr
	// Middleware: they are for a retry interceptor of go-grpc-middleware.
	Middleware bool
}

// lists finds them in the syntax: they are written out where they matter.
func (x *conns) lists() []List {
	var found []List
	for _, file := range x.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			fn, ok := typeutil.Callee(x.pass.TypesInfo, call).(*types.Func)
			if !ok || fn.Pkg() == nil {
				return true
			}
			var exprs []ast.Expr
			switch {
			case fn.Name() == "WithCodes" && retryshape.IsMiddlewareRetry(fn.Pkg().Path()) && !call.Ellipsis.IsValid():
				exprs = call.Args
			case fn.Name() == "OnCodes" && codeflow.Versionless(fn.Pkg().Path()) == "github.com/googleapis/gax-go":
				if lit, ok := ast.Unparen(call.Args[0]).(*ast.CompositeLit); ok {
					exprs = lit.Elts
				}
			}
			if len(exprs) == 0 {
				return true
			}
			list := List{Pos: exprs[0].Pos(), End: exprs[len(exprs)-1].End(), Name: fn.Pkg().Name() + "." + fn.Name(), Exprs: exprs, Middleware: retryshape.IsMiddlewareRetry(fn.Pkg().Path())}
			for _, expr := range exprs {
				value := x.pass.TypesInfo.Types[expr].Value
				if value == nil || value.Kind() != constant.Int {
					return true // something computed is among them
				}
				n, _ := constant.Int64Val(value)
				list.Codes |= codeflow.CodeOf(n)
			}
			found = append(found, list)
			return true
		})
	}
	return found
}
