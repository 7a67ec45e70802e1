package serviceconfig

import "github.com/grpclint/grpclint/finding"

var invertedBackoffCheck = check{id: "serviceconfig/inverted-backoff"}

// invertedBackoff reports a first backoff above the longest.
func (c *checker) invertedBackoff(p *retryValue) {
	if initial, most := p.initialBackoff.value, p.maxBackoff.value; initial > most {
		c.add(at(p.initialBackoff.at, invertedBackoffCheck, finding.Changed,
			"every backoff is %s: initialBackoff %s is more than maxBackoff, which caps it", seconds(most), seconds(initial)))
	}
}
