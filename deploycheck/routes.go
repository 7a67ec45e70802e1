package deploycheck

import (
	"slices"
	"strings"
	"time"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// A route leads requests to hosts, with a time limit and retries: the http
// part of a VirtualService, a rule of an HTTPRoute, a route of Envoy's.
type route struct {
	kind string // as people call it: "VirtualService orders"
	decl string
	from *kube.Object // nil for Envoy
	node *yamldoc.Node
	// to are the hosts, or Envoy's clusters, and ports the Services' ports.
	to    []string
	ports []int
	// paths are what the requests' paths begin with; elsewhere, that there
	// are matches of other kinds.
	paths     []string
	elsewhere bool

	timeout limit
	retry   *retries // nil for none that is written here
	// grpc: the route says itself that it is for gRPC.
	grpc bool
}

// A limit is a duration that is set, or not.
type limit struct {
	is    time.Duration
	node  *yamldoc.Node // nil if it is the default
	known bool
}

// retries are those of a route.
type retries struct {
	node     *yamldoc.Node
	attempts int // beside the first; -1 if not known
	perTry   limit
	on       []string // conditions, lower case, nil if they are not known
	onNode   *yamldoc.Node
	// implied: the conditions are those that hold if none is written.
	implied bool
}

// after are the conditions that may hold when the server has done the work.
var after = []string{
	"unavailable", "cancelled", "internal", "deadline-exceeded", "resource-exhausted", "retriable-status-codes",
	"5xx", "reset", "gateway-error", "reset-before-request", "502", "503", "504", "500",
}

// afterWork returns the first condition of the retries that may hold when the
// server has done the work, "" for none.
func (r *retries) afterWork() string {
	for _, condition := range r.on {
		if slices.Contains(after, condition) && condition != "reset-before-request" {
			return condition
		}
	}
	return ""
}

func durationOf(n *yamldoc.Node) limit {
	if n == nil {
		return limit{}
	}
	d, ok := source.ParseDuration(n.String())
	return limit{d, n, ok}
}

// split takes a list of conditions apart: "unavailable,cancelled".
func split(n *yamldoc.Node) []string {
	value, ok := n.Value()
	if !ok {
		return nil
	}
	var list []string
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.ToLower(strings.TrimSpace(part)); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// allRoutes returns the routes of the set.
func (c *checker) allRoutes() []*route {
	if c.routes == nil {
		for _, o := range c.kinds("VirtualService") {
			c.routes = append(c.routes, virtualService(o)...)
		}
		for _, o := range c.kinds("HTTPRoute") {
			c.routes = append(c.routes, httpRoute(o)...)
		}
		for _, doc := range c.Envoy {
			c.routes = append(c.routes, envoyRoutes(doc)...)
		}
	}
	return c.routes
}

// virtualService reads Istio's (istio.io/api networking/v1, HTTPRoute).
func virtualService(o *kube.Object) []*route {
	var list []*route
	for _, node := range o.Root.Get("spec", "http").Items() {
		r := &route{kind: "VirtualService " + o.Name, decl: o.Name, from: o, node: node}
		for _, to := range node.Get("route").Items() {
			destination := to.Get("destination")
			r.to = append(r.to, destination.Get("host").String())
			if number, ok := destination.Get("port", "number").Int(); ok {
				r.ports = append(r.ports, number)
			}
		}
		for _, match := range node.Get("match").Items() {
			uri := match.Get("uri")
			switch path := uri.Get("prefix"); {
			case path != nil:
				r.paths = append(r.paths, path.String())
			case uri.Get("exact") != nil:
				r.paths = append(r.paths, uri.Get("exact").String())
			default:
				r.elsewhere = true
			}
		}
		r.timeout = durationOf(node.Get("timeout"))
		if written := node.Get("retries"); written.IsMap() {
			r.retry = &retries{node: written, attempts: -1, perTry: durationOf(written.Get("perTryTimeout"))}
			if n, ok := written.Get("attempts").Int(); ok {
				r.retry.attempts = n
			} else if written.Lacks("attempts") {
				r.retry.attempts = 2
			}
			r.retry.on, r.retry.onNode = split(written.Get("retryOn")), written.Get("retryOn")
			if value, ok := written.Get("retryOn").Value(); written.Lacks("retryOn") || ok && value == "" {
				// pilot/pkg/networking/core/route/retry
				r.retry.on, r.retry.implied = []string{"connect-failure", "refused-stream", "unavailable", "cancelled"}, true
			}
		}
		list = append(list, r)
	}
	return list
}

// httpRoute reads the Gateway API's.
func httpRoute(o *kube.Object) []*route {
	var list []*route
	for _, node := range o.Root.Get("spec", "rules").Items() {
		r := &route{kind: "HTTPRoute " + o.Name, decl: o.Name, from: o, node: node}
		for _, to := range node.Get("backendRefs").Items() {
			r.to = append(r.to, to.Get("name").String())
			if number, ok := to.Get("port").Int(); ok {
				r.ports = append(r.ports, number)
			}
		}
		for _, match := range node.Get("matches").Items() {
			if path := match.Get("path", "value"); path != nil {
				r.paths = append(r.paths, path.String())
			} else {
				r.elsewhere = true
			}
		}
		r.timeout = durationOf(node.Get("timeouts", "request"))
		if written := node.Get("retry"); written.IsMap() {
			r.retry = &retries{node: written, attempts: -1, onNode: written.Get("codes"), perTry: durationOf(node.Get("timeouts", "backendRequest"))}
			if n, ok := written.Get("attempts").Int(); ok {
				r.retry.attempts = n
			}
			for _, code := range written.Get("codes").Items() {
				r.retry.on = append(r.retry.on, code.String())
			}
		} else if try := node.Get("timeouts", "backendRequest"); try != nil {
			r.retry = &retries{node: try, attempts: 0, perTry: durationOf(try)}
		}
		list = append(list, r)
	}
	return list
}

// A protocol is what a route is for.
type protocol int

const (
	undeclared protocol = iota
	isGRPC
	isHTTP // something says so, and nothing says gRPC
)

// protocolOf tells whether a route is for gRPC, by the paths that it matches,
// the Services that it leads to and what it says itself.
func (c *checker) protocolOf(r *route) protocol {
	if r.grpc || slices.ContainsFunc(r.paths, func(p string) bool { return isServicePath(p) || c.ofPath(p) != nil }) {
		return isGRPC
	}
	if r.retry != nil && slices.ContainsFunc(r.retry.on, isGRPCCondition) && !r.retry.implied {
		return isGRPC
	}
	result := undeclared
	for _, host := range r.to {
		a, ok := parseAddress(host)
		if !ok {
			continue
		}
		for _, s := range c.servicesAt(a, r.from) {
			for i := range s.Ports {
				p := &s.Ports[i]
				if len(r.ports) > 0 && !slices.Contains(r.ports, p.Port) {
					continue
				}
				switch {
				case c.portSpeaksGRPC(s, p):
					if len(r.ports) > 0 || len(s.Ports) == 1 {
						return isGRPC
					}
				case p.SaysHTTP():
					result = isHTTP
				}
			}
		}
	}
	if result == undeclared && len(r.paths) > 0 {
		return isHTTP // a path, and it is no service's
	}
	return result
}

// isGRPCCondition: a condition of retries that only gRPC has.
func isGRPCCondition(condition string) bool {
	switch condition {
	case "unavailable", "cancelled", "deadline-exceeded", "resource-exhausted", "internal":
		return true
	}
	return false
}

// methodsBehind returns the methods that a route's requests may be for; nil if
// nobody knows.
func (c *checker) methodsBehind(r *route) []served {
	if len(r.paths) > 0 {
		var list []served
		for _, p := range r.paths {
			of := c.ofPath(p)
			if of == nil && p != "/" {
				continue
			}
			list = append(list, of...)
		}
		if len(list) > 0 {
			return list
		}
		if !slices.Contains(r.paths, "/") && !slices.Contains(r.paths, "") {
			return nil
		}
	}
	var list []served
	for _, host := range r.to {
		list = append(list, c.ofHost(host, r.from)...)
	}
	return list
}
