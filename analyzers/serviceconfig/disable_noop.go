package serviceconfig

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// disableNoop reports WithDisableServiceConfig beside a default service config,
// which it does not turn off.
func disableNoop(pass *report.Pass, disable, config *ast.CallExpr) {
	pass.Report("serviceconfig/disable-noop", finding.Finding{
		Pos: disable.Pos(), End: disable.End(), Effect: finding.Changed, Subject: "disable",
		Message: fmt.Sprintf("the default service config stays in force: %s turns off the resolver's only", types.ExprString(disable.Fun)),
		Related: []finding.Related{{Message: "the default service config", Pos: config.Pos(), End: config.End()}},
	})
}
