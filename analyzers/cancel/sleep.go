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
		says := fmt.Sprintf(" may sleep on when the client has gone%s: %s does not end with the context", via(s), s.What)
		f.Message = s.Frame.Called() + says
		if at := s.Remote; at != nil { // what many handlers come to is wrong once
			f.Cause = &finding.Cause{
				Key: fmt.Sprintf("%s/%s:%d:%d", at.Package, at.File, at.Line, at.Column), Also: "comes to it",
				Parts: []finding.Part{{Name: s.Frame.Called(), Subject: f.Subject, Says: says, From: f.Pos, To: f.End, Pos: f.Pos, End: f.End}},
			}
		}
		if s.Remote == nil && s.What == "time.Sleep" {
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
