package serviceconfig

import (
	"slices"
)

// A hedge is an entry with a hedgingPolicy.
type hedge struct {
	entry  *node
	policy member
}

// hedging reports hedging policies, which grpc-go does not even parse.
func (c *checker) hedging() {
	for _, h := range c.hedges {
		if h.policy.value.kind == null {
			continue
		}
		if retry := slices.IndexFunc(h.entry.members, isRetryPolicy); retry >= 0 {
			c.retryAndHedging(h, h.entry.members[retry].key)
		} else {
			c.hedgingIgnored(h)
		}
	}
	c.hedges = nil
}

func isRetryPolicy(m member) bool {
	f := methodMessage.lookup(m.key.text)
	return f != nil && f.id == retryPolicy && m.value.kind != null
}
