package deploycheck

import "fmt"

// probeTimeout reports probes whose command waits longer than the kubelet waits
// for it: they fail before they have an answer.
func probeTimeout(c *checker) {
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			for _, probe := range container.Probes() {
				command := healthProbe(probe)
				limit, node, known := probeTimeoutOf(probe)
				if command == nil || !command.known || !known {
					continue
				}
				sum, set := command.timeout()
				if !set || sum <= limit {
					continue
				}
				i := Issue{
					At:      command.node.Line(),
					Message: fmt.Sprintf("slow answers count as none: the probe of %s waits up to %s, and the kubelet %s (timeoutSeconds)", container.Name, seconds(sum), seconds(limit)),
					Decl:    w.Kind + " " + w.Name, Subject: container.Name,
				}
				if node != nil {
					i.At = node.Span()
				}
				c.report(i)
			}
		}
	}
}
