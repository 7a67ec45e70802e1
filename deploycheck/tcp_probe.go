package deploycheck

import (
	"fmt"
	"slices"
)

// tcpProbe reports probes that only open a connection, of programs that could
// tell how they are.
func tcpProbe(c *checker) {
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			p := c.programIn(container)
			if p == nil || !p.Health {
				continue
			}
			for _, probe := range container.Probes() {
				port := probe.Get("tcpSocket", "port")
				number := c.probePort(port, portsOf(container))
				if number == 0 || !slices.Contains(p.Ports, number) {
					continue
				}
				c.report(Issue{
					At:      port.Span(),
					Message: fmt.Sprintf("%s gets traffic when it is not serving: the probe only connects, though the health service tells", container.Name),
					Decl:    w.Kind + " " + w.Name, Subject: container.Name,
				})
				break
			}
		}
	}
}
