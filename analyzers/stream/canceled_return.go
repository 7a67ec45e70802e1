package stream

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// canceledReturn reports functions that return a stream whose context they have
// canceled by then.
func canceledReturn(pass *report.Pass) error {
	if !pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches {
		return nil
	}
	for decl := range syntax.All[*ast.FuncDecl](syntax.Of(pass.Pass)) {
		if decl.Body != nil && !pass.InTest(decl.Pos()) {
			canceledReturnIn(pass, decl.Body)
		}
	}
	for lit := range syntax.All[*ast.FuncLit](syntax.Of(pass.Pass)) {
		if !pass.InTest(lit.Pos()) {
			canceledReturnIn(pass, lit.Body)
		}
	}
	return nil
}

func canceledReturnIn(pass *report.Pass, body *ast.BlockStmt) {
	ends := deferredCancels(pass, body)
	if len(ends) == 0 {
		return
	}
	opened := make(map[types.Object]*ast.CallExpr) // streams, by their variables
	own(body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if call, ok := opens(pass, n.Rhs, ends); ok && len(n.Lhs) == 2 {
				if id, ok := n.Lhs[0].(*ast.Ident); ok && id.Name != "_" {
					opened[pass.TypesInfo.ObjectOf(id)] = call
				}
			}
		case *ast.ReturnStmt:
			if call, ok := opens(pass, n.Results, ends); ok {
				reportCanceled(pass, call, n.Results[0], ends)
				return
			}
			for _, result := range n.Results {
				if id := handedOut(result); id != nil && opened[pass.TypesInfo.Uses[id]] != nil {
					reportCanceled(pass, opened[pass.TypesInfo.Uses[id]], id, ends)
				}
			}
		}
	})
}

func reportCanceled(pass *report.Pass, open *ast.CallExpr, at ast.Expr, ends map[types.Object]*ast.DeferStmt) {
	id, _ := ast.Unparen(open.Args[0]).(*ast.Ident)
	end := ends[pass.TypesInfo.Uses[id]]
	name := types.ExprString(open.Fun)
	pass.Report("stream/canceled-return", finding.Finding{
		Pos: end.Call.Pos(), End: end.Call.End(), Subject: name,
		Message: fmt.Sprintf("the stream of %s is over before its caller gets it: the deferred %s ends its context", name, types.ExprString(end.Call)),
		Related: []finding.Related{{Message: "it is returned here", Pos: at.Pos(), End: at.End()}},
	})
}

// deferredCancels returns the contexts that a function derives and whose cancel
// functions it defers.
func deferredCancels(pass *report.Pass, body *ast.BlockStmt) map[types.Object]*ast.DeferStmt {
	contexts := make(map[types.Object]types.Object) // by their cancel functions
	ends := make(map[types.Object]*ast.DeferStmt)
	own(body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) != 2 || len(n.Rhs) != 1 {
				return
			}
			call, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr)
			if !ok {
				return
			}
			fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
			if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "context" {
				return
			}
			ctx, ok := n.Lhs[0].(*ast.Ident)
			cancel, isIdent := n.Lhs[1].(*ast.Ident)
			if ok && isIdent && cancel.Name != "_" {
				contexts[pass.TypesInfo.ObjectOf(cancel)] = pass.TypesInfo.ObjectOf(ctx)
			}
		case *ast.DeferStmt:
			if id, ok := ast.Unparen(n.Call.Fun).(*ast.Ident); ok {
				if ctx := contexts[pass.TypesInfo.Uses[id]]; ctx != nil {
					ends[ctx] = n
				}
			}
		}
	})
	return ends
}

// opens returns the call that opens a stream with one of some contexts, if it is
// the only expression.
func opens(pass *report.Pass, list []ast.Expr, ends map[types.Object]*ast.DeferStmt) (*ast.CallExpr, bool) {
	if len(list) != 1 {
		return nil, false
	}
	call, ok := ast.Unparen(list[0]).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, false
	}
	fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if fn == nil {
		return nil, false
	}
	rpc := pass.ResultOf[stub.Analyzer].(*stub.Index).RPC(fn)
	id, isIdent := ast.Unparen(call.Args[0]).(*ast.Ident)
	if rpc == nil || rpc.Unary() || !isIdent || ends[pass.TypesInfo.Uses[id]] == nil {
		return nil, false
	}
	return call, true
}

// handedOut returns the variable that a result is, or that a literal which it
// is holds: &reader{stream}.
func handedOut(result ast.Expr) *ast.Ident {
	switch e := ast.Unparen(result).(type) {
	case *ast.Ident:
		return e
	case *ast.UnaryExpr:
		return handedOut(e.X)
	case *ast.CompositeLit:
		for _, element := range e.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				element = pair.Value
			}
			if id, ok := ast.Unparen(element).(*ast.Ident); ok {
				return id
			}
		}
	}
	return nil
}

// own visits the nodes of a function's body, those of functions in it left out.
func own(body *ast.BlockStmt, visit func(ast.Node)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if n != nil {
			visit(n)
		}
		return true
	})
}
