package cancel

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// sleep reports time.Sleep, and that of a clock, in what runs for a handler.
func sleep(pass *report.Pass) error {
	for _, s := range sites(pass, handling.Sleep) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s may sleep on when the client has gone%s: %s does not end with the context", s.Frame.Called(), via(s), s.What)
		switch {
		case s.Remote != nil:
			f.ComesOf(s.Remote, s.Frame.Called(), "comes to it") // what many handlers come to is wrong once
		case s.What == "time.Sleep":
			f.Fixes = selectInstead(pass, s)
		}
		pass.Report("cancel/sleep", f)
	}
	return nil
}

// selectInstead waits for the end of the RPC too.
func selectInstead(pass *report.Pass, s *handling.Site) []finding.Fix {
	stmt, ok := statementOf(pass, handlers(pass).Expr(s))
	if !ok {
		return nil
	}
	ctx := contextAt(pass, s.Frame, stmt.Call)
	sel, isSelector := ast.Unparen(stmt.Call.Fun).(*ast.SelectorExpr)
	if ctx == "" || !isSelector || len(stmt.Call.Args) != 1 {
		return nil
	}
	duration, ok := edit.Source(pass.Pass, stmt.Call.Args[0].Pos(), stmt.Call.Args[0].End())
	pkg, isName := sel.X.(*ast.Ident)
	if !ok || !isName {
		return nil
	}
	_, means := edit.Meaning(pass.Pass, pkg.Name, stmt.Call.Pos()).(*types.PkgName)
	return []finding.Fix{{
		Message: "Wait for the end of the context too",
		Safe:    means,
		Edits:   []finding.Edit{stmt.ListenTo(ctx, pkg.Name, duration)},
	}}
}
