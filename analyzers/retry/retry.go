// Package retry holds the rules about what is tried again: which RPCs, with
// which status codes, how often and after which wait.
package retry

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/connretry"
	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// Analyzer finds RPCs that are tried again although they must not be, or not
// like this.
var Analyzer = report.Family("retry",
	"check which gRPC calls are tried again, and how\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/retry for its rules.",
	[]*analysis.Analyzer{retryshape.Analyzer, connretry.Analyzer, stub.Analyzer, program.Analyzer, syntax.Analyzer, lifetime.Analyzer},
	report.Check{Rules: []string{"retry/unsafe"}, Run: unsafe},
	report.Check{Rules: []string{"retry/code"}, Run: code},
	report.Check{Rules: []string{"retry/any-error"}, Run: anyError},
	report.Check{Rules: []string{"retry/aborted"}, Run: aborted},
	report.Check{Rules: []string{"retry/fresh-key"}, Run: freshKey},
	report.Check{Rules: []string{"retry/unset-key"}, Run: unsetKey},
	report.Check{Rules: []string{"retry/no-backoff"}, Run: noBackoff},
	report.Check{Rules: []string{"retry/deaf-sleep"}, Run: deafSleep},
	report.Check{Rules: []string{"retry/unbounded"}, Run: unbounded},
	report.Check{Rules: []string{"retry/stacked"}, Run: stacked},
	report.Check{Rules: []string{"retry/breaker"}, Run: breaker},
	report.Check{Rules: []string{"retry/no-retry"}, Run: noRetry},
	report.Check{Rules: []string{"retry/dead-code"}, Run: deadCode},
	report.Check{Rules: []string{"retry/no-pushback"}, Run: noPushback},
	report.Check{Rules: []string{"retry/tiny-backoff"}, Run: tinyBackoff},
	report.Check{Rules: []string{"retry/no-policy"}, Run: noPolicy},
)

func info(pass *report.Pass) *retryshape.Info {
	return pass.ResultOf[retryshape.Analyzer].(*retryshape.Info)
}

func conns(pass *report.Pass) *connretry.Info {
	return pass.ResultOf[connretry.Analyzer].(*connretry.Info)
}

func retries(pass *report.Pass) []*retryshape.Shape { return info(pass).Retries() }

// place is what the call of a shape calls.
func place(pass *report.Pass, s *retryshape.Shape) (from, to token.Pos) { return callee(pass, s.Call) }

func callee(pass *report.Pass, call ssa.CallInstruction) (from, to token.Pos) {
	if expr := info(pass).SSA.CallExpr(call); expr != nil {
		return expr.Fun.Pos(), expr.Fun.End()
	}
	return call.Pos(), call.Pos()
}

// name says "OrderService.CreateOrder", or "CreateOrder" where that would be
// too long, or what is called for where it is not known which RPC that makes.
func name(s *retryshape.Shape) string {
	if s.RPC.FullMethod == "" {
		return "every RPC of this interceptor"
	}
	const most = 41
	name := say.RPC(s.RPC.FullMethod)
	if len(name) > most {
		return say.Last(name)
	}
	return name
}

// codes says "Unavailable", "Unavailable and Internal", "Unavailable, Internal
// and 3 more codes".
func codes(c codeflow.Codes) string {
	names := c.Names()
	switch len(names) {
	case 0:
		return "no code"
	case 3:
		return say.And(names) // as short as to count one
	}
	return say.Some(names, 2, "code")
}

// behind says behind which errors there is another attempt.
func behind(s *retryshape.Shape, some codeflow.Codes) string {
	if s.AnyError() {
		return "any error"
	}
	return codes(some)
}

// by says who tries again: " by backoff.Retry", or nothing for a loop.
func by(s *retryshape.Shape) string {
	if s.Run == nil {
		return ""
	}
	return " by " + s.Run.Name
}

// through says " (save → store.Put)" if functions are between the call and
// the RPC.
func through(s *retryshape.Shape) string { return say.Via(s.RPC.Chain) }

// related points at the RPC if it is made elsewhere, and at what repeats
// the call if that is not a loop around it.
func related(pass *report.Pass, s *retryshape.Shape) []finding.Related {
	var list []finding.Related
	if s.RPC.At != nil {
		list = append(list, finding.Related{Message: "the RPC is made here", Remote: s.RPC.At})
	}
	if s.Run != nil && s.Run.Call != s.Call {
		from, to := callee(pass, s.Run.Call)
		list = append(list, finding.Related{Message: "it is tried again by " + s.Run.Name, Pos: from, End: to})
	}
	return list
}

// isHealthCheck: the RPC asks whether a server is there.
func isHealthCheck(s *retryshape.Shape) bool {
	return strings.HasPrefix(s.RPC.FullMethod, "/grpc.health.")
}
