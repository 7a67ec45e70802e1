package metadata

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// invalid reports a key or a value with characters that gRPC does not send.
func invalid(pass *report.Pass, flaw *mdflow.Flawed, f finding.Finding) {
	outcome := consequence(flaw.Sink)
	switch {
	case flaw.Kind != mdflow.BadKey:
		f.Message = fmt.Sprintf("%s: the value of %q is not printable ASCII, which only keys with \"-bin\" may have", outcome, flaw.Key)
	case flaw.Key == "":
		f.Message = outcome + ": the key is empty"
	default:
		f.Message = fmt.Sprintf("%s: the key %q has characters other than letters, digits, '-', '_' and '.'", outcome, flaw.Key)
	}
	pass.Report("metadata/invalid", f)
}
