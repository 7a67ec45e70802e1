package serviceconfig

import (
	"fmt"
	"math"
	"time"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

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
		if i.rule == "" {
			i.rule = "retry-policy"
		}
		i.effect, i.message = finding.Rejected, "grpc-go refuses the config: "+why
		if c.sem.dropsBadRetryPolicy {
			i.effect, i.message = finding.Ignored, "no RPC is retried: grpc-go drops the policy, "+why
		}
		c.add(i)
	}
	refuse := func(n *node, why string) { say(at(n, "", "", ""), why) }
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

// attempts is how many attempts a valid policy allows.
func (c *checker) attempts(p *retryValue) int {
	return int(min(p.maxAttempts.value, int64(c.sem.maxAttempts)))
}

// retries says what a valid policy does otherwise than it seems to.
func (c *checker) retries(entry *methodEntry) {
	p := entry.retry
	c.quirkyDuration(p.initialBackoff)
	c.quirkyDuration(p.maxBackoff)
	if most := int64(c.sem.maxAttempts); p.maxAttempts.value > most {
		i := at(p.maxAttempts.at, "clamped-attempts", finding.Changed,
			"RPCs are tried %d times at most, not %d: grpc-go caps it", most, p.maxAttempts.value)
		if c.sem.hasMaxCallAttempts {
			i.message += ", unless grpc.WithMaxCallAttempts raises the cap"
		}
		i.fix = replace(p.maxAttempts.at, fmt.Sprint(most), true)
		c.add(i)
	}
	reads := c.reads(entry)
	for i, code := range p.codes.items {
		c.retryCode(code.code, p.codes.nodes[i], reads)
	}
	c.backoffs(entry)
}

// pointless says why an RPC that ended with a code ends so again.
var pointless = map[code]string{
	3:  "the same request is as invalid the next time",
	5:  "what does not exist will not exist a moment later",
	6:  "what exists already will exist the next time",
	7:  "the caller will have no more permission the next time",
	9:  "the system's state is to be set right before",
	11: "the same value is as far out of range the next time",
	12: "the server will not have the method the next time",
	15: "lost data does not come back",
	16: "the same credentials are as invalid the next time",
}

// doubtful says what may go wrong when a code is retried, in general.
var doubtful = map[code]struct {
	why      string
	severity rule.Severity
}{
	codeCancelled:         {"somebody wanted the RPC to end", rule.Warning},
	codeUnknown:           {"the server may have done it, and plain Go errors end so", rule.Warning},
	codeInternal:          {"the server may have done it, and is broken", rule.Warning},
	codeAborted:           {"the transaction is to be restarted, not its last RPC", rule.Warning},
	codeDeadlineExceeded:  {"the client's own deadline leaves no time for it", rule.Info},
	codeResourceExhausted: {"quotas come back late, and too large messages stay so", rule.Info},
}

// retryCode checks a code to retry upon. That the server may have done its
// work matters little when all methods of the entry only read.
func (c *checker) retryCode(code code, n *node, reads bool) {
	switch why, never := pointless[code]; {
	case code == codeOK:
		c.add(at(n, "ok-code", finding.Ignored, "%s has no effect: an RPC that succeeded is not retried, and grpc-java refuses the config", c.what(n)))
		return
	case never:
		c.add(at(n, "retry-code", finding.Risky, "retries upon %s only add load: %s", code, why))
		return
	}
	if d, ok := doubtful[code]; ok {
		i := at(n, "retry-code", finding.Risky, "a retry upon %s is seldom right: %s", code, d.why)
		i.severity = d.severity
		if reads && (code == codeUnknown || code == codeInternal) {
			i.severity = rule.Info
		}
		c.add(i)
	}
	if n.kind == number {
		i := at(n, "code-spelling", finding.Portability, "gRPC Core does not read numbers here: %s is %s", c.what(n), code)
		i.severity = rule.Info
		i.fix = replace(n, quote(code.String()), true)
		c.add(i)
	}
}

// tinyBackoff is the shortest first backoff that gives a server time to
// recover.
const tinyBackoff = 10 * time.Millisecond

// backoffs does the arithmetic of a policy's backoffs.
func (c *checker) backoffs(entry *methodEntry) {
	p := entry.retry
	initial, most, factor := p.initialBackoff.value, p.maxBackoff.value, p.multiplier.value
	if initial > most {
		c.add(at(p.initialBackoff.at, "inverted-backoff", finding.Changed,
			"every backoff is %s: initialBackoff %s is more than maxBackoff, which caps it", seconds(most), seconds(initial)))
	}
	if factor < 1 {
		c.add(at(p.multiplier.at, "shrinking-backoff", finding.Risky,
			"retries come ever faster while the server is in trouble: backoffMultiplier %s is less than 1", c.what(p.multiplier.at)))
	}
	if initial < tinyBackoff {
		c.add(at(p.initialBackoff.at, "tiny-backoff", finding.Risky,
			"retries follow at once, as a storm: the first backoff is %s", seconds(initial)))
	}
	if entry.timeout == nil || entry.timeout.value <= 0 {
		return
	}
	limit, attempts := entry.timeout.value, c.attempts(p)
	shortest, longest := c.jitter()
	if first := time.Duration(float64(min(initial, most)) * shortest); first >= limit {
		c.add(at(entry.timeout.at, "backoff", finding.Changed,
			"no RPC is retried: the first backoff of at least %s ends after the timeout of %s", seconds(first), seconds(limit)))
		return
	}
	total, attempt := waits(float64(initial)*longest, float64(most)*longest, factor, attempts, float64(limit))
	if attempt == 0 {
		return
	}
	i := at(entry.timeout.at, "backoff", finding.Changed,
		"attempt %d of %d may never be made: its backoffs add up to as much as %s, the timeout is %s",
		attempt, attempts, seconds(time.Duration(min(total, math.MaxInt64/2))), seconds(limit))
	i.related = []related{{"the longest backoff", p.maxBackoff.key.start, p.maxBackoff.at.end}}
	c.add(i)
}

// jitter is what a backoff is multiplied with, at least and at most.
func (c *checker) jitter() (least, most float64) {
	if c.sem.fullJitter {
		return 0, 1
	}
	return 0.8, 1.2
}

// waits adds up backoffs until they exceed the limit, and returns the sum
// and the attempt that comes after it; 0 if no attempt does.
func waits(backoff, most, factor float64, attempts int, limit float64) (total float64, attempt int) {
	for retry := 1; retry < attempts; retry++ {
		step := min(backoff, most)
		if total += step; total > limit {
			return total, retry + 1
		}
		if step == min(step*factor, most) { // steady from here on
			if whole := total + step*float64(attempts-1-retry); whole <= limit {
				return whole, 0
			}
			more := int((limit-total)/step) + 1
			return total + step*float64(more), retry + more + 1
		}
		if step < 1 { // nanosecond: nothing more adds up
			return total, 0
		}
		backoff *= factor
	}
	return total, 0
}
