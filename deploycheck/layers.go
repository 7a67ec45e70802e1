package deploycheck

import (
	"strings"
	"time"

	"github.com/grpclint/grpclint/deploycheck/nginxconf"
	"github.com/grpclint/grpclint/deploycheck/source"
)

// A Layer stands between a client and a method, and may give up before either.
type Layer struct {
	Who string // as people call it: "VirtualService orders"
	At  source.Span
	// Timeout is how long it waits: for the whole RPC or, if Idle is set, for
	// the next part of the reply. It is 0 if it waits for ever.
	Timeout time.Duration
	Idle    bool
	Default bool // that is what holds if nothing is set
	// Attempts is how often it sends an RPC at most, the first included, and
	// PerTry how long each may take; 0 if that is not set.
	Attempts int
	PerTry   time.Duration
	// Code is what the client gets when the layer gives up.
	Code string
}

// Layers returns what stands in front of a method, "package.Service/Method".
func Layers(set *Set, options Options, method string) []Layer {
	c := &checker{Set: set, options: options, code: options.Code}
	if c.code == nil {
		c.code = new(Code)
	}
	method = strings.TrimPrefix(method, "/")
	among := func(methods []served) bool {
		for _, m := range methods {
			if m.service+"/"+m.Name == method {
				return true
			}
		}
		return false
	}
	var list []Layer
	for _, r := range c.allRoutes() {
		if !among(c.methodsBehind(r)) {
			continue
		}
		l := Layer{Who: r.kind, At: r.node.Span(), Attempts: 1, Code: "UNAVAILABLE"} // HTTP's 504
		if r.timeout.known {
			l.Timeout, l.Default = r.timeout.is, r.timeout.node == nil && r.timeout.is > 0
		}
		if r.from == nil && (!lacksEither(r.node, "max_stream_duration") || !lacksEither(r.node, "max_grpc_timeout")) && l.Default {
			l.Timeout, l.Default = 0, false
		}
		if r.retry != nil && r.retry.attempts > 0 {
			l.Attempts = r.retry.attempts + 1
			if r.retry.perTry.known {
				l.PerTry = r.retry.perTry.is
			}
		}
		list = append(list, l)
	}
	for _, o := range c.grpcIngresses() {
		if !among(c.ingressMethods(o)) {
			continue
		}
		l := Layer{Who: "Ingress " + o.Name, At: o.NameNode().Span(), Timeout: nginxReadTimeout, Idle: true, Default: true, Attempts: 1, Code: "INTERNAL"}
		if n := o.Annotation(nginxAnnotation + "proxy-read-timeout"); n != nil {
			if d, ok := source.ParseNginxDuration(n.String()); ok {
				l.Timeout, l.Default, l.At = d, false, n.Span()
			}
		}
		list = append(list, l)
	}
	for _, f := range c.Nginx {
		nginxconf.Walk(f.top, func(d *nginxconf.Directive) {
			if d.Text != "grpc_pass" || len(d.Args) == 0 || !among(c.passMethods(f, d)) {
				return
			}
			l := Layer{Who: "nginx, " + passTarget(d), At: d.Whole(), Timeout: nginxReadTimeout, Idle: true, Default: true, Attempts: 1, Code: "INTERNAL"}
			if set, _ := d.Inherited(f.top, "grpc_read_timeout"); set != nil {
				if given, ok := source.ParseNginxDuration(set.Arg()); ok {
					l.Timeout, l.Default, l.At = given, false, set.Whole()
				}
			}
			list = append(list, l)
		})
	}
	return list
}
