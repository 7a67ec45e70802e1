package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var negativeTimeoutCheck = check{id: "serviceconfig/negative-timeout", gapic: rule.Warning}

// negativeTimeout reports a timeout of which grpc-go makes none.
func (c *checker) negativeTimeout(t *durationValue) {
	if t.value < 0 {
		c.add(at(t.at, negativeTimeoutCheck, finding.Ignored, "no deadline is set: the timeout %s is negative, and grpc-go ignores it", t.at.text))
	}
}
