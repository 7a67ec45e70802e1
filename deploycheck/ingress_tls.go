package deploycheck

import "fmt"

// ingressTLS reports Ingresses for gRPC without TLS: ingress-nginx speaks HTTP/2
// to clients on its TLS listener only.
func ingressTLS(c *checker) {
	for _, o := range c.grpcIngresses() {
		spec := o.Root.Get("spec")
		if !spec.Lacks("tls") || !o.LacksAnnotation(nginxAnnotation+"ssl-passthrough") {
			continue
		}
		c.report(Issue{
			At:      o.Annotation(nginxAnnotation + "backend-protocol").Span(),
			Message: fmt.Sprintf("RPCs on port 80 fail: Ingress %s has no tls, and ingress-nginx speaks HTTP/2 to clients on TLS only", o.Name),
			Decl:    "Ingress " + o.Name, Subject: "tls",
		})
	}
}
