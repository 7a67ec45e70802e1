package stub

import (
	"slices"
	"strings"

	"github.com/grpclint/grpclint/protocheck/method"
)

// A Service is one of which generated code is at hand, with all its methods.
type Service struct {
	Name string // "package.Service"
	RPCs []*RPC // sorted by FullMethod
}

// Verdict says what a second call of the RPC does.
func (r *RPC) Verdict() method.Verdict { return method.Classify(r.Description, method.Options{}) }

// Services returns the services that the package and its imports have
// generated code of, sorted by name. With near set, only those of the
// package and its direct imports.
//
// A client that somebody wrote by hand for two of a service's methods tells
// nothing of the others: only what has a generated server as well counts.
func (x *Index) Services(near bool) []Service {
	direct := make(map[string]bool)
	if near {
		direct[x.pkg.Path()] = true
		for _, imported := range x.pkg.Imports() {
			direct[imported.Path()] = true
		}
	}
	byName := make(map[string]map[string]bool) // full names of the methods
	for path, fact := range x.known {
		if near && !direct[path] {
			continue
		}
		for _, server := range servers(fact) {
			service := ""
			for _, m := range server {
				name, _, ok := strings.Cut(strings.TrimPrefix(m.FullMethod, "/"), "/")
				if !ok || service != "" && service != name {
					service = ""
					break // an old generator's, or something else
				}
				service = name
			}
			if service == "" {
				continue
			}
			if byName[service] == nil {
				byName[service] = make(map[string]bool)
			}
			for _, m := range server {
				byName[service][m.FullMethod] = true
			}
		}
	}
	var services []Service
	for name, methods := range byName {
		s := Service{Name: name}
		for full := range methods {
			if rpc := x.rpcs()[full]; rpc != nil {
				s.RPCs = append(s.RPCs, rpc)
			}
		}
		if len(s.RPCs) != len(methods) {
			continue
		}
		slices.SortFunc(s.RPCs, func(a, b *RPC) int { return strings.Compare(a.FullMethod, b.FullMethod) })
		services = append(services, s)
	}
	slices.SortFunc(services, func(a, b Service) int { return strings.Compare(a.Name, b.Name) })
	return services
}

// servers groups the methods of a package's server interfaces.
func servers(fact *told) [][]Method {
	var groups [][]Method
	for i := 0; i < len(fact.Server); {
		j := i
		for j < len(fact.Server) && fact.Server[j].Type == fact.Server[i].Type {
			j++
		}
		groups = append(groups, fact.Server[i:j])
		i = j
	}
	return groups
}
