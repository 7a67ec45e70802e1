package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// overwritten reports handlers that answer the error of an RPC with Internal or
// Unknown, whatever its own code says.
func overwritten(pass *report.Pass) error {
	if !stubs(pass).Reaches || !usesStatus(pass) {
		return nil
	}
	for decl := range syntax.All[*ast.FuncDecl](syntax.Of(pass.Pass)) {
		fn, _ := pass.TypesInfo.Defs[decl.Name].(*types.Func)
		if decl.Body == nil || fn == nil || stubs(pass).Handler(fn) == nil || pass.InTest(decl.Pos()) {
			continue
		}
		w := &overwriting{pass: pass, last: make(map[types.Object]assigned), read: make(map[types.Object]bool)}
		ast.Inspect(decl.Body, w.readers)
		ast.Inspect(decl.Body, w.visit)
	}
	return nil
}

// overwriting follows the error variables of one handler in the order of the
// text.
type overwriting struct {
	pass *report.Pass
	last map[types.Object]assigned // what the variable got last
	read map[types.Object]bool     // somebody looks at its code
}

// assigned is an RPC whose error a variable holds; the zero value is anything
// else.
type assigned struct{ rpc *stub.Method }

// readers notes the errors that are given to what looks at codes, or compared.
func (w *overwriting) readers(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		fn := called(w.pass, n)
		if fn == nil || makesStatus(fn) || fn.Pkg() != nil && (fn.Pkg().Path() == "fmt" || fn.Pkg().Path() == "log" || fn.Pkg().Path() == "log/slog") {
			return true
		}
		for _, arg := range n.Args {
			if id, ok := ast.Unparen(arg).(*ast.Ident); ok {
				w.read[w.pass.TypesInfo.Uses[id]] = true // a helper may decide by it
			}
		}
	case *ast.SwitchStmt:
		if id, ok := n.Tag.(*ast.Ident); ok {
			w.read[w.pass.TypesInfo.Uses[id]] = true
		}
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			for _, side := range [][2]ast.Expr{{n.X, n.Y}, {n.Y, n.X}} {
				if id, ok := ast.Unparen(side[0]).(*ast.Ident); ok && !w.pass.TypesInfo.Types[side[1]].IsNil() {
					w.read[w.pass.TypesInfo.Uses[id]] = true
				}
			}
		}
	}
	return true
}

func (w *overwriting) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		var rpc *stub.Method
		if len(n.Rhs) == 1 {
			if call, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr); ok {
				if fn := called(w.pass, call); fn != nil {
					rpc = stubs(w.pass).RPC(fn)
				}
			}
		}
		for i, to := range n.Lhs {
			if id, ok := to.(*ast.Ident); ok && i == len(n.Lhs)-1 {
				w.last[w.pass.TypesInfo.ObjectOf(id)] = assigned{rpc}
			}
		}
	case *ast.ReturnStmt:
		for _, result := range n.Results {
			if call, ok := ast.Unparen(result).(*ast.CallExpr); ok {
				w.made(call)
			}
		}
	}
	return true
}

// made judges an error that is returned: a status with a fixed code and the error
// of an RPC in its message.
func (w *overwriting) made(call *ast.CallExpr) {
	if !makesStatus(called(w.pass, call)) || len(call.Args) < 2 {
		return
	}
	code, ok := constantCode(w.pass, call.Args[0])
	if !ok || code != codeInternal && code != codeUnknown {
		return
	}
	for _, arg := range call.Args[1:] {
		id := mentioned(arg)
		if id == nil {
			continue
		}
		obj := w.pass.TypesInfo.Uses[id]
		rpc := w.last[obj].rpc
		if rpc == nil || w.read[obj] {
			continue
		}
		w.pass.Report("status/overwritten", finding.Finding{
			Severity: rule.Info, Pos: call.Args[0].Pos(), End: call.Args[0].End(), Subject: rpc.FullMethod,
			Message: fmt.Sprintf("NotFound and Unavailable of %s look like a broken server: its error is answered with %s, whatever its code", rpc.Name, types.ExprString(call.Args[0])),
		})
		return
	}
}

// mentioned returns the variable in err and err.Error().
func mentioned(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.CallExpr:
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "Error" && len(e.Args) == 0 {
			return mentioned(sel.X)
		}
	}
	return nil
}
