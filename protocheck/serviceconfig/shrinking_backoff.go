package serviceconfig

import "github.com/grpclint/grpclint/finding"

var shrinkingBackoffCheck = check{id: "serviceconfig/shrinking-backoff"}

// shrinkingBackoff reports backoffs each of which is shorter than the one
// before.
func (c *checker) shrinkingBackoff(p *retryValue) {
	if p.multiplier.value < 1 {
		c.add(at(p.multiplier.at, shrinkingBackoffCheck, finding.Risky,
			"retries come ever faster while the server is in trouble: backoffMultiplier %s is less than 1", c.what(p.multiplier.at)))
	}
}
