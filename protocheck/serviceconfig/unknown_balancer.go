package serviceconfig

import (
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var unknownBalancerCheck = check{id: "serviceconfig/unknown-balancer", gapic: rule.Info}

// unknownBalancer reports a loadBalancingPolicy that is none.
func (c *checker) unknownBalancer(policy *node) {
	i := at(policy, unknownBalancerCheck, finding.Changed, "grpc-go uses pick_first: %s", c.unknownPolicy(policy.text))
	i.fix = c.policyFix(policy)
	c.add(i)
}

// noPolicy reports a list of which grpc-go knows no policy.
func (c *checker) noPolicy(list *node, unknown []*node) {
	switch len(unknown) {
	case 1:
		i := at(unknown[0], unknownBalancerCheck, finding.Rejected, "grpc-go refuses the config: %s", c.unknownPolicy(unknown[0].text))
		i.fix = c.policyFix(unknown[0])
		c.add(i)
	default:
		i := at(list, unknownBalancerCheck, finding.Rejected, "grpc-go refuses the config: none of the %d policies is registered", len(unknown))
		for _, key := range unknown[:min(len(unknown), 20)] {
			if f := c.policyFix(key); f != nil {
				i.start, i.end, i.fix = key.start, key.end, f
				i.message = fmt.Sprintf("grpc-go refuses the config: %s", c.unknownPolicy(key.text))
				break
			}
		}
		c.add(i)
	}
}

// skippedPolicies reports misspelled names before a policy that grpc-go
// knows. Names that look like nothing it knows are other clients' policies.
func (c *checker) skippedPolicies(unknown []*node) {
	for _, key := range unknown[:min(len(unknown), 20)] {
		f := c.policyFix(key)
		if f == nil {
			continue
		}
		i := at(key, unknownBalancerCheck, finding.Ignored, "this entry is skipped: %s", c.unknownPolicy(key.text))
		i.severity = rule.Warning
		i.fix = f
		c.add(i)
	}
}

// unknownPolicy says why a name stands for no policy.
func (c *checker) unknownPolicy(name string) string {
	if b := shipped(name); b != nil {
		return fmt.Sprintf("%s is registered by importing %s", name, b.importPath)
	}
	if near, _ := c.nearPolicy(name); near != "" {
		return fmt.Sprintf("%s is no load balancing policy, %s is", clip(name), near)
	}
	return fmt.Sprintf("%s is no registered load balancing policy", clip(name))
}

func (c *checker) policyFix(n *node) *fix {
	near, certain := c.nearPolicy(n.text)
	if near == "" || near == n.text {
		return nil
	}
	return rename(n, near, certain)
}

// nearPolicy finds the registered policy that a name means; certain when
// only case and separators differ.
func (c *checker) nearPolicy(name string) (near string, certain bool) {
	if len(name) > 64 {
		return "", false
	}
	meant := bareName(name)
	best := 3
	for _, known := range c.sem.registeredNames() {
		bare := bareName(known)
		if bare == meant || strings.TrimSuffix(bare, "experimental") == meant {
			return known, bare == meant
		}
		if d := rule.EditDistance(meant, bare, 2); d < best {
			near, best = known, d
		}
	}
	return near, false
}
