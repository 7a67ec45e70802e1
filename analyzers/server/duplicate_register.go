package server

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
)

// duplicateRegister reports a service that is registered on one server twice.
func duplicateRegister(pass *report.Pass, before, d *serving.Done, service string, f finding.Finding) bool {
	if before.Kind != serving.Register || before.Service != d.Service {
		return false
	}
	f.Message = fmt.Sprintf("grpc-go ends the process: %s is registered twice on one server", service)
	f.Related = slices.Insert(f.Related, 0, related(pass, "the first time", before))
	pass.Report("server/duplicate-register", f)
	return true
}
