package lint

import (
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// deadMetrics reports imports of a library for metrics that nobody mends any
// more, once per package.
func deadMetrics(roots []*packages.Package, outcome *outcome) []*origin {
	var found []*origin
	for _, root := range roots {
		for _, result := range outcome.results[root] {
			if d := result.Program.Deployed; d != nil && d.Archived != nil {
				found = append(found, &origin{finding.Finding{
					Rule: rule.MustLookup("deploy/dead-metrics"), Pos: d.Archived.Path.Pos(), End: d.Archived.Path.End(), Subject: d.Archived.Path.Value,
					Message: "nobody mends go-grpc-prometheus any more: it is archived (go-grpc-middleware/providers/prometheus has the same metrics)",
				}, root})
			}
		}
	}
	return found
}
