package deploycheck

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// unknownProbeService reports probes for a service whose health nobody sets,
// which the health service answers with NOT_FOUND.
func unknownProbeService(c *checker) {
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			p := c.programIn(container)
			if p == nil {
				continue
			}
			for _, probe := range container.Probes() {
				service, at := probedService(probe)
				if at == nil {
					continue
				}
				i := Issue{At: at.Span(), Decl: w.Kind + " " + w.Name, Subject: service}
				switch {
				case !p.Health && !p.HealthOpen && !p.Open && len(p.Serves) > 0:
					i.Message = fmt.Sprintf("%s never becomes ready: the probe asks its health service, and it has none", container.Name)
				case p.Health && !p.HealthOpen && service != "" && !slices.Contains(p.HealthNames, service):
					i.Message = fmt.Sprintf("%s never becomes ready: the probe asks for %q, of which it sets no status", container.Name, service)
				default:
					continue
				}
				c.report(i)
				break
			}
		}
	}
}

// probedService returns the service that a probe asks the health of, and where
// it is written; nil if it is no probe by gRPC, or not known.
func probedService(probe *yamldoc.Node) (service string, at *yamldoc.Node) {
	if grpc := probe.Get("grpc"); grpc.IsMap() {
		if grpc.Lacks("service") {
			return "", grpc.Get("port")
		}
		at = grpc.Get("service")
		service, ok := at.Value()
		if !ok || yamldoc.HasHole(service) {
			return "", nil
		}
		return service, at
	}
	if command := healthProbe(probe); command != nil && command.known {
		items := command.node.Items()
		return command.service, items[len(items)-1]
	}
	return "", nil
}
