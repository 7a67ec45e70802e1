package status

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/finding"
)

// compare reports an RPC's error that is compared with a status error of
// this process.
func (c *comparer) compare(err ssa.Value, with *errflow.Source, expr *ast.BinaryExpr) {
	origin := c.flow.Of(err)
	if !c.untouched(origin) {
		return
	}
	outcome := "never true"
	if expr.Op == token.NEQ {
		outcome = "always true"
	}
	what := with.Name
	if what == "" {
		what = "a status error that this program makes"
	}
	c.pass.Report("status/compare", finding.Finding{
		Pos: expr.Pos(), End: expr.End(), Subject: origin.Sources[0].Name, StandsOn: asMade(origin),
		Message: fmt.Sprintf("%s: the error of %s is not the same value as %s; compare codes", outcome, subject(&origin.Sources[0]), what),
	})
}
