package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// anyError reports RPCs that are tried again whatever the error says.
func anyError(pass *report.Pass) error {
	for _, s := range retries(pass) {
		switch {
		case !s.AnyError():
			continue
		case isUnsafe(s) || s.Key.State == retryshape.KeyFresh || s.Key.State == retryshape.KeyUnset && needsKey(s):
			continue // worse than useless: those rules say so
		case pass.InTest(s.Call.Pos()):
			continue // waits until what is tested is ready
		case isHealthCheck(s) || s.RPC.Empty && s.RPC.Verdict.Class == method.Safe:
			continue // waits until a server is there
		}
		from, to := place(pass, s)
		f := finding.Finding{
			Pos: from, End: to, Subject: s.RPC.FullMethod, Related: related(pass, s),
			Message: fmt.Sprintf("%s%s is tried again%s after errors that can only come again, InvalidArgument say: no code is looked at", name(s), through(s), by(s)),
		}
		if s.RPC.Verdict.Class == method.Safe {
			f.Severity = rule.Info
		}
		pass.Report("retry/any-error", f)
	}
	return nil
}
