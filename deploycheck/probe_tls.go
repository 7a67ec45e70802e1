package deploycheck

import "fmt"

// probeTLS reports gRPC probes of Kubernetes, which speak no TLS, at servers
// that speak nothing else.
func probeTLS(c *checker) {
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			p := c.programIn(container)
			if p == nil || !p.TLS || p.Mixed {
				continue
			}
			for _, probe := range container.Probes() {
				grpc := probe.Get("grpc")
				if grpc == nil || grpc.Has("mode") || c.isMeshed(w.Object, true) {
					continue
				}
				c.report(Issue{
					At:      grpc.Get("port").Span(),
					Message: fmt.Sprintf("%s never becomes ready: its server speaks TLS alone, and the gRPC probe of Kubernetes none", container.Name),
					Decl:    w.Kind + " " + w.Name, Subject: container.Name,
				})
				break
			}
		}
	}
}
