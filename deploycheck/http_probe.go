package deploycheck

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/deploycheck/kube"
)

// httpProbe reports probes by HTTP/1 of a port on which a program serves gRPC
// alone: they get no answer that they understand.
func httpProbe(c *checker) {
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			p := c.programIn(container)
			if p == nil || p.Mixed {
				continue
			}
			for _, probe := range container.Probes() {
				port := probe.Get("httpGet", "port")
				number := c.probePort(port, portsOf(container))
				if number == 0 || !slices.Contains(p.Ports, number) {
					continue
				}
				c.report(Issue{
					At:      port.Span(),
					Message: fmt.Sprintf("%s is restarted or never ready: port %d serves gRPC alone, and the probe speaks HTTP/1", container.Name, number),
					Decl:    w.Kind + " " + w.Name, Subject: container.Name,
				})
				break
			}
		}
	}
}

// portsOf returns the ports of a container by name.
func portsOf(c *kube.Container) map[string]int {
	ports := make(map[string]int)
	for _, p := range c.Ports {
		if p.Name != "" {
			ports[p.Name] = p.Number
		}
	}
	return ports
}
