package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var zeroTimeoutCheck = check{id: "serviceconfig/zero-timeout", gapic: rule.Info}

// zeroTimeout reports a timeout that is over when the RPC starts.
func (c *checker) zeroTimeout(t *durationValue) {
	if t.value == 0 {
		c.add(at(t.at, zeroTimeoutCheck, finding.Risky, "every RPC ends with DEADLINE_EXCEEDED before it is sent: the timeout is 0"))
	}
}
