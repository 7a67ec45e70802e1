package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var noThrottlingCheck = check{id: "serviceconfig/no-throttling", gapic: rule.Off}

// noThrottling reports retries that nothing stops when all of them fail.
func (c *checker) noThrottling(cfg *config, policies []*retryValue) {
	if len(policies) > 0 && !cfg.throttled {
		c.add(at(policies[0].key, noThrottlingCheck, finding.Risky,
			"retries multiply the load of servers in trouble: there is no retryThrottling to stop them"))
	}
}
