package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// unbounded reports retries that nothing but success ends.
func unbounded(pass *report.Pass) error {
	const cut = codeflow.Canceled | codeflow.DeadlineExceeded
	all := grouped{pass: pass, rule: "retry/unbounded", load: true}
	for _, s := range retries(pass) {
		endless := s.Retried &^ s.Ends
		switch {
		case endless&codeflow.Unavailable == 0 || s.Attempts > 0:
			continue
		case pass.InTest(s.Call.Pos()):
			continue
		case isHealthCheck(s) || s.RPC.Empty && s.RPC.Verdict.Class == method.Safe:
			continue // waits until a server is there
		}
		how := ""
		switch {
		case endless&cut == cut:
			how = "for ever, also when its context has ended: only success ends it"
		case s.BackgroundContext:
			how = "for as long as the server is down: no count, clock or context ends it"
		default:
			continue // ends with the caller's context
		}
		severity := rule.Severity(0)
		if s.RPC.Verdict.Class == method.Safe {
			severity = rule.Info
		}
		all.add(s, severity, func(who subject) string { return fmt.Sprintf("%s %s tried again %s", who, who.verb("is", "are"), how) })
	}
	all.report()
	return nil
}
