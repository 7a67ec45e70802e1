package deadline

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// reportWaitForReady reports a root that reaches a call which waits until a
// backend is there, for as long as its context lets it: for ever.
func (j *judged) reportWaitForReady(g *group) {
	p := g.first()
	f := finding.Finding{
		Pos: g.place.Pos(), End: g.place.End(),
		Message: fmt.Sprintf("%s for ever while no backend is up: WaitForReady(true), and %s has no deadline%s", g.verb("blocks", "block"), p.Root.Is, via(p.Chain)),
		Subject: g.subject(),
		Related: j.related(g),
		Premise: finding.Premise{Services: g.services(), LongLived: true},
	}
	f.Severity = j.severity(p)
	if p.RPC.Stream {
		// Watchers that reconnect wait for a backend on purpose.
		f.Severity = rule.Info
	}
	j.Report("deadline/wait-for-ready", f)
}
