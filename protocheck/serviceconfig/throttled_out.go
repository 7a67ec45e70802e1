package serviceconfig

import (
	"fmt"
	"math"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var throttledOutCheck = check{id: "serviceconfig/throttled-out", gapic: rule.Off}

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
	i := at(t.maxTokens.at, throttledOutCheck, finding.Changed,
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
