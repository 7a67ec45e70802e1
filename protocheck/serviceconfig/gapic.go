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
		severity = rule.MustLookup(i.id()).Severity
	}
	most := rule.Error
	switch i.rule {
	case "no-throttling", "throttled-out", "backoff", "clamped-attempts", "deprecated-balancer":
		return severity, false
	case "unsafe-retry", "no-timeout":
		most = rule.Info // the service's owners know what they retry
	case "retry-policy", "zero-timeout", "throttling", "balancer", "unknown-balancer", "ok-code":
		most = rule.Info
	case "duplicate-name", "message-size", "negative-timeout", "rejected":
		most = rule.Warning
	case "retry-code":
		if severity == rule.Warning { // the service's owners may know better
			most = rule.Info
		}
	}
	if i.effect == finding.Portability {
		most = rule.Info
	}
	return min(severity, most), true
}
