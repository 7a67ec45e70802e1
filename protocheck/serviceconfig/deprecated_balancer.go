package serviceconfig

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var deprecatedBalancerCheck = check{id: "serviceconfig/deprecated-balancer", gapic: rule.Off}

// replacedBalancer reports a loadBalancingPolicy beside what replaces it.
func (c *checker) replacedBalancer(cfg *config) {
	c.add(at(cfg.policy.key, deprecatedBalancerCheck, finding.Ignored,
		"%s takes no effect: loadBalancingConfig is there, which replaces it", clip(cfg.policy.value)))
}

// deprecatedBalancer reports a loadBalancingPolicy that takes effect.
func (c *checker) deprecatedBalancer(cfg *config) {
	i := at(cfg.policy.key, deprecatedBalancerCheck, finding.Portability,
		"loadBalancingPolicy is deprecated: loadBalancingConfig says the same, with room for alternatives")
	i.fix = &fix{"Write loadBalancingConfig", true, []edit{
		{cfg.policy.key.start, cfg.policy.key.end, quote("loadBalancingConfig")},
		{cfg.policy.at.start, cfg.policy.at.end, fmt.Sprintf(`[{%s: {}}]`, c.src[cfg.policy.at.start:cfg.policy.at.end])},
	}}
	c.add(i)
}
