package serviceconfig

import (
	"time"

	"github.com/grpclint/grpclint/finding"
)

var tinyBackoffCheck = check{id: "serviceconfig/tiny-backoff"}

// leastBackoff is the shortest first backoff that gives a server time to
// recover.
const leastBackoff = 10 * time.Millisecond

// tinyBackoff reports a first backoff below that.
func (c *checker) tinyBackoff(p *retryValue) {
	if initial := p.initialBackoff.value; initial < leastBackoff {
		c.add(at(p.initialBackoff.at, tinyBackoffCheck, finding.Risky,
			"retries follow at once, as a storm: the first backoff is %s", seconds(initial)))
	}
}
