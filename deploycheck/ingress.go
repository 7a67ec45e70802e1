package deploycheck

import (
	"strings"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

const nginxAnnotation = "nginx.ingress.kubernetes.io/"

// grpcIngresses returns the Ingresses of ingress-nginx that pass gRPC on.
func (c *checker) grpcIngresses() []*kube.Object {
	var list []*kube.Object
	for _, o := range c.kinds("Ingress") {
		switch strings.ToUpper(o.Annotation(nginxAnnotation + "backend-protocol").String()) {
		case "GRPC", "GRPCS":
			list = append(list, o)
		}
	}
	return list
}

// ingressMethods returns the methods behind an Ingress.
func (c *checker) ingressMethods(o *kube.Object) []served {
	var list []served
	for _, r := range o.Root.Get("spec", "rules").Items() {
		for _, p := range r.Get("http", "paths").Items() {
			path := p.Get("path").String()
			if of := c.ofPath(path); of != nil {
				list = append(list, of...)
				continue
			}
			if isServicePath(path) {
				continue // of somebody else
			}
			list = append(list, c.ofHost(backendName(p.Get("backend")), o)...)
		}
	}
	if backend := o.Root.Get("spec", "defaultBackend"); backend != nil {
		list = append(list, c.ofHost(backendName(backend), o)...)
	}
	return list
}

// backendName is the Service of a backend, of networking.k8s.io/v1 or before.
func backendName(backend *yamldoc.Node) string {
	if name := backend.Get("service", "name").String(); name != "" {
		return name
	}
	return backend.Get("serviceName").String()
}
