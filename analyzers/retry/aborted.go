package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
)

// aborted reports requests with an etag that are sent again, as they are,
// after the server has said that the etag is out of date.
func aborted(pass *report.Pass) error {
	for _, s := range retries(pass) {
		switch {
		case s.AnyError() || s.Retried&codeflow.Aborted == 0:
			continue
		case s.RPC.Verdict.Class != method.Conditional || len(s.RPC.Verdict.Etags) == 0:
			continue // a transaction that lost: the same request may win
		case len(s.Others) > 0:
			continue // reads, and tries with what it has read
		case s.Run != nil && s.Run.Listed:
			continue // judged where the list is written
		}
		from, to := place(pass, s)
		pass.Report("retry/aborted", finding.Finding{
			Pos: from, End: to, Subject: s.RPC.FullMethod, Related: related(pass, s),
			Message: fmt.Sprintf("%s%s is aborted again: it is tried again%s with the same %s instead of one read anew", name(s), through(s), by(s), s.RPC.Verdict.Etags[0]),
		})
	}
	for _, list := range conns(pass).Lists {
		if list.Codes&codeflow.Aborted == 0 {
			continue
		}
		pass.Report("retry/aborted", finding.Finding{
			Pos: list.Pos, End: list.End, Subject: list.Name,
			Message: fmt.Sprintf("aborted calls are aborted again: %s sends the same request instead of one made from what is read anew", list.Name),
		})
	}
	return nil
}
