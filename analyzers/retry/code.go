package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// code reports codes that are tried again although the same request gets
// them again.
func code(pass *report.Pass) error {
	all := grouped{pass: pass, rule: "retry/code"}
	for _, s := range retries(pass) {
		if s.AnyError() || s.Run != nil && s.Run.Listed {
			continue // retry/any-error; lists are judged where they are written
		}
		if pass.InTest(s.Call.Pos()) {
			continue // waits until what is tested is ready
		}
		never := s.Retried & codeflow.Permanent
		// A token renewed or a state repaired between the attempts makes
		// another request of it.
		never &^= s.Noisy & (codeflow.Unauthenticated | codeflow.PermissionDenied | codeflow.FailedPrecondition)
		// One that ends with a context of its own may be tried with the
		// caller's, if that goes on.
		never &^= s.Asked & codeflow.Canceled
		if never == 0 {
			continue
		}
		severity := rule.Severity(0)
		if never == codeflow.NotFound && s.RPC.Verdict.Class == method.Safe {
			severity = rule.Info // waits until somebody has made it
		}
		if never == codeflow.Canceled {
			severity = rule.Info // servers that shut down cancel, too, and the context may be asked where nobody sees it
		}
		all.add(s, severity, func(who subject) string {
			return fmt.Sprintf("%s %s again: tried again%s after %s, which the same request gets each time", who, who.verb("fails", "fail"), by(s), codes(never))
		})
	}
	all.report()
	for _, list := range conns(pass).Lists {
		never := list.Codes & codeflow.Permanent
		if list.Middleware {
			never &^= codeflow.Canceled // retry/dead-code
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
