package deploycheck

import (
	"fmt"

	"github.com/grpclint/grpclint/deploycheck/kube"
)

// clusterIP reports clients that balance over the addresses of a name which has
// one: all their RPCs go to one pod, as long as the connection lasts.
func clusterIP(c *checker) {
	said := make(map[*kube.Service]bool)
	for i := range c.code.Programs {
		p := &c.code.Programs[i]
		for _, t := range p.Balances {
			address, from := c.resolve(p, t)
			a, ok := parseAddress(address)
			if !ok || a.scheme == "xds" {
				continue
			}
			services := c.servicesAt(a, from)
			if len(services) != 1 || said[services[0]] {
				continue
			}
			s := services[0]
			if headless, known := s.Headless(); headless || !known || c.isMeshed(s.Object, false) || !c.severalPods(s) {
				continue
			}
			said[s] = true
			c.report(Issue{
				At:      s.NameNode().Span(),
				Message: fmt.Sprintf("all RPCs of a client go to one pod of %s: round_robin sees one address, as the Service is not headless", s.Name),
				Decl:    "Service " + s.Name, Subject: "clusterIP",
			})
		}
	}
}

// resolve returns the address that a target is: what is written, or what the
// manifests set the variable to.
func (c *checker) resolve(p *Program, t Target) (address string, from *kube.Object) {
	if t.Env == "" {
		return t.Address, nil
	}
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			if c.programIn(container) != p {
				continue
			}
			for _, e := range c.environment(container) {
				if value, ok := e.Value.Value(); ok && e.Name == t.Env {
					return value, w.Object
				}
			}
		}
	}
	return t.Address, nil
}

// severalPods reports whether a Service leads to more than one pod, or may when
// there is much to do.
func (c *checker) severalPods(s *kube.Service) bool {
	for _, w := range c.selected(s) {
		if c.isMeshed(w.Object, true) {
			return false
		}
		if n, ok := w.Root.Get("spec", "replicas").Int(); ok && n > 1 {
			return true
		}
		for _, scaler := range c.kinds("HorizontalPodAutoscaler") {
			if scaler.Root.Get("spec", "scaleTargetRef", "name").String() == w.Name && w.Name != "" {
				return true
			}
		}
	}
	return false
}
