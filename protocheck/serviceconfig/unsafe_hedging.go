package serviceconfig

import (
	"slices"

	"github.com/grpclint/grpclint/finding"
)

var unsafeHedgingCheck = check{id: "serviceconfig/unsafe-hedging"}

// unsafeHedging reports hedging of what is not to be done twice. grpc-go
// does not read the policy, others do.
func (c *checker) unsafeHedging(entry *node, methods []covered) {
	if c.opts.OnlyGo {
		return // nothing is hedged, which is said anyway
	}
	h := slices.IndexFunc(c.hedges, func(h hedge) bool { return h.entry == entry && h.policy.value.kind != null })
	if h < 0 || slices.ContainsFunc(entry.members, isRetryPolicy) {
		return // none, or reported as one of two policies
	}
	harmed, doubt := mutating(methods)
	if len(harmed) == 0 || doubt {
		return
	}
	key := c.hedges[h].policy.key
	i := at(key, unsafeHedgingCheck, finding.Portability, "%s may run several times: clients other than grpc-go send it again before it is answered", several(harmed))
	i.related = reasons(harmed)
	c.add(i)
	c.hedges = slices.Delete(c.hedges, h, h+1)
}
