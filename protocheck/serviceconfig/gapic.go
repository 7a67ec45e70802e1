package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// gapicSeverity says how bad an issue is in a config from which client
// libraries are generated, and whether it is one at all. The generators read
// protobuf JSON into timeouts and retry settings of their own: they retry
// until the timeout, whatever maxAttempts is, have defaults for backoffs,
// and know neither throttling nor balancers. That grpc-go would refuse such
// a file stays said, as information.
func gapicSeverity(i issue) (severity rule.Severity, shown bool) {
	severity = i.severity
	if severity == 0 {
		severity = rule.MustLookup(i.check.id).Severity
	}
	most := i.check.gapic
	switch {
	case most == rule.Off:
		return severity, false
	case i.effect == finding.Portability:
		most = rule.Info
	case most == 0:
		most = rule.Error
	}
	return min(severity, most), true
}
