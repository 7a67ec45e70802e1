package metadata

import (
	"fmt"
	"go/ast"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// literalCase reports a key with upper-case letters in a map that is written by
// hand.
func literalCase(pass *report.Pass, flaw *mdflow.Flawed, at ast.Expr, f finding.Finding) {
	f.Message = fmt.Sprintf("%s: the key %q has upper-case letters, and a map keeps them", consequence(flaw.Sink), flaw.Key)
	if lit, ok := ast.Unparen(at).(*ast.BasicLit); ok && flaw.Via == nil && !strings.Contains(lit.Value, `\`) {
		f.Fixes = []finding.Fix{{Message: "write the key in lower case", Safe: true, Edits: []finding.Edit{edit.Replace(lit, strings.ToLower(lit.Value))}}}
	}
	pass.Report("metadata/literal-case", f)
}
