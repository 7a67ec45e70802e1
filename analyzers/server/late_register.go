package server

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
)

// lateRegister reports a service that is registered on a server that serves already.
func lateRegister(pass *report.Pass, before *serving.Done, service string, f finding.Finding) bool {
	if before.Kind != serving.Serve && before.Kind != serving.ServeInBackground {
		return false
	}
	f.Message = fmt.Sprintf("grpc-go ends the process: %s is registered after the server has begun to serve", service)
	f.Related = slices.Insert(f.Related, 0, related(pass, "it serves from here on", before))
	pass.Report("server/late-register", f)
	return true
}
