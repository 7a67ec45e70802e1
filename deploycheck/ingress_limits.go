package deploycheck

import (
	"fmt"
	"time"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/nginxconf"
	"github.com/grpclint/grpclint/deploycheck/source"
)

const (
	// nginxReadTimeout is how long nginx waits for the next part of a reply if
	// nothing is set (ngx_http_grpc_module).
	nginxReadTimeout = 60 * time.Second
	// nginxBodySize is how much a client may send if nothing is set, over all
	// messages of a stream.
	nginxBodySize = 1 << 20
)

// ingressLimits reports limits of nginx that are in force because nothing is
// set, where streams or messages behind it need others.
func ingressLimits(c *checker) {
	for _, o := range c.grpcIngresses() {
		c.ingressReadTimeout(o)
		c.ingressBodySize(o)
	}
	for _, f := range c.Nginx {
		nginxconf.Walk(f.top, func(d *nginxconf.Directive) {
			if d.Text == "grpc_pass" && len(d.Args) > 0 {
				c.nginxLimits(f, d)
			}
		})
	}
}

// waits are the streams that may say nothing for a while.
func waits(m *Method) bool { return m.ServerStream }

func (c *checker) ingressReadTimeout(o *kube.Object) {
	if !o.LacksAnnotation(nginxAnnotation+"proxy-read-timeout") || snippets(o) {
		return
	}
	stream := streaming(c.ingressMethods(o), waits)
	if stream == nil {
		return
	}
	c.report(Issue{
		At:      o.Annotation(nginxAnnotation + "backend-protocol").Span(),
		Message: fmt.Sprintf("%s is cut off after 60 quiet seconds: Ingress %s sets no proxy-read-timeout", stream, o.Name),
		Decl:    "Ingress " + o.Name, Subject: "proxy-read-timeout",
	})
}

// snippets: the Ingress writes configuration of nginx itself.
func snippets(o *kube.Object) bool {
	return !o.LacksAnnotation(nginxAnnotation+"configuration-snippet") || !o.LacksAnnotation(nginxAnnotation+"server-snippet")
}

func (c *checker) ingressBodySize(o *kube.Object) {
	if snippets(o) {
		return
	}
	const name = nginxAnnotation + "proxy-body-size"
	limit, at := int64(nginxBodySize), o.Annotation(nginxAnnotation+"backend-protocol")
	if !o.LacksAnnotation(name) {
		size, ok := source.ParseSize(o.Annotation(name).String())
		if !ok || size == 0 {
			return
		}
		limit, at = size, o.Annotation(name)
	}
	methods := c.ingressMethods(o)
	if i, ok := c.tooSmall(limit, methods, fmt.Sprintf("Ingress %s", o.Name), "proxy-body-size"); ok {
		i.At, i.Decl, i.Subject = at.Span(), "Ingress "+o.Name, "proxy-body-size"
		c.report(i)
	}
}

// tooSmall judges a limit for what clients send: of a stream it counts all
// messages together.
func (c *checker) tooSmall(limit int64, methods []served, who, setting string) (Issue, bool) {
	if stream := streaming(methods, func(m *Method) bool { return m.ClientStream }); stream != nil {
		return Issue{Message: fmt.Sprintf("%s fails with UNKNOWN after %s: %s counts all messages of a stream (%s: 0 ends that)", stream, bytesText(limit), who, setting)}, true
	}
	for i := range c.code.Programs {
		p := &c.code.Programs[i]
		if p.MaxReceive <= limit {
			continue
		}
		for _, m := range methods {
			for _, service := range p.Serves {
				if service == m.service {
					return Issue{
						Message: fmt.Sprintf("requests over %s fail with UNKNOWN: %s stops them before the server's limit of %s (%s)", bytesText(limit), who, bytesText(p.MaxReceive), setting),
					}, true
				}
			}
		}
	}
	return Issue{}, false
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// nginxLimits judges one grpc_pass.
func (c *checker) nginxLimits(f *nginxFile, pass *nginxconf.Directive) {
	methods := c.passMethods(f, pass)
	if len(methods) == 0 {
		return
	}
	if set, known := pass.Inherited(f.top, "grpc_read_timeout"); set == nil && known {
		if stream := streaming(methods, waits); stream != nil {
			c.report(Issue{
				At:      pass.Whole(),
				Message: fmt.Sprintf("%s is cut off after 60 quiet seconds: there is no grpc_read_timeout for %s", stream, passTarget(pass)),
				Decl:    passTarget(pass), Subject: "grpc_read_timeout",
			})
		}
	}
	limit, at := int64(nginxBodySize), pass.Whole()
	set, known := pass.Inherited(f.top, "client_max_body_size")
	switch {
	case set != nil:
		size, ok := source.ParseSize(set.Arg())
		if !ok || size == 0 {
			return
		}
		limit, at = size, set.Whole()
	case !known:
		return
	}
	if i, ok := c.tooSmall(limit, methods, "nginx", "client_max_body_size"); ok {
		i.At, i.Decl, i.Subject = at, passTarget(pass), "client_max_body_size"
		c.report(i)
	}
}

// passMethods returns the methods that a grpc_pass is for: those of the path of
// its location, or else of what it leads to.
func (c *checker) passMethods(f *nginxFile, pass *nginxconf.Directive) []served {
	if location := pass.Above("location"); location != nil {
		path := location.Arg()
		if path == "=" && len(location.Args) > 1 || path == "^~" && len(location.Args) > 1 {
			path = location.Args[1].Text
		}
		if of := c.ofPath(path); of != nil {
			return of
		}
		if path != "/" {
			return nil
		}
	}
	for _, server := range upstreamServers(f, "grpc://"+passTarget(pass)) {
		if methods := c.ofHost(server, nil); methods != nil {
			return methods
		}
	}
	return nil
}
