package deploycheck

import (
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// addressPort reports addresses with a port that the Service does not have.
func addressPort(c *checker) {
	for _, u := range c.uses() {
		services := c.servicesAt(u.address, u.container.Of.Object)
		if len(services) == 0 {
			continue
		}
		var ports []string
		known, grpc := true, false
		for _, s := range services {
			known = known && s.Complete() && len(s.Ports) > 0 && s.Root.Get("spec", "type").String() != "ExternalName" && len(s.Selector) > 0
			for i := range s.Ports {
				p := &s.Ports[i]
				if p.Port == u.port {
					known = false // as it should be
				}
				grpc = grpc || c.portSpeaksGRPC(s, p)
				ports = append(ports, fmt.Sprint(p.Port))
			}
		}
		if !known || !grpc || isMeshInternal(u.host) {
			continue
		}
		i := Issue{
			At:      u.node.Span(),
			Message: fmt.Sprintf("%s cannot be reached: Service %s has no port %d, but %s", u.name, u.host, u.port, say.Some(ports, 3, "")),
			Decl:    u.container.Of.Kind + " " + u.container.Of.Name, Subject: u.name,
			Related: []Related{{services[0].NameNode().Span(), "the Service"}},
		}
		if u.name == "" {
			i.Message = strings.TrimSpace(strings.Replace(i.Message, " cannot", u.host+" cannot", 1))
			i.Subject = u.host
		}
		if len(services) > 1 {
			i.Severity = rule.Warning // overlays may add to each other
		}
		c.report(i)
	}
}

// isMeshInternal: side-cars have ports that no Service shows.
func isMeshInternal(host string) bool {
	return strings.HasPrefix(host, "istio") || strings.HasPrefix(host, "linkerd")
}
