package metadata

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// reserved reports a key that gRPC never sends for anybody.
func reserved(pass *report.Pass, flaw *mdflow.Flawed, f finding.Finding) {
	f.Message = fmt.Sprintf("never arrives: gRPC keeps the key %q for itself and leaves it out", flaw.Key)
	pass.Report("metadata/reserved", f)
}
