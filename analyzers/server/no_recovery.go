package server

import (
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// noRecovery reports servers none of whose interceptors recovers from panics.
func noRecovery(pass *report.Pass) error {
	info := servers(pass)
	if info.Recovers || !info.Complete {
		return nil // somebody does, or may
	}
	for _, s := range info.Servers() {
		if !s.Options.Known() || unknownInterceptor(&s.Options) {
			continue
		}
		for _, d := range s.Does(serving.Register) {
			if d.IsHealth() || d.IsReflection() {
				continue
			}
			expr := info.SSA().CallExpr(s.New)
			if expr == nil {
				break
			}
			pass.Report("server/no-recovery", finding.Finding{
				Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: say.Last(d.Service),
				Message: "a panic in one RPC ends the process and all others: no interceptor of the server recovers",
				Related: []finding.Related{related(pass, "registered here", &d)},
			})
			break
		}
	}
	return nil
}

func unknownInterceptor(options *serving.Options) bool {
	for i := range options.List {
		if options.List[i].Detail.Unknown {
			return true
		}
	}
	return false
}
