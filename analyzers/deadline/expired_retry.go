package deadline

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// expiredRetry finds
//
//	ctx, cancel := context.WithTimeout(parent, time.Second)
//	for ... {
//		_, err = c.Get(ctx, req) // all attempts together have a second
//		if status.Code(err) != codes.DeadlineExceeded { break }
//	}
func expiredRetry(pass *report.Pass) error {
	retries := pass.ResultOf[retryshape.Analyzer].(*retryshape.Info)
	for _, s := range retries.Shapes {
		const code = codeflow.DeadlineExceeded
		switch {
		case s.Deadline == nil: // made for each attempt, or unknown
			continue
		case s.Poll() || s.Retried&code == 0:
			continue
		case s.AnyError(): // nobody has thought of this code
			continue
		case s.Listens&code != 0: // the end of the context ends the loop
			continue
		case pass.InTest(s.Call.Pos()):
			continue
		}
		call, made := retries.SSA.CallExpr(s.Call), retries.SSA.CallExpr(s.Deadline)
		if call == nil || made == nil {
			continue // in a wrapper that is not in the source
		}
		f := finding.Finding{
			Pos: call.Fun.Pos(), End: call.Fun.End(), Subject: s.RPC.FullMethod,
			Message: fmt.Sprintf("every attempt after DeadlineExceeded fails at once: %s is tried again with a context that has no time left", s.RPC.Name()),
			Related: []finding.Related{{Message: "all attempts together have this time", Pos: made.Pos(), End: made.End()}},
		}
		for _, arg := range call.Args {
			if t := pass.TypesInfo.TypeOf(arg); t != nil && stub.IsContext(t) {
				f.Pos, f.End = arg.Pos(), arg.End()
				break
			}
		}
		pass.Report("deadline/expired-retry", f)
	}
	return nil
}
