// Package health holds the rules about the standard health service: what
// clients ask it, and what servers make it say.
package health

import (
	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/configsite"
	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// Analyzer finds health checks that check nothing, and health services that
// do not say how it is.
var Analyzer = report.Family("health",
	"check what clients ask of health services, and what these say\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/health for its rules.",
	[]*analysis.Analyzer{stub.Analyzer, configsite.Analyzer, serving.Analyzer, healthstate.Analyzer, syntax.Analyzer},
	report.Check{Rules: []string{"health/unserved"}, Run: unserved},
	report.Check{Rules: []string{"health/premature"}, Run: premature},
	report.Check{Rules: []string{"health/shutdown"}, Run: shutdown},
	report.Check{Rules: []string{"health/unset"}, Run: unset},
)

func state(pass *report.Pass) *healthstate.Info {
	return pass.ResultOf[healthstate.Analyzer].(*healthstate.Info)
}
