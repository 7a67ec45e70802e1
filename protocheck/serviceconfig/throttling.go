package serviceconfig

import (
	"fmt"
	"math"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var throttlingCheck = check{id: "serviceconfig/throttling", gapic: rule.Info}

// throttling checks the bucket. grpc-go looks at its values only if there
// are entries in methodConfig.
func (c *checker) throttling(cfg *config) {
	t := cfg.throttling
	if t == nil || t.broken {
		return
	}
	say := func(i issue, why string) {
		if i.check == (check{}) {
			i.check = throttlingCheck
		}
		i.effect, i.message = finding.Rejected, "grpc-go refuses the config: "+why
		if cfg.methods == nil {
			i.effect, i.message = finding.Portability, "other implementations refuse the config: "+why
			i.severity = rule.Warning
		}
		c.add(i)
	}
	refuse := func(n *node, why string) { say(at(n, check{}, "", ""), why) }
	var missing []fieldID
	switch max := t.maxTokens; {
	case max == nil:
		missing = append(missing, maxTokens)
	case max.value <= 0 || max.value > 1000:
		refuse(max.at, fmt.Sprintf("maxTokens is more than 0 and at most 1000, not %s", c.what(max.at)))
	case max.value != math.Trunc(max.value):
		i := at(max.at, throttlingCheck, finding.Portability, "gRPC Core refuses the config: maxTokens is a whole number there, not %s", c.what(max.at))
		i.severity = rule.Info
		c.add(i)
	}
	switch ratio := t.tokenRatio; {
	case ratio == nil:
		missing = append(missing, tokenRatio)
	case ratio.value <= 0:
		refuse(ratio.at, fmt.Sprintf("tokenRatio is more than 0, not %s", c.what(ratio.at)))
	case ratio.value < 0.001:
		i := at(ratio.at, throttlingCheck, finding.Portability, "gRPC Core refuses the config: it cuts tokenRatio %s after three places, to 0", c.what(ratio.at))
		i.severity = rule.Warning
		c.add(i)
	case ratio.value >= 1:
		i := at(ratio.at, throttlingCheck, finding.Risky, "retries are hardly ever throttled: each success makes up for %s failures", c.what(ratio.at))
		i.severity = rule.Warning
		c.add(i)
	}
	c.lacks(t.at, t.key, "retryThrottling", missing, &throttlingMessage, say)
}
