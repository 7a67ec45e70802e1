package server

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// streamContext reports interceptors of streams that make a context for the
// handler, and call the handler with a stream that has another one.
func streamContext(pass *report.Pass) error {
	eachLostContext(pass, true, func(l lostContext) {
		pass.Report("server/stream-context", finding.Finding{
			Pos: l.got.Pos(), End: l.got.End(), Subject: l.next,
			Message: fmt.Sprintf("handlers do not get what %s puts into the context: the context of %s is another one", say.Expr(l.made.Fun), say.Expr(l.got)),
			Related: []finding.Related{{Message: "the context for it", Pos: l.made.Pos(), End: l.made.Fun.End()}},
		})
	})
	return nil
}
