package serviceconfig

import (
	"math"
	"time"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var backoffCheck = check{id: "serviceconfig/backoff", gapic: rule.Off}

// backoff reports attempts for which the timeout leaves no time.
func (c *checker) backoff(entry *methodEntry) {
	if entry.timeout == nil || entry.timeout.value <= 0 {
		return
	}
	p := entry.retry
	initial, most, factor := p.initialBackoff.value, p.maxBackoff.value, p.multiplier.value
	limit, attempts := entry.timeout.value, c.attempts(p)
	shortest, longest := c.jitter()
	if first := time.Duration(float64(min(initial, most)) * shortest); first >= limit {
		c.add(at(entry.timeout.at, backoffCheck, finding.Changed,
			"no RPC is retried: the first backoff of at least %s ends after the timeout of %s", seconds(first), seconds(limit)))
		return
	}
	total, attempt := waits(float64(initial)*longest, float64(most)*longest, factor, attempts, float64(limit))
	if attempt == 0 {
		return
	}
	i := at(entry.timeout.at, backoffCheck, finding.Changed,
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
