package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// code reports codes that are tried again although the same request gets
// them again.
func code(pass *report.Pass) error {
	for _, s := range retries(pass) {
		if s.AnyError() || s.Run != nil && s.Run.Listed {
			continue // retry/any-error; lists are judged where they are written
		}
		if pass.InTest(s.Call.Pos()) {
			continue // waits until what is tested is ready
		}
		never := s.Retried & retryshape.Permanent
		// A token renewed or a state repaired between the attempts makes
		// another request of it.
		never &^= s.Noisy & (retryshape.Unauthenticated | retryshape.PermissionDenied | retryshape.FailedPrecondition)
		// One that ends with a context of its own may be tried with the
		// caller's, if that goes on.
		never &^= s.Asked & retryshape.Canceled
		if never == 0 {
			continue
		}
		from, to := place(pass, s)
		f := finding.Finding{
			Pos: from, End: to, Subject: s.RPC.FullMethod, Related: related(pass, s),
			Message: fmt.Sprintf("%s%s fails again: tried again%s after %s, which the same request gets each time", name(s), through(s), by(s), codes(never)),
		}
		if never == retryshape.NotFound && s.RPC.Verdict.Class == method.Safe {
			f.Severity = rule.Info // waits until somebody has made it
		}
		pass.Report("retry/code", f)
	}
	for _, list := range info(pass).Lists {
		never := list.Codes & retryshape.Permanent
		if list.Middleware {
			never &^= retryshape.Canceled // retry/dead-code
		}
		if never == 0 {
			continue
		}
		pass.Report("retry/code", finding.Finding{
			Pos: list.Pos, End: list.End, Subject: list.Name,
			Message: fmt.Sprintf("calls fail again: %s tries again after %s, which the same request gets each time", list.Name, codes(never)),
		})
	}
	return nil
}
