package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
)

// unsetKey reports RPCs that would be safe to try again if only the request
// had its token.
func unsetKey(pass *report.Pass) error {
	for _, s := range retries(pass) {
		if s.Key.State != request.KeyUnset || !needsKey(s) {
			continue
		}
		from, to := place(pass, s)
		field := s.Key.Field
		if field == "" {
			field = s.RPC.Verdict.Tokens[0]
		}
		pass.Report("retry/unset-key", finding.Finding{
			Pos: from, End: to, Subject: s.RPC.FullMethod, Related: related(pass, s),
			Message: fmt.Sprintf("%s%s may be carried out twice: tried again%s after %s, and %s of the request is not set", name(s), through(s), by(s), behind(s, s.Retried&codeflow.Executed), field),
		})
	}
	return nil
}

// needsKey: without its token the method is not safe to try again after
// these codes.
func needsKey(s *retryshape.Shape) bool {
	if len(s.RPC.Verdict.Tokens) == 0 || s.Retried&codeflow.Executed == 0 {
		return false
	}
	class := s.RPC.Verdict.Class
	return class == method.Token || class == method.Mutating
}
