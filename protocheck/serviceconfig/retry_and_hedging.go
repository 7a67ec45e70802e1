package serviceconfig

import "github.com/grpclint/grpclint/finding"

var retryAndHedgingCheck = check{id: "serviceconfig/retry-and-hedging"}

// retryAndHedging reports a hedging policy beside a retry policy.
func (c *checker) retryAndHedging(h hedge, retryPolicy *node) {
	i := at(h.policy.key, retryAndHedgingCheck, finding.Ignored, "RPCs are retried, not hedged: an entry has either retryPolicy or hedgingPolicy, and grpc-go reads the former")
	i.related = []related{{"the retry policy", retryPolicy.start, retryPolicy.end}}
	c.add(i)
}
