package health

import (
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
)

// shutdown reports servers that stop while their health service goes on saying
// that all is well.
func shutdown(pass *report.Pass) error {
	info := pass.ResultOf[serving.Analyzer].(*serving.Info).Copy()
	found := services(pass, info)
	if len(found) == 0 || saysNot(pass) {
		return nil
	}
	servers := info.Servers()
	for _, s := range found {
		if s.escapes || len(s.ends) > 0 {
			continue
		}
		for _, server := range s.registeredOn(servers) {
			for _, stop := range server.Does(serving.GracefulStop) {
				if stop.Via && !stop.Elsewhere {
					continue // looked at where it is done
				}
				f := finding.Finding{
					Pos: stop.Instr.Pos(), End: stop.Instr.Pos() + 1, Subject: "GracefulStop",
					Message: "clients are sent to a server that stops: its health service says SERVING until the end, nobody calls Shutdown",
				}
				if call := info.SSA().CallExpr(asCall(stop.Instr)); call != nil {
					f.Pos, f.End = call.Pos(), call.End()
				}
				pass.Report("health/shutdown", f)
			}
		}
	}
	return nil
}

// saysNot: the package names NOT_SERVING, or a method Shutdown of a health
// service.
func saysNot(pass *report.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		switch obj := obj.(type) {
		case *types.Const:
			if obj.Name() == "HealthCheckResponse_NOT_SERVING" {
				return true
			}
		case *types.Func:
			if obj.Name() == "Shutdown" && healthstate.IsServer(obj) {
				return true
			}
		}
	}
	return false
}
