package server

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
)

// abruptStop reports programs that wait for a signal and then stop their
// servers in the midst of RPCs.
func abruptStop(pass *report.Pass) error {
	info := servers(pass)
	if !info.MakesServers() || info.Uses["Server.GracefulStop"] || !waitsForSignals(pass) {
		return nil
	}
	for _, s := range info.Servers() {
		if len(s.Does(serving.GracefulStop)) > 0 {
			continue
		}
		for _, d := range s.Does(serving.Stop) {
			call, ok := d.Instr.(*ssa.Call)
			if !ok || d.Via && !d.Elsewhere {
				continue // at the end of a function, or of a helper that is looked at itself
			}
			expr := info.SSA().CallExpr(call)
			if expr == nil {
				continue
			}
			pass.Report("server/abrupt-stop", finding.Finding{
				Pos: expr.Pos(), End: expr.End(), Subject: "Stop",
				Message: "RPCs that run are UNAVAILABLE for their clients when the server stops: Stop does not wait for them",
			})
		}
	}
	return nil
}

func waitsForSignals(pass *report.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && fn.Pkg().Path() == "os/signal" && (fn.Name() == "Notify" || fn.Name() == "NotifyContext") {
			return true
		}
	}
	return false
}
