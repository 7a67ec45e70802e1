package deadline

import (
	"fmt"

	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// reportWaitForReady reports a root that reaches a call which waits until a
// backend is there, for as long as its context lets it: for ever.
func (j *judged) reportWaitForReady(g *group) {
	p := g.first()
	f := j.finding(g, func(p *placed) string {
		return fmt.Sprintf(" can block for ever while no backend is up: WaitForReady(true), and %s has no deadline%s", p.Root.Is, say.Via(p.Chain))
	})
	f.StandsOn = append(g.unbounded(), claim.Lasting())
	f.Severity = j.severity(g)
	if p.RPC.Stream {
		// Watchers that reconnect wait for a backend on purpose.
		f.Severity = rule.Info
	}
	j.Report("deadline/wait-for-ready", f)
}
