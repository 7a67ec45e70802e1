package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// unbounded reports retries that nothing but success ends.
func unbounded(pass *report.Pass) error {
	const cut = retryshape.Canceled | retryshape.DeadlineExceeded
	for _, s := range retries(pass) {
		endless := s.Retried &^ s.Ends
		switch {
		case endless&retryshape.Unavailable == 0 || s.Attempts > 0:
			continue
		case pass.InTest(s.Call.Pos()):
			continue
		case isHealthCheck(s) || s.RPC.Empty && s.RPC.Verdict.Class == method.Safe:
			continue // waits until a server is there
		}
		from, to := place(pass, s)
		f := finding.Finding{Pos: from, End: to, Subject: s.RPC.FullMethod, Related: related(pass, s)}
		switch {
		case endless&cut == cut:
			f.Message = fmt.Sprintf("%s%s is tried again for ever, also when its context has ended: only success ends it", name(s), through(s))
		case s.BackgroundContext:
			f.Message = fmt.Sprintf("%s%s is tried again for as long as the server is down: no count, clock or context ends it", name(s), through(s))
		default:
			continue // ends with the caller's context
		}
		if s.RPC.Verdict.Class == method.Safe {
			f.Severity = rule.Info
		}
		pass.Report("retry/unbounded", f)
	}
	return nil
}
