package serviceconfig

import (
	"fmt"
	"math"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// throttling checks the bucket. grpc-go looks at its values only if there
// are entries in methodConfig.
func (c *checker) throttling(cfg *config) {
	t := cfg.throttling
	if t == nil || t.broken {
		return
	}
	say := func(i issue, why string) {
		if i.rule == "" {
			i.rule = "throttling"
		}
		i.effect, i.message = finding.Rejected, "grpc-go refuses the config: "+why
		if cfg.methods == nil {
			i.effect, i.message = finding.Portability, "other implementations refuse the config: "+why
			i.severity = rule.Warning
		}
		c.add(i)
	}
	refuse := func(n *node, why string) { say(at(n, "", "", ""), why) }
	var missing []fieldID
	switch max := t.maxTokens; {
	case max == nil:
		missing = append(missing, maxTokens)
	case max.value <= 0 || max.value > 1000:
		refuse(max.at, fmt.Sprintf("maxTokens is more than 0 and at most 1000, not %s", c.what(max.at)))
	case max.value != math.Trunc(max.value):
		i := at(max.at, "throttling", finding.Portability, "gRPC Core refuses the config: maxTokens is a whole number there, not %s", c.what(max.at))
		i.severity = rule.Info
		c.add(i)
	}
	switch ratio := t.tokenRatio; {
	case ratio == nil:
		missing = append(missing, tokenRatio)
	case ratio.value <= 0:
		refuse(ratio.at, fmt.Sprintf("tokenRatio is more than 0, not %s", c.what(ratio.at)))
	case ratio.value < 0.001:
		i := at(ratio.at, "throttling", finding.Portability, "gRPC Core refuses the config: it cuts tokenRatio %s after three places, to 0", c.what(ratio.at))
		i.severity = rule.Warning
		c.add(i)
	case ratio.value >= 1:
		i := at(ratio.at, "throttling", finding.Risky, "retries are hardly ever throttled: each success makes up for %s failures", c.what(ratio.at))
		i.severity = rule.Warning
		c.add(i)
	}
	c.lacks(t.at, t.key, "retryThrottling", missing, &throttlingMessage, say)
}

// throttledOut reports a bucket that is too small for the retries of the
// policies. From a full bucket the k-th failure in a row takes it to
// maxTokens-k, and is retried if that is more than half.
func (c *checker) throttledOut(t *throttlingValue, policies []*retryValue) {
	if t == nil || t.maxTokens == nil || t.maxTokens.value <= 0 || t.maxTokens.value > 1000 || len(policies) == 0 {
		return
	}
	wanted := 0
	for _, p := range policies {
		wanted = max(wanted, c.attempts(p)-1)
	}
	tokens := t.maxTokens.value
	allowed := retriesOf(tokens)
	if allowed >= wanted {
		return
	}
	left := max(tokens-float64(allowed)-1, 0)
	i := at(t.maxTokens.at, "throttled-out", finding.Changed,
		"no RPC is ever retried: a failure leaves %g of %g tokens, and retries need more than half", left, tokens)
	if allowed > 0 {
		i.severity = rule.Warning
		i.message = fmt.Sprintf("only %d of %d retries in a row are made: %d failures leave %g of %g tokens, not more than half",
			allowed, wanted, allowed+1, left, tokens)
	}
	c.add(i)
}

// retriesOf is how many failures in a row are retried with a full bucket of
// so many tokens.
func retriesOf(tokens float64) int { return max(int(math.Ceil(tokens/2))-1, 0) }
