package deploycheck

import (
	"fmt"
	"slices"
	"strings"
)

// alertMetric reports alerts on metrics that the program does not export: they
// never fire.
func alertMetric(c *checker) {
	p := c.only(func(p *Program) bool { return p.servesGRPC() })
	if p == nil || p.Metrics.Open || !p.Metrics.Prometheus && !p.Metrics.Telemetry {
		return // several, or none that is known to export anything
	}
	for _, a := range c.Alerts {
		for _, s := range a.selectors {
			why := ""
			switch {
			case strings.HasPrefix(s.Metric, "grpc_server_") && !p.Metrics.Prometheus:
				why = "the program exports those of OpenTelemetry"
			case s.Metric == "grpc_server_handling_seconds_bucket" && !p.Metrics.Histogram:
				why = "the program does not turn its histogram on"
			case strings.HasPrefix(s.Metric, "rpc_server_") && !p.Metrics.Telemetry:
				why = "the program exports those of go-grpc-prometheus"
			}
			if why == "" || elsewhere(s.Matcher("job") != nil, s.Matcher("namespace") != nil) {
				continue
			}
			c.report(Issue{
				At:      a.span(s.Start, min(s.Start+len(s.Metric), s.End)),
				Message: fmt.Sprintf("%s never fires: there is no %s, %s", a.name, s.Metric, why),
				Decl:    a.name, Subject: s.Metric,
			})
			break
		}
	}
}

// elsewhere: a selector names whose metrics it means, which may be others.
func elsewhere(named ...bool) bool { return slices.Contains(named, true) }
