package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// anyError reports RPCs that are tried again whatever the error says.
func anyError(pass *report.Pass) error {
	all := grouped{pass: pass, rule: "retry/any-error", load: true}
	for _, s := range retries(pass) {
		switch {
		case !s.AnyError():
			continue
		case isUnsafe(s) || s.Key.State == request.KeyFresh || s.Key.State == request.KeyUnset && needsKey(s):
			continue // worse than useless: those rules say so
		case pass.InTest(s.Call.Pos()):
			continue // waits until what is tested is ready
		case isHealthCheck(s) || s.RPC.Empty && s.RPC.Verdict.Class == method.Safe:
			continue // waits until a server is there
		}
		severity := rule.Severity(0)
		if s.RPC.Verdict.Class == method.Safe {
			severity = rule.Info
		}
		all.add(s, severity, func(who subject) string {
			return fmt.Sprintf("%s %s tried again%s after errors that can only come again, InvalidArgument say: no code is looked at", who, who.verb("is", "are"), by(s))
		})
	}
	all.report()
	return nil
}
