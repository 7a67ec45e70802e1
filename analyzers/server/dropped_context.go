package server

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// droppedContext reports interceptors of unary RPCs that make a context for the
// handler, and call the handler with another one.
func droppedContext(pass *report.Pass) error {
	eachLostContext(pass, false, func(l lostContext) {
		pass.Report("server/dropped-context", finding.Finding{
			Pos: l.got.Pos(), End: l.got.End(), Subject: l.next,
			Message: fmt.Sprintf("handlers do not get what %s puts into the context: %s gets %s", say.Expr(l.made.Fun), l.next, say.Expr(l.got)),
			Related: []finding.Related{{Message: "the context for it", Pos: l.made.Pos(), End: l.made.Fun.End()}},
		})
	})
	return nil
}
