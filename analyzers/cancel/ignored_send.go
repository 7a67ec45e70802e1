package cancel

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// ignoredSend reports loops that go on sending to a client that has gone.
func ignoredSend(pass *report.Pass) error {
	for _, s := range sites(pass, handling.IgnoredSend) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s goes on working for a client that has gone%s: the loop does not end when Send fails", s.Frame.Called(), via(s))
		if call, ok := s.Instr.(*ssa.Call); ok && s.Remote == nil && control.ErrorOf(call) == nil {
			f.Fixes = returnError(pass, s)
		}
		pass.Report("cancel/ignored-send", f)
	}
	return nil
}

// returnError ends the handler with the error of Send.
func returnError(pass *report.Pass, s *handling.Site) []finding.Fix {
	stmt, ok := statementOf(pass, handlers(pass).Expr(s))
	if !ok {
		return nil
	}
	in := stmt.indent
	return []finding.Fix{{
		Message: "Return the error of Send",
		Safe:    true,
		Edits: []finding.Edit{
			{Pos: stmt.stmt.Pos(), End: stmt.call.Pos(), NewText: "if err := "},
			{Pos: stmt.call.End(), End: stmt.stmt.End(), NewText: "; err != nil {\n" + in + "\t" + stmt.leave + "err\n" + in + "}"},
		},
	}}
}
