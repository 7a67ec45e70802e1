package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// unsafe reports methods that change something and are tried again where
// the server may have done it already.
func unsafe(pass *report.Pass) error {
	for _, s := range retries(pass) {
		if !isUnsafe(s) {
			continue
		}
		from, to := place(pass, s)
		f := finding.Finding{
			Pos: from, End: to, Subject: s.RPC.FullMethod, Related: related(pass, s),
		}
		if s.AnyError() {
			f.Message = fmt.Sprintf("%s may be carried out twice%s: it is tried again%s after any error, also if only the reply was lost",
				name(s), through(s), by(s))
		} else {
			f.Message = fmt.Sprintf("%s may be carried out twice%s: tried again%s after %s, it may already have succeeded",
				name(s), through(s), by(s), codes(s.Retried&retryshape.Executed))
		}
		if s.RPC.Verdict.Doubt {
			f.Severity = rule.Info
		}
		pass.Report("retry/unsafe", f)
	}
	return nil
}

// isUnsafe: what is known of the method says that a second call does harm,
// and nothing protects against it.
func isUnsafe(s *retryshape.Shape) bool {
	if s.RPC.Verdict.Class != method.Mutating || s.Retried&^s.Guarded&retryshape.Executed == 0 {
		return false
	}
	// A key in the metadata protects as well as one in the request; one
	// that is made anew has a rule of its own.
	return s.Key.State == retryshape.NoKey || s.Key.State == retryshape.KeyUnknown
}
