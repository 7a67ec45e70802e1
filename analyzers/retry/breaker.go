package retry

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// breaker reports circuit breakers that open because a server says no.
func breaker(pass *report.Pass) error {
	for _, b := range conns(pass).Breakers {
		if pass.InTest(b.Call.Pos()) {
			continue
		}
		answer := codes(b.Codes)
		if b.Codes&codeflow.NotFound != 0 {
			answer = codes(codeflow.NotFound)
		}
		of := ""
		if b.RPC.FullMethod != "" {
			of = " to " + say.RPC(b.RPC.FullMethod)
		}
		cause := "without IsSuccessful it counts"
		if b.Library == "failsafe-go" {
			cause = "without HandleIf it counts"
		}
		from, to := callee(pass, b.Call)
		f := finding.Finding{Subject: b.RPC.FullMethod}
		if b.Made != nil {
			f.Related = []finding.Related{{Message: "the breaker is used here", Pos: from, End: to}}
			from, to = callee(pass, b.Made)
		} else {
			at := b.At
			f.Related = []finding.Related{{Message: "the breaker is made here", Remote: &at}}
		}
		f.Pos, f.End = from, to
		f.Message = fmt.Sprintf("answers like %s%s open the breaker, as if the server were down: %s every error", answer, of, cause)
		pass.Report("retry/breaker", f)
	}
	return nil
}
