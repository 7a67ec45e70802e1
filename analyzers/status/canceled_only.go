package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// canceledOnly reports branches for Canceled alone in functions that give their
// RPCs a deadline: when that expires, the code is another one.
func canceledOnly(pass *report.Pass) error {
	if !stubs(pass).Reaches || !usesStatus(pass) {
		return nil
	}
	for decl := range syntax.All[*ast.FuncDecl](syntax.Of(pass.Pass)) {
		if decl.Body == nil || pass.InTest(decl.Pos()) {
			continue
		}
		w := &canceledWalk{pass: pass}
		ast.Inspect(decl.Body, w.visit)
		if w.at == nil || w.deadline == nil || w.expiry || !w.calls() {
			continue
		}
		pass.Report("status/canceled-only", finding.Finding{
			Pos: w.at.Pos(), End: w.at.End(), Subject: decl.Name.Name,
			Message: fmt.Sprintf("misses the timeout of %s: its RPCs end with DeadlineExceeded then, and only Canceled is looked for", types.ExprString(w.deadline.Fun)),
			Related: []finding.Related{{Message: "the RPCs get a deadline here", Pos: w.deadline.Pos(), End: w.deadline.End()}},
		})
	}
	return nil
}

// canceledWalk looks for a deadline, an RPC that has it, and the codes that are
// asked for.
type canceledWalk struct {
	pass     *report.Pass
	deadline *ast.CallExpr // that makes the context
	ctx      types.Object
	rpcs     []types.Object // contexts that RPCs get
	at       ast.Expr       // codes.Canceled
	expiry   bool           // the deadline's end is asked for, too
}

// calls reports whether an RPC gets the context with the deadline.
func (w *canceledWalk) calls() bool {
	for _, ctx := range w.rpcs {
		if ctx == w.ctx {
			return true
		}
	}
	return false
}

func (w *canceledWalk) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) == 2 && len(n.Rhs) == 1 {
			if call, ok := ast.Unparen(n.Rhs[0]).(*ast.CallExpr); ok && isFunc(called(w.pass, call), "context", "WithTimeout", "WithDeadline") {
				if id, ok := n.Lhs[0].(*ast.Ident); ok {
					w.deadline, w.ctx = call, w.pass.TypesInfo.ObjectOf(id)
				}
			}
		}
	case *ast.CallExpr:
		fn, _ := typeutil.Callee(w.pass.TypesInfo, n).(*types.Func)
		if fn != nil && stubs(w.pass).RPC(fn) != nil && len(n.Args) > 0 {
			if id, ok := ast.Unparen(n.Args[0]).(*ast.Ident); ok {
				w.rpcs = append(w.rpcs, w.pass.TypesInfo.Uses[id])
			}
		}
	case *ast.BinaryExpr:
		if n.Op == token.EQL {
			for _, side := range []ast.Expr{n.X, n.Y} {
				if w.isCanceled(side) {
					w.at = side
				}
			}
		}
	case *ast.CaseClause:
		for _, e := range n.List {
			if w.isCanceled(e) {
				w.at = e
			}
		}
	case *ast.SelectorExpr:
		switch n.Sel.Name {
		case "DeadlineExceeded", "ErrDeadlineExceeded", "IsTimeout", "Timeout", "Err", "Cause":
			w.expiry = true // ctx.Err() tells, too
		}
	}
	return true
}

func (w *canceledWalk) isCanceled(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Canceled" {
		return false
	}
	obj := w.pass.TypesInfo.Uses[sel.Sel]
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == codesPath
}
