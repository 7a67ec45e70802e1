package serviceconfig

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var retryPolicyCheck = check{id: "serviceconfig/retry-policy", gapic: rule.Info}

// retryPolicy checks what grpc-go asks of a policy, and reports whether it
// will be used.
func (c *checker) retryPolicy(p *retryValue) (valid bool) {
	if p == nil {
		return false
	}
	if p.broken { // reported where it is read
		return false
	}
	valid = true
	say := func(i issue, why string) {
		valid = false
		if i.check == (check{}) {
			i.check = retryPolicyCheck
		}
		i.effect, i.message = finding.Rejected, "grpc-go refuses the config: "+why
		if c.sem.dropsBadRetryPolicy {
			i.effect, i.message = finding.Ignored, "no RPC is retried: grpc-go drops the policy, "+why
		}
		c.add(i)
	}
	refuse := func(n *node, why string) { say(at(n, check{}, "", ""), why) }
	var missing []fieldID
	if p.maxAttempts == nil {
		missing = append(missing, maxAttempts)
	} else if p.maxAttempts.value <= 1 {
		refuse(p.maxAttempts.at, fmt.Sprintf("maxAttempts counts the first attempt, and is 2 or more, not %d", p.maxAttempts.value))
	}
	backoff := func(d *durationValue, id fieldID) {
		if d == nil {
			missing = append(missing, id)
		} else if d.value <= 0 {
			refuse(d.at, fmt.Sprintf("%s is more than 0, not %s", retryMessage.field(id).name, clip(d.at.text)))
		}
	}
	backoff(p.initialBackoff, initialBackoff)
	backoff(p.maxBackoff, maxBackoff)
	if p.multiplier == nil {
		missing = append(missing, backoffMultiplier)
	} else if p.multiplier.value <= 0 {
		refuse(p.multiplier.at, fmt.Sprintf("backoffMultiplier is more than 0, not %s", c.what(p.multiplier.at)))
	}
	if len(p.codes.items) == 0 {
		if p.codesAt == nil {
			missing = append(missing, retryableStatusCodes)
		} else {
			refuse(p.codesAt, "retryableStatusCodes lists no code")
		}
	}
	c.lacks(p.at, p.key, "retryPolicy", missing, &retryMessage, say)
	return valid
}
