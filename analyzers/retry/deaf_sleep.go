package retry

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// deafSleep reports time.Sleep between the attempts of an RPC whose context
// may end meanwhile.
func deafSleep(pass *report.Pass) error {
	for _, sleep := range info(pass).Sleeps {
		if pass.InTest(sleep.Call.Pos()) {
			continue
		}
		expr := info(pass).SSA.CallExpr(sleep.Call)
		if expr == nil {
			continue
		}
		f := finding.Finding{
			Pos: expr.Pos(), End: expr.End(), Subject: sleep.RPC.FullMethod,
			Message: fmt.Sprintf("trying %s again outlasts %s: %s between two attempts does not look at it", sleep.RPC.Name(), sleep.Context, types.ExprString(expr.Fun)),
		}
		if fix, ok := listen(pass, sleep, expr); ok && !sleep.Helped {
			f.Fixes = []finding.Fix{fix}
		}
		pass.Report("retry/deaf-sleep", f)
	}
	return nil
}

// listen replaces the sleep by a select, if what the function returns then
// can be written down.
func listen(pass *report.Pass, sleep *retryshape.Sleep, call *ast.CallExpr) (finding.Fix, bool) {
	stmt, ok := edit.LoneCall(pass.Pass, call)
	sel, isSelector := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !isSelector || len(call.Args) != 1 {
		return finding.Fix{}, false
	}
	// The name has to mean the context around the loop, not that of one
	// attempt.
	if obj := edit.Meaning(pass.Pass, sleep.Context, call.Pos()); obj == nil || !stub.IsContext(obj.Type()) || inLoop(stmt.Around, obj.Pos()) {
		return finding.Fix{}, false
	}
	return finding.Fix{
		Message: "Wait for the time or for the context, whichever ends first",
		Edits:   []finding.Edit{stmt.ListenTo(sleep.Context, types.ExprString(sel.X), types.ExprString(call.Args[0]))},
	}, true
}

// inLoop reports whether pos lies within a loop of path.
func inLoop(path []ast.Node, pos token.Pos) bool {
	return slices.ContainsFunc(path, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return n.Pos() <= pos && pos < n.End()
		}
		return false
	})
}
