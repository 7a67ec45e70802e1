package serviceconfig

import (
	"slices"
	"strings"

	classes "github.com/grpclint/grpclint/protocheck/method"
)

// Methods is what is known of the methods that configs name, from .proto
// files, from generated code, or from both. The zero value knows nothing,
// and so does nil.
type Methods struct {
	services map[string]*Service // by full name
	packages map[string]bool     // those of the services; whether all services are known
	bySimple map[string][]string // full names by the last word
}

// A Service that exists.
type Service struct {
	Name    string   // "package.Service"
	Methods []Method // all that it has
	// Elsewhere is set for a service that the program at hand does not
	// call, as far as is known: a default for all methods is not judged by
	// what it does to these.
	Elsewhere bool
}

// A Method that exists.
type Method struct {
	Name                       string // without the service
	ClientStream, ServerStream bool   // which side sends a stream
	From                       string // where this is known from, for people
	// Verdict says what a second call does; nil if nobody knows.
	Verdict func() classes.Verdict
}

// AddPackage says that all services of a proto package are known, be they
// added before or after: what is not there does not exist.
func (m *Methods) AddPackage(name string) {
	if m.packages == nil {
		m.packages = make(map[string]bool)
	}
	m.packages[name] = true
}

// Add adds a service. One that is known already is the two together: what
// was said first of a method counts.
func (m *Methods) Add(s Service) {
	if m.services == nil {
		m.services = make(map[string]*Service)
		m.bySimple = make(map[string][]string)
	}
	pkg, simple := splitService(s.Name)
	if m.packages == nil {
		m.packages = make(map[string]bool)
	}
	m.packages[pkg] = m.packages[pkg]
	known := m.services[s.Name]
	if known == nil {
		known = &Service{Name: s.Name, Elsewhere: true}
		m.services[s.Name] = known
		m.bySimple[simple] = append(m.bySimple[simple], s.Name)
	}
	known.Elsewhere = known.Elsewhere && s.Elsewhere
	for _, added := range s.Methods {
		if known.method(added.Name) == nil {
			known.Methods = append(known.Methods, added)
		}
	}
}

// Join adds all that another index knows.
func (m *Methods) Join(other *Methods) {
	for _, s := range other.Services() {
		m.Add(*s)
	}
	if other == nil {
		return
	}
	for pkg, whole := range other.packages {
		if whole {
			m.AddPackage(pkg)
		}
	}
}

// Services returns the known services by name.
func (m *Methods) Services() []*Service {
	if m == nil {
		return nil
	}
	services := make([]*Service, 0, len(m.services))
	for _, s := range m.services {
		services = append(services, s)
	}
	slices.SortFunc(services, func(a, b *Service) int { return strings.Compare(a.Name, b.Name) })
	return services
}

// Service returns a known service, or nil.
func (m *Methods) Service(name string) *Service {
	if m == nil {
		return nil
	}
	return m.services[name]
}

// Method returns a known method, or nil.
func (m *Methods) Method(service, name string) *Method {
	if s := m.Service(service); s != nil {
		return s.method(name)
	}
	return nil
}

func (s *Service) method(name string) *Method {
	for i := range s.Methods {
		if s.Methods[i].Name == name {
			return &s.Methods[i]
		}
	}
	return nil
}

// isPackage reports whether a package is known, in part or whole.
func (m *Methods) isPackage(name string) (known, whole bool) {
	if m == nil {
		return false, false
	}
	whole, known = m.packages[name]
	return known, whole
}

// inPackage returns the names of a package's services, without the package,
// sorted.
func (m *Methods) inPackage(name string) []string {
	var names []string
	for full := range m.services {
		if pkg, simple := splitService(full); pkg == name {
			names = append(names, simple)
		}
	}
	slices.Sort(names)
	return names
}

// Unary reports whether neither side streams.
func (m *Method) Unary() bool { return !m.ClientStream && !m.ServerStream }

// verdict is unknown for a method that is nil.
func (m *Method) verdict() classes.Verdict {
	if m == nil || m.Verdict == nil {
		return classes.Verdict{}
	}
	return m.Verdict()
}

// splitService splits a service's full name.
func splitService(full string) (pkg, simple string) {
	if i := strings.LastIndexByte(full, '.'); i >= 0 {
		return full[:i], full[i+1:]
	}
	return "", full
}
