package deploycheck

import (
	"slices"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/kube"
)

// A served method is one with its service.
type served struct {
	service string
	*Method
}

// Name is what people call it: OrderService.CreateOrder.
func (s served) String() string {
	return s.service[strings.LastIndexByte(s.service, '.')+1:] + "." + s.Name
}

// ofPath returns the methods below a path of an HTTP request,
// "/shop.v1.OrderService/" or more of it; nil if it is no service of ours.
func (c *checker) ofPath(prefix string) []served {
	service, method, _ := strings.Cut(strings.TrimPrefix(prefix, "/"), "/")
	if service == "" {
		return nil
	}
	var list []served
	for i := range c.code.Services {
		s := &c.code.Services[i]
		if s.Name != service && (method != "" || strings.HasSuffix(prefix, "/") || !strings.HasPrefix(s.Name, service)) {
			continue
		}
		for j := range s.Methods {
			if m := &s.Methods[j]; method == "" || m.Name == method {
				list = append(list, served{s.Name, m})
			}
		}
	}
	return list
}

// isServicePath reports whether a path looks like that of a service of gRPC:
// "/shop.v1.OrderService/".
func isServicePath(prefix string) bool {
	service, _, _ := strings.Cut(strings.TrimPrefix(prefix, "/"), "/")
	last := service[strings.LastIndexByte(service, '.')+1:]
	return strings.Contains(service, ".") && last != "" && 'A' <= last[0] && last[0] <= 'Z' && !strings.ContainsAny(service, "*()$")
}

// ofService returns the methods that a Service of Kubernetes leads to; nil
// unless the program behind it is known.
func (c *checker) ofService(s *kube.Service) []served {
	for _, w := range c.selected(s) {
		for _, container := range w.Containers {
			if p := c.programIn(container); p != nil && len(p.Serves) > 0 && !p.Open {
				return c.ofProgram(p)
			}
		}
	}
	return c.ofOnlyService()
}

func (c *checker) ofProgram(p *Program) []served {
	var list []served
	for i := range c.code.Services {
		if s := &c.code.Services[i]; slices.Contains(p.Serves, s.Name) {
			for j := range s.Methods {
				list = append(list, served{s.Name, &s.Methods[j]})
			}
		}
	}
	return list
}

// ofOnlyService returns the methods of the one service that the project
// defines, if it is one: that is what is served, wherever.
func (c *checker) ofOnlyService() []served {
	if len(c.code.Services) != 1 {
		return nil
	}
	s := &c.code.Services[0]
	var list []served
	for j := range s.Methods {
		list = append(list, served{s.Name, &s.Methods[j]})
	}
	return list
}

// ofHost returns the methods behind a host that a route leads to.
func (c *checker) ofHost(host string, from *kube.Object) []served {
	if a, ok := parseAddress(host); ok {
		if services := c.servicesAt(a, from); len(services) > 0 {
			return c.ofService(services[0])
		}
		if p, known := c.composed(a.host); known && from == nil {
			if p == nil || p.Open {
				return nil
			}
			return c.ofProgram(p)
		}
	}
	if from != nil {
		return nil // it has the names of Services, and none of ours
	}
	return c.ofOnlyServer()
}

// ofOnlyServer returns the methods of the programs that serve gRPC, if all of
// them serve the same.
func (c *checker) ofOnlyServer() []served {
	var found *Program
	for i := range c.code.Programs {
		p := &c.code.Programs[i]
		switch {
		case !p.servesGRPC():
		case p.Open, found != nil && !slices.Equal(found.Serves, p.Serves):
			return nil
		default:
			found = p
		}
	}
	if found == nil {
		return c.ofOnlyService()
	}
	return c.ofProgram(found)
}

// streaming returns the first of some methods that streams from the server, or
// from the client.
func streaming(methods []served, is func(*Method) bool) *served {
	for i := range methods {
		if is(methods[i].Method) {
			return &methods[i]
		}
	}
	return nil
}
