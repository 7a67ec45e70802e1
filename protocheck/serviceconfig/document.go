package serviceconfig

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// syntax reports a text that is no JSON document, whoever reads it.
func (c *checker) syntax(err *SyntaxError) {
	end := min(err.Offset+1, len(c.src))
	i := issue{rule: "rejected", effect: finding.Rejected, start: err.Offset, end: end,
		message: "grpc-go refuses the config, which is no JSON: " + err.Message}
	if strings.Contains(err.Message, "byte order mark") {
		i.end = 3
		i.fix = &fix{"Remove the byte order mark", true, []edit{{0, 3, ""}}}
	}
	if strings.HasPrefix(err.Message, "JSON has no comma") {
		i.fix = &fix{"Remove the comma", true, []edit{{i.start, i.end, ""}}}
	}
	c.rejections++
	c.issues = append(c.issues, i)
}

// document checks a config and returns the values that take effect.
func (c *checker) document(root *node) *config {
	switch root.kind {
	case null: // as good as {}
		return &config{}
	case object:
	case array:
		if slices.ContainsFunc(root.elements, isChoice) {
			c.add(at(root, "choice-wrapper", finding.Rejected,
				"grpc-go refuses the config: this is a list of choices for a DNS TXT record; what belongs here is one serviceConfig of it"))
			return &config{}
		}
		fallthrough
	default:
		c.rejected("rejected", root, fmt.Sprintf("a service config is an object, this is %s", c.what(root)))
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

// choiceKeys are those of an element of a service config choice (gRFC A2).
var choiceKeys = []string{"serviceConfig", "percentage", "clientLanguage", "clientHostname"}

func isChoice(n *node) bool {
	return slices.ContainsFunc(n.members, func(m member) bool {
		return m.key.text == "serviceConfig" && m.value.kind == object
	})
}

// choice reports a wrapper of DNS TXT records around the config: it is an
// object with an unknown key to grpc-go, and so an empty config.
func (c *checker) choice(root *node) {
	if !isChoice(root) {
		return
	}
	c.wrapped = true
	for _, m := range root.members {
		if m.key.text == "serviceConfig" {
			i := at(m.key, "choice-wrapper", finding.Ignored,
				"nothing in it takes effect: this is a choice for a DNS TXT record, whose serviceConfig is the config")
			i.fix = &fix{"Keep the serviceConfig only", false, []edit{{root.start, m.value.start, ""}, {m.value.end, root.end, ""}}}
			c.add(i)
			return
		}
	}
}

// balancing checks what chooses the load balancing policy.
func (c *checker) balancing(cfg *config) {
	if cfg.balancers != nil {
		if !c.sem.parsesEveryBalancerList {
			c.balancerList(cfg.balancers)
		}
		if cfg.policy.get() != "" {
			c.add(at(cfg.policy.key, "deprecated-balancer", finding.Ignored,
				"%s takes no effect: loadBalancingConfig is there, which replaces it", clip(cfg.policy.value)))
		}
		return
	}
	if cfg.policy.get() == "" {
		return
	}
	registered, ok := c.sem.registeredName(cfg.policy.value)
	if !ok {
		i := at(cfg.policy.at, "unknown-balancer", finding.Changed, "grpc-go uses pick_first: %s", c.unknownPolicy(cfg.policy.value))
		i.fix = c.policyFix(cfg.policy.at)
		c.add(i)
		return
	}
	before := c.rejections
	if b := shipped(registered); b != nil && !c.sem.parsesEveryBalancerList {
		c.policyConfig(b, cfg.policy.key, &node{kind: object, start: cfg.policy.at.start, end: cfg.policy.at.end})
	}
	if c.rejections == before {
		i := at(cfg.policy.key, "deprecated-balancer", finding.Portability,
			"loadBalancingPolicy is deprecated: loadBalancingConfig says the same, with room for alternatives")
		i.fix = &fix{"Write loadBalancingConfig", true, []edit{
			{cfg.policy.key.start, cfg.policy.key.end, quote("loadBalancingConfig")},
			{cfg.policy.at.start, cfg.policy.at.end, fmt.Sprintf(`[{%s: {}}]`, c.src[cfg.policy.at.start:cfg.policy.at.end])},
		}}
		c.add(i)
	}
}

// noPolicy reports a list of which grpc-go knows no policy.
func (c *checker) noPolicy(list *node, unknown []*node) {
	switch len(unknown) {
	case 0:
		c.rejected("balancer", list, "loadBalancingConfig lists no policy")
	case 1:
		i := at(unknown[0], "unknown-balancer", finding.Rejected, "grpc-go refuses the config: %s", c.unknownPolicy(unknown[0].text))
		i.fix = c.policyFix(unknown[0])
		c.add(i)
	default:
		i := at(list, "unknown-balancer", finding.Rejected, "grpc-go refuses the config: none of the %d policies is registered", len(unknown))
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
		i := at(key, "unknown-balancer", finding.Ignored, "this entry is skipped: %s", c.unknownPolicy(key.text))
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
