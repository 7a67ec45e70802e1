// Package conn holds the rules about client connections: how they are
// opened, with which options, how long they live and who closes them.
package conn

import (
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/feature"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// Analyzer finds connections that are opened too often, never closed, or
// opened in a way that cannot work.
var Analyzer = report.Family("conn",
	"check how gRPC connections are opened, used and closed\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/conn for its rules.",
	[]*analysis.Analyzer{dial.Analyzer, feature.Analyzer, stub.Analyzer, program.Analyzer, syntax.Analyzer},
	report.Check{Rules: []string{"conn/per-call"}, Run: perCall},
	report.Check{Rules: []string{"conn/leak"}, Run: leak},
	report.Check{Rules: []string{"conn/ignored-option"}, Run: ignoredOption},
	report.Check{Rules: []string{"conn/timeout-without-block"}, Run: timeoutWithoutBlock},
	report.Check{Rules: []string{"conn/deprecated-dial"}, Run: deprecatedDial},
	report.Check{Rules: []string{"conn/fake-target"}, Run: fakeTarget},
	report.Check{Rules: []string{"conn/state-gate"}, Run: stateGate},
	report.Check{Rules: []string{"conn/no-credentials"}, Run: noCredentials},
	report.Check{Rules: []string{"conn/passthrough-balancer"}, Run: passthroughBalancer},
	report.Check{Rules: []string{"conn/missing-import"}, Run: missingImport},
	report.Check{Rules: []string{"conn/single-address"}, Run: singleAddress},
	report.Check{Rules: []string{"conn/keepalive"}, Run: keepalive},
	report.Check{Rules: []string{"conn/dialer-context"}, Run: dialerContext},
	report.Check{Rules: []string{"conn/connect-params"}, Run: connectParams},
	report.Check{Rules: []string{"conn/blocking-dial"}, Run: blockingDial},
)

func dials(pass *report.Pass) *dial.Info { return pass.ResultOf[dial.Analyzer].(*dial.Info) }

// callee returns the range of what a call calls, the smallest thing to edit
// when the call itself is wrong.
func callee(info *dial.Info, call ssa.CallInstruction) (from, to token.Pos) {
	if expr := info.Expr(call); expr != nil {
		return expr.Fun.Pos(), expr.Fun.End()
	}
	return call.Pos(), call.Pos()
}
