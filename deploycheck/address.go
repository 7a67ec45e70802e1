package deploycheck

import (
	"net"
	"strconv"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// An address is what a client dials.
type address struct {
	host string // without a namespace
	// namespace is what follows the host, "" for that of the client.
	namespace string
	port      int // 0 for none
	scheme    string
}

// parseAddress reads "orders:50051", "dns:///orders.shop.svc:50051" and their
// like; ok is false for what may be something else.
func parseAddress(text string) (a address, ok bool) {
	text = strings.TrimSpace(text)
	if yamldoc.HasHole(text) || strings.ContainsAny(text, " @,%$<>\"'") {
		return a, false
	}
	if scheme, rest, found := strings.Cut(text, "://"); found {
		a.scheme = scheme
		text = strings.TrimPrefix(rest, "/")
		if authority, target, found := strings.Cut(text, "/"); found && scheme == "dns" && authority != "" && target != "" {
			text = target // dns://resolver/host
		}
	} else if rest, found := strings.CutPrefix(text, "dns:"); found {
		a.scheme, text = "dns", strings.TrimLeft(rest, "/")
	}
	text, _, _ = strings.Cut(text, "/")
	host := text
	if h, port, err := net.SplitHostPort(text); err == nil {
		number, err := strconv.Atoi(port)
		if err != nil {
			return a, false
		}
		host, a.port = h, number
	}
	if host == "" || strings.Contains(host, ":") {
		return a, false
	}
	a.host, a.namespace = splitHost(host)
	return a, isDNSLabel(a.host)
}

// splitHost takes a namespace off a name that Kubernetes resolves. Names of
// the world outside have more to them: "api.example.com".
func splitHost(host string) (name, namespace string) {
	host = strings.TrimSuffix(host, ".")
	for _, suffix := range []string{".svc.cluster.local", ".svc"} {
		if rest, ok := strings.CutSuffix(host, suffix); ok {
			name, namespace, _ = strings.Cut(rest, ".")
			return name, namespace
		}
	}
	if name, namespace, ok := strings.Cut(host, "."); ok && !strings.Contains(namespace, ".") {
		return name, namespace
	}
	return host, ""
}

func isDNSLabel(name string) bool {
	for _, r := range name {
		if r != '-' && (r < 'a' || 'z' < r) && (r < '0' || '9' < r) {
			return false
		}
	}
	return name != ""
}

// servicesAt returns the Services that a name may lead to from a namespace.
func (c *checker) servicesAt(a address, from *kube.Object) []*kube.Service {
	var list []*kube.Service
	for _, s := range c.byName[a.host] {
		switch {
		case a.namespace != "":
			if s.Namespaced && s.Namespace != a.namespace {
				continue
			}
		case s.Namespaced && from != nil && from.Namespaced && s.Namespace != from.Namespace:
			continue
		}
		list = append(list, s)
	}
	return list
}

// A use is a value of a container that may be an address.
type use struct {
	container *kube.Container
	name      string // of the variable, or of the flag
	node      *yamldoc.Node
	address
}

// uses returns the addresses in the environment and the arguments of containers.
func (c *checker) uses() []use {
	if c.addresses != nil {
		return c.addresses
	}
	list := []use{}
	for _, w := range c.Workloads {
		for _, container := range w.Containers {
			for _, e := range c.environment(container) {
				value, ok := e.Value.Value()
				if a, isAddress := parseAddress(value); ok && isAddress && a.port > 0 {
					list = append(list, use{container, e.Name, e.Value, a})
				}
			}
			for _, word := range append(container.Node.Get("args").Items(), container.Node.Get("command").Items()...) {
				value, ok := word.Value()
				flag, target, isFlag := strings.Cut(value, "=")
				if !isFlag {
					flag, target = "", value
				}
				if a, isAddress := parseAddress(target); ok && isAddress && a.port > 0 {
					list = append(list, use{container, strings.TrimLeft(flag, "-"), word, a})
				}
			}
		}
	}
	c.addresses = list
	return list
}
