// Package deadline finds RPCs that can wait for ever, or that do not stop
// when whoever asked for them has gone.
package deadline

import (
	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// Analyzer runs the rules of the family.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := report.Family("deadline",
		"find gRPC calls without a deadline\n\nRPCs that can hang for ever, that outlive the request that they serve, or whose deadline is not what its author meant.",
		[]*analysis.Analyzer{stub.Analyzer, program.Analyzer, ctxflow.Analyzer, retryshape.Analyzer, syntax.Analyzer},
		report.Check{Rules: []string{"deadline/missing", "deadline/detached", "deadline/wait-for-ready"}, Run: paths},
		report.Check{Rules: []string{"deadline/nonpositive"}, Run: nonpositive},
		report.Check{Rules: []string{"deadline/deferred-cancel"}, Run: deferredCancel},
		report.Check{Rules: []string{"deadline/expired-retry"}, Run: expiredRetry},
	)
	// The flag is the family's; the value is read by the prerequisite
	// that needs it.
	boundedBy := ctxflow.Analyzer.Flags.Lookup("bounded-by")
	a.Flags.Var(boundedBy.Value, boundedBy.Name, boundedBy.Usage)
	return a
}

// reachesGRPC is false for packages that the family has nothing to say on.
func reachesGRPC(pass *report.Pass) bool {
	return pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches
}
