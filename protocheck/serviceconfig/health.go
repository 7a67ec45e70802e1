package serviceconfig

import "github.com/grpclint/grpclint/finding"

// healthChecks reports a healthCheckConfig that does nothing: it is up to the
// balancer to check health, and pick_first, which grpc-go uses unless told
// otherwise, does not (gRFC A17).
func (c *checker) healthChecks(cfg *config) {
	if cfg.health == nil || c.gapic() || c.rejections > 0 {
		return // nothing to check, or nothing that takes effect
	}
	const message = "health is never checked: %s, which does not ask for it"
	switch name, named := c.chosenPolicy(cfg); name {
	case "":
		c.add(at(cfg.healthKey, "health/unserved", finding.Ignored, message, "no balancer is named, so it is pick_first"))
	case "pick_first":
		i := at(cfg.healthKey, "health/unserved", finding.Ignored, message, "the balancer is pick_first")
		i.related = []related{{"the balancer", named.start, named.end}}
		c.add(i)
	}
}

// chosenPolicy returns the balancer that grpc-go uses, "" if none is named, "?"
// if that depends on what the program has registered.
func (c *checker) chosenPolicy(cfg *config) (name string, at *node) {
	if cfg.balancers == nil {
		if cfg.policy.get() == "" {
			return "", nil
		}
		if registered, ok := c.sem.registeredName(cfg.policy.value); ok {
			return registered, cfg.policy.at
		}
		return "?", nil
	}
	if len(cfg.balancers.elements) == 0 {
		return "?", nil // refused, by most versions
	}
	first := cfg.balancers.elements[0]
	if first.kind != object || len(first.members) != 1 {
		return "?", nil
	}
	if registered, ok := c.sem.registeredName(first.members[0].key.text); ok {
		return registered, first.members[0].key
	}
	return "?", nil // perhaps the program's own
}
