package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/connretry"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// unsafe reports methods that change something and are tried again where
// the server may have done it already.
func unsafe(pass *report.Pass) error {
	all := grouped{pass: pass, rule: "retry/unsafe"}
	for _, s := range retries(pass) {
		if !isUnsafe(s) {
			continue
		}
		severity := rule.Severity(0)
		if s.RPC.Verdict.Doubt {
			severity = rule.Info
		}
		all.add(s, severity, func(who subject) string {
			if s.AnyError() {
				return fmt.Sprintf("%s may be carried out twice: tried again%s after any error, also if only the reply was lost", who, by(s))
			}
			return fmt.Sprintf("%s may be carried out twice: tried again%s after %s, it may already have succeeded", who, by(s), codes(s.Retried&codeflow.Executed))
		})
	}
	all.report()
	for _, i := range conns(pass).Interceptors {
		reportInterceptor(pass, i)
	}
	return nil
}

// reportInterceptor reports an interceptor that tries every RPC of its
// connection again, among them some that must not be.
func reportInterceptor(pass *report.Pass, i *connretry.Interceptor) {
	if i.Codes&codeflow.Executed == 0 {
		return
	}
	var harmful []*connretry.Request
	for _, r := range i.Requests {
		if r.RPC.Verdict.Class == method.Mutating && !r.RPC.Verdict.Doubt && !r.Keyed {
			harmful = append(harmful, r)
		}
	}
	if len(harmful) == 0 {
		return
	}
	first := harmful[0]
	what := say.More(first.RPC.Name(), len(harmful)-1, "")
	from, to := callee(pass, i.Call)
	f := finding.Finding{
		Pos: from, End: to, Subject: first.RPC.FullMethod,
		Message: fmt.Sprintf("%s may be carried out twice: %s tries all RPCs again after %s", what, i.Name, codes(i.Codes&codeflow.Executed)),
	}
	for _, r := range harmful[:min(len(harmful), 3)] {
		from, to := callee(pass, r.Call)
		f.Related = append(f.Related, finding.Related{Message: r.RPC.Name() + " is called here", Pos: from, End: to})
	}
	pass.Report("retry/unsafe", f)
}

// isUnsafe: what is known of the method says that a second call does harm,
// and nothing protects against it.
func isUnsafe(s *retryshape.Shape) bool {
	if s.RPC.Verdict.Class != method.Mutating || s.Retried&^s.Guarded&codeflow.Executed == 0 {
		return false
	}
	// A key in the metadata protects as well as one in the request; one
	// that is made anew has a rule of its own.
	return s.Key.State == request.NoKey || s.Key.State == request.KeyUnknown
}
