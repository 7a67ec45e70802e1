package retry

import (
	"fmt"
	"go/ast"
	"go/constant"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// resourceExhausted is gRPC's code for quotas, and for messages that are
// too large.
const resourceExhausted = 8

// noPushback reports lists of codes to retry that hold RESOURCE_EXHAUSTED.
func noPushback(pass *report.Pass) error {
	for _, list := range conns(pass).Lists {
		for _, expr := range list.Exprs {
			if !isCode(pass, expr, resourceExhausted) {
				continue
			}
			pass.Report("retry/no-pushback", finding.Finding{
				Pos: expr.Pos(), End: expr.End(), Subject: list.Name,
				Message: fmt.Sprintf("messages that are too large are sent again: %s tries RESOURCE_EXHAUSTED again, whatever it is for", list.Name),
			})
		}
	}
	return nil
}

func isCode(pass *report.Pass, expr ast.Expr, code int64) bool {
	value := pass.TypesInfo.Types[expr].Value
	if value == nil || value.Kind() != constant.Int {
		return false
	}
	n, exact := constant.Int64Val(value)
	return exact && n == code
}
