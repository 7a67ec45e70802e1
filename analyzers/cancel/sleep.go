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

// sleep reports time.Sleep in what runs for a handler.
func sleep(pass *report.Pass) error {
	for _, s := range sites(pass, handling.Sleep) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s sleeps on when its client has gone%s: time.Sleep does not end with the context", s.Frame.Called(), via(s))
		if s.Remote == nil {
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
	ctx := stmt.contextAt(s.Frame)
	sel, isSelector := ast.Unparen(stmt.call.Fun).(*ast.SelectorExpr)
	if ctx == "" || !isSelector || len(stmt.call.Args) != 1 {
		return nil
	}
	duration, ok := edit.Source(pass.Pass, stmt.call.Args[0].Pos(), stmt.call.Args[0].End())
	pkg, isName := sel.X.(*ast.Ident)
	if !ok || !isName {
		return nil
	}
	in := stmt.indent
	text := "select {\n" +
		in + "case <-" + ctx + ".Done():\n" +
		in + "\t" + stmt.leave + ctx + ".Err()\n" +
		in + "case <-" + pkg.Name + ".After(" + duration + "):\n" +
		in + "}"
	return []finding.Fix{{
		Message: "Wait for the end of the context too",
		Safe:    stmt.means(pkg.Name, func(obj types.Object) bool { _, ok := obj.(*types.PkgName); return ok }),
		Edits:   []finding.Edit{{Pos: stmt.stmt.Pos(), End: stmt.stmt.End(), NewText: text}},
	}}
}
