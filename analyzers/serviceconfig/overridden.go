package serviceconfig

import (
	"go/ast"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// replaced reports a default service config that a later one replaces.
func replaced(pass *report.Pass, earlier, last *ast.CallExpr) {
	overridden(pass, earlier, finding.Finding{
		Subject: "default",
		Message: "this service config is never used: a later WithDefaultServiceConfig replaces it",
		Related: []finding.Related{{Message: "replaced here", Pos: last.Pos(), End: last.End()}},
	})
}

// overriddenByTarget reports one for a target that has its own.
func overriddenByTarget(pass *report.Pass, option *ast.CallExpr) {
	overridden(pass, option, finding.Finding{
		Subject: "xds",
		Message: "this service config is never used: an xds target brings its own",
	})
}

func overridden(pass *report.Pass, option *ast.CallExpr, f finding.Finding) {
	f.Pos, f.End, f.Effect = option.Pos(), option.End(), finding.Ignored
	pass.Report("serviceconfig/overridden", f)
}
