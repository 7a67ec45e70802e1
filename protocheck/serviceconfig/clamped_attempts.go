package serviceconfig

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var clampedAttemptsCheck = check{id: "serviceconfig/clamped-attempts", gapic: rule.Off}

// attempts is how many attempts a valid policy allows.
func (c *checker) attempts(p *retryValue) int {
	return int(min(p.maxAttempts.value, int64(c.sem.maxAttempts)))
}

// clampedAttempts reports more attempts than grpc-go makes.
func (c *checker) clampedAttempts(p *retryValue) {
	if most := int64(c.sem.maxAttempts); p.maxAttempts.value > most {
		i := at(p.maxAttempts.at, clampedAttemptsCheck, finding.Changed,
			"RPCs are tried %d times at most, not %d: grpc-go caps it", most, p.maxAttempts.value)
		if c.sem.hasMaxCallAttempts {
			i.message += ", unless grpc.WithMaxCallAttempts raises the cap"
		}
		i.fix = replace(p.maxAttempts.at, fmt.Sprint(most), true)
		c.add(i)
	}
}
