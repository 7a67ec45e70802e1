package suppress

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
)

// noReason reports directives that do not say why.
func noReason(p *pass) {
	for _, d := range p.directives() {
		if d.Kind == "" || d.Reason != "" {
			continue
		}
		if takesRules(d) && len(d.Selectors) == 0 {
			continue // suppress/unknown: it says nothing at all
		}
		p.Report("suppress/no-reason", finding.Finding{
			Pos: d.Pos, End: d.End,
			Message: fmt.Sprintf("nobody can tell whether this still holds: //grpclint:%s gives no reason", d.Kind),
			Subject: string(d.Kind),
		})
	}
}
