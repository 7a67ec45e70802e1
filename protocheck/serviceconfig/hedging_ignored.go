package serviceconfig

import "github.com/grpclint/grpclint/finding"

var hedgingIgnoredCheck = check{id: "serviceconfig/hedging-ignored"}

// hedgingIgnored reports a hedging policy, for which grpc-go has no use.
func (c *checker) hedgingIgnored(h hedge) {
	c.add(at(h.policy.key, hedgingIgnoredCheck, finding.Ignored, "no RPC is hedged: grpc-go does not read hedgingPolicy"))
}
