package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
)

// ServedHealth is what one program that serves a service tells of its health.
type ServedHealth struct {
	Service string // "package.Service"
	// Says: a health service of the program says how the service is, or
	// may. Registers: it has a health service at all.
	Says, Registers bool
}

// healthUnservedCheck is a rule that is about Go code, too.
var healthUnservedCheck = check{id: "health/unserved"}

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
		c.add(at(cfg.healthKey, healthUnservedCheck, finding.Ignored, message, "no balancer is named, so it is pick_first"))
	case "pick_first":
		i := at(cfg.healthKey, healthUnservedCheck, finding.Ignored, message, "the balancer is pick_first")
		i.related = []related{{"the balancer", named.start, named.end}}
		c.add(i)
	case "?": // perhaps one that checks
	default:
		c.servedHealth(cfg)
	}
}

// servedHealth reports a name of which no program that serves it says how it
// is. Of services that nobody is known to serve, nothing is known.
func (c *checker) servedHealth(cfg *config) {
	var name *node
	for _, m := range cfg.health.members {
		if f := healthMessage.lookup(m.key.text); f != nil && f.id == serviceName {
			name = m.value
		}
	}
	if name == nil || name.kind != text || name.text == "" {
		return
	}
	programs, registers := 0, 0
	for _, h := range c.opts.Health {
		switch {
		case h.Service != name.text:
		case h.Says:
			return
		default:
			programs++
			if h.Registers {
				registers++
			}
		}
	}
	_, service := splitService(name.text)
	switch {
	case programs == 0:
	case registers == programs:
		c.add(at(name, healthUnservedCheck, finding.Changed,
			"every RPC with this config fails with UNAVAILABLE: no health service ever says how %s is", shorten(service, 30)))
	case registers == 0:
		c.add(at(name, healthUnservedCheck, finding.Ignored,
			"health checking is silently off: what serves %s has no health service", shorten(service, 30)))
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
