package serviceconfig

import (
	"fmt"
	"slices"
)

// document checks a config and returns the values that take effect.
func (c *checker) document(root *node) *config {
	switch root.kind {
	case null: // as good as {}
		return &config{}
	case object:
	case array:
		if slices.ContainsFunc(root.elements, isChoice) {
			c.listOfChoices(root)
			return &config{}
		}
		fallthrough
	default:
		c.rejected(rejectedCheck, root, fmt.Sprintf("a service config is an object, this is %s", c.what(root)))
		return &config{}
	}
	c.choice(root)
	cfg := c.decodeDocument(root)
	c.balancing(cfg)
	c.methods(cfg)
	c.throttling(cfg)
	c.hedging()
	c.healthChecks(cfg)
	return cfg
}

// balancing checks what chooses the load balancing policy.
func (c *checker) balancing(cfg *config) {
	if cfg.balancers != nil {
		if !c.sem.parsesEveryBalancerList {
			c.balancerList(cfg.balancers)
		}
		if cfg.policy.get() != "" {
			c.replacedBalancer(cfg)
		}
		return
	}
	if cfg.policy.get() == "" {
		return
	}
	registered, ok := c.sem.registeredName(cfg.policy.value)
	if !ok {
		c.unknownBalancer(cfg.policy.at)
		return
	}
	before := c.rejections
	if b := shipped(registered); b != nil && !c.sem.parsesEveryBalancerList {
		c.policyConfig(b, cfg.policy.key, &node{kind: object, start: cfg.policy.at.start, end: cfg.policy.at.end})
	}
	if c.rejections == before {
		c.deprecatedBalancer(cfg)
	}
}
