package cancel

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// noContextVariant reports calls in handlers that do not end with the RPC, of
// functions that have a twin which does.
func noContextVariant(pass *report.Pass) error {
	for _, s := range sites(pass, handling.Variant) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s goes on when its client has gone%s: %s does not end with the context", s.Frame.Called(), via(s), s.What)
		if s.Twin != "" {
			f.Message += ", " + s.Twin + " does"
		}
		call := handlers(pass).Expr(s)
		if s.Remote == nil && call != nil {
			f.Pos, f.End = call.Fun.Pos(), call.Fun.End()
			rename, ok := edit.Rename(call.Fun, s.Twin)
			if ctx := contextAt(pass, s.Frame, call); ok && s.Twin != "" && ctx != "" {
				f.Fixes = []finding.Fix{{Message: "Call " + s.Twin, Edits: []finding.Edit{rename, edit.PrependArgument(call, ctx)}}}
			}
		}
		pass.Report("cancel/no-context-variant", f)
	}
	return nil
}
