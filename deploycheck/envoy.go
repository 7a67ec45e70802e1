package deploycheck

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// Envoy's documents are protobuf in YAML: fields may be in either case, and
// what matters is deep inside.

// isEnvoy reports whether a document is one.
func isEnvoy(doc *yamldoc.Node) bool {
	return either(doc, "static_resources") != nil || either(doc, "virtual_hosts") != nil || doc.Get("resources").IsList() && envoyPart(doc.Get("resources"), "virtual_hosts")
}

// either returns a field by its name in protobuf or in JSON.
func either(n *yamldoc.Node, name string) *yamldoc.Node {
	if found := n.Get(name); found != nil {
		return found
	}
	return n.Get(camel(name))
}

// lacksEither reports whether a field is not there under either name.
func lacksEither(n *yamldoc.Node, name string) bool { return n.Lacks(name) && n.Lacks(camel(name)) }

// camel is a field's name in JSON.
func camel(name string) string {
	parts := strings.Split(name, "_")
	for i, part := range parts[1:] {
		parts[i+1] = strings.ToUpper(part[:1]) + part[1:]
	}
	return strings.Join(parts, "")
}

// envoyDepth is how deep documents are looked into: a route is some 14 levels
// below the top.
const envoyDepth = 24

// maxVisited is how many nodes of a document are looked at: aliases of aliases
// can make billions of a few lines.
const maxVisited = 200_000

// visitEnvoy calls visit for all mappings below a node.
func visitEnvoy(n *yamldoc.Node, depth int, visit func(*yamldoc.Node)) {
	left := maxVisited
	visitNodes(n, depth, &left, visit)
}

func visitNodes(n *yamldoc.Node, depth int, left *int, visit func(*yamldoc.Node)) {
	if *left--; depth == 0 || *left < 0 {
		return
	}
	if n.IsMap() {
		visit(n)
	}
	for _, f := range n.Fields() {
		visitNodes(f.Value, depth-1, left, visit)
	}
	for _, item := range n.Items() {
		visitNodes(item, depth-1, left, visit)
	}
}

// envoyPart reports whether a field is somewhere below a node.
func envoyPart(n *yamldoc.Node, name string) bool {
	found := false
	visitEnvoy(n, envoyDepth, func(m *yamldoc.Node) { found = found || either(m, name) != nil })
	return found
}

// envoyRoutes returns the routes of a document that lead to a cluster.
func envoyRoutes(doc *envoyDoc) []*route {
	clusters := envoyClusters(doc.root)
	var list []*route
	add := func(config *yamldoc.Node, web bool) {
		for _, host := range either(config, "virtual_hosts").Items() {
			shared := either(host, "retry_policy")
			for _, node := range either(host, "routes").Items() {
				if r := envoyRoute(node, shared, clusters, web); r != nil {
					list = append(list, r)
				}
			}
		}
	}
	visitEnvoy(doc.root, envoyDepth, func(n *yamldoc.Node) {
		if config := either(n, "route_config"); config.IsMap() {
			add(config, bridgesGRPC(either(n, "http_filters")))
		}
	})
	if len(list) == 0 {
		visitEnvoy(doc.root, envoyDepth, func(n *yamldoc.Node) {
			if either(n, "virtual_hosts").IsList() {
				add(n, false)
			}
		})
	}
	return list
}

// bridgesGRPC: filters that are there for gRPC alone.
func bridgesGRPC(filters *yamldoc.Node) bool {
	return slices.ContainsFunc(filters.Items(), func(f *yamldoc.Node) bool {
		name := f.Get("name").String()
		return strings.HasSuffix(name, "grpc_web") || strings.HasSuffix(name, "grpc_json_transcoder") || strings.HasSuffix(name, "grpc_stats") || strings.HasSuffix(name, "grpc_http1_bridge")
	})
}

// An envoyCluster is what a route leads to.
type envoyCluster struct {
	http2 bool   // it speaks HTTP/2 to what is behind it
	host  string // where that is, "" if there are several or it is not known
}

// envoyClusters returns the clusters of a document by name.
func envoyClusters(root *yamldoc.Node) map[string]envoyCluster {
	clusters := make(map[string]envoyCluster)
	visitEnvoy(root, envoyDepth, func(n *yamldoc.Node) {
		for _, cluster := range n.Get("clusters").Items() {
			if name := cluster.Get("name").String(); name != "" {
				clusters[name] = envoyCluster{envoyPart(cluster, "http2_protocol_options"), envoyHost(cluster)}
			}
		}
	})
	return clusters
}

// envoyHost returns the one host of a cluster's endpoints.
func envoyHost(cluster *yamldoc.Node) string {
	hosts := make(map[string]bool)
	visitEnvoy(cluster, envoyDepth, func(n *yamldoc.Node) {
		if address := either(n, "socket_address").Get("address").String(); address != "" {
			hosts[address] = true
		}
	})
	if len(hosts) != 1 {
		return ""
	}
	for host := range hosts {
		return host
	}
	return ""
}

func envoyRoute(node, shared *yamldoc.Node, clusters map[string]envoyCluster, web bool) *route {
	action := node.Get("route")
	cluster := action.Get("cluster").String()
	if cluster == "" {
		return nil
	}
	behind, known := clusters[cluster]
	http2 := behind.http2
	r := &route{kind: "the route to cluster " + cluster, decl: cluster, node: action, to: []string{cmp.Or(behind.host, cluster)}}
	match := node.Get("match")
	r.grpc = match.Has("grpc") || http2 && web || strings.Contains(strings.ToLower(cluster), "grpc") && (http2 || !known)
	switch {
	case match.Has("prefix"):
		r.paths = []string{match.Get("prefix").String()}
	case match.Has("path"):
		r.paths = []string{match.Get("path").String()}
	default:
		r.elsewhere = true
	}
	if known && !http2 {
		r.grpc = false
	}
	r.timeout = durationOf(action.Get("timeout"))
	if lacksEither(action, "timeout") {
		const byDefault = 15 * time.Second // envoy.config.route.v3.RouteAction.timeout
		r.timeout = limit{is: byDefault, known: true}
	}
	written := either(action, "retry_policy")
	if written == nil {
		written = shared
	}
	if written.IsMap() {
		r.retry = &retries{node: written, attempts: -1, perTry: durationOf(either(written, "per_try_timeout"))}
		if n, ok := either(written, "num_retries").Int(); ok {
			r.retry.attempts = n
		} else if lacksEither(written, "num_retries") {
			r.retry.attempts = 1
		}
		r.retry.onNode = either(written, "retry_on")
		r.retry.on = split(r.retry.onNode)
	}
	return r
}
