package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var messageSizeCheck = check{id: "serviceconfig/message-size", gapic: rule.Warning}

func (c *checker) messageSize(m member) *intValue {
	if m.value.kind == null {
		return nil
	}
	if n, ok := c.integer(m.value, messageSizeCheck, m.key); ok {
		return &intValue{n, m.key, m.value}
	}
	return nil
}

// size checks a limit on messages.
func (c *checker) size(limit *intValue, verb string) {
	switch {
	case limit == nil:
	case limit.value < 0:
		c.add(at(limit.at, messageSizeCheck, finding.Risky, "no message can be %s: the limit %d is negative", verb, limit.value))
	case limit.value == 0:
		c.add(at(limit.at, messageSizeCheck, finding.Risky, "only empty messages can be %s: the limit is 0 bytes", verb))
	case limit.value > 1<<31-1:
		i := at(limit.at, messageSizeCheck, finding.Portability, "grpc-java refuses the config: %d is more than an int there holds (2147483647)", limit.value)
		i.severity = rule.Warning
		i.fix = replace(limit.at, "2147483647", false)
		c.add(i)
	}
}
