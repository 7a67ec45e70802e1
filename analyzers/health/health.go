// Package health holds the rules about the standard health service: what
// clients ask it, and what servers make it say.
package health

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/configsite"
	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Analyzer finds health checks that check nothing, and health services that
// do not say how it is.
var Analyzer = report.Family("health",
	"check what clients ask of health services, and what these say\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/health for its rules.",
	[]*analysis.Analyzer{stub.Analyzer, configsite.Analyzer, serving.Analyzer, healthstate.Analyzer},
	report.Check{Rules: []string{"health/unserved"}, Run: unserved},
	report.Check{Rules: []string{"health/premature"}, Run: premature},
	report.Check{Rules: []string{"health/shutdown"}, Run: shutdown},
	report.Check{Rules: []string{"health/unset"}, Run: unset},
)

func state(pass *report.Pass) *healthstate.Info {
	return pass.ResultOf[healthstate.Analyzer].(*healthstate.Info)
}

// mainFunc returns the name of func main, nil if the package has none.
func mainFunc(pass *report.Pass) *ast.Ident {
	if pass.Pkg.Name() != "main" {
		return nil
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "main" {
				return fn.Name
			}
		}
	}
	return nil
}
