package serviceconfig

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var unknownServiceCheck = check{id: "serviceconfig/unknown-service"}

// A slip is what is wrong with a name, and what was meant.
type slip struct {
	why     string // "" if the name may be right
	meant   string // "" if nobody knows
	certain bool   // that meant was meant
	far     bool   // there is nothing like it
}

// unknownService reports the names with a service that does not exist, if
// that is certain. alone says that no name of the config is one of a service.
func (c *checker) unknownService(name string, places []nameEntry, alone bool) (reported bool) {
	s := c.serviceSlip(name)
	if s.why == "" {
		return false
	}
	i := at(places[0].service.at, unknownServiceCheck, finding.Ignored, "the name is for no RPC: %s", s.why)
	if s.far && c.gapic() && !alone {
		i.severity = rule.Info // these list services that are not public, too
	}
	service, method, split := strings.Cut(s.meant, "/")
	text := quote(service)
	if split {
		text += `, "method": ` + quote(method)
		if slices.ContainsFunc(places, func(n nameEntry) bool { return n.method.get() != "" }) {
			s.meant = "" // it has another one
		}
	}
	nodes := make([]*node, len(places))
	for j, n := range places {
		nodes[j] = n.service.at
	}
	i.everywhere(nodes, "the same service", text, s.meant != "", s.certain)
	c.add(i)
	return true
}

// foreignServices reports the names of a GAPIC config of which none is that
// of a service, beside .proto files that have some: it was copied from those
// of another API or version.
func (c *checker) foreignServices(places []nameEntry) {
	name := places[0].service.get()
	other := slices.ContainsFunc(places, func(n nameEntry) bool { return n.service.get() != name })
	_, simple := splitService(name)
	have, meant := c.opts.Beside[0], false
	for _, s := range c.opts.Beside {
		if _, last := splitService(s); last == simple {
			have, meant = s, !other
		}
	}
	wrong, right := apart(name, have)
	i := at(places[0].service.at, unknownServiceCheck, finding.Ignored, "the name is for no RPC: there is no %s, the protos beside have %s", wrong, right)
	nodes := make([]*node, len(places))
	for j, n := range places {
		nodes[j] = n.service.at
	}
	what := "the same service"
	if other {
		what = "for no RPC either"
	}
	i.everywhere(nodes, what, quote(have), meant, false)
	c.add(i)
}

// serviceSlip judges the name of a service that is not known.
func (c *checker) serviceSlip(name string) slip {
	known := c.opts.Methods
	if s := c.oddService(name); s.why != "" {
		return s
	}
	pkg, simple := splitService(name)
	for _, suffix := range []string{"Client", "Server"} {
		short, has := strings.CutSuffix(name, suffix)
		if !has {
			continue
		}
		if known.Service(short) != nil {
			return slip{why: fmt.Sprintf("%s is a Go type, the service is %s", end(simple), end(short)), meant: short, certain: true}
		}
		// A proto service may be called AdminServer, but hardly
		// AdminServiceServer.
		if _, whole := known.isPackage(pkg); !whole && strings.HasSuffix(short, "Service") && simple != "Service"+suffix {
			return slip{why: fmt.Sprintf("%s is a Go type, not a service", tail(simple)), meant: short}
		}
	}
	if is, _ := known.isPackage(name); is {
		s := slip{why: fmt.Sprintf("%s is a package, not a service", tail(name))}
		if services := known.inPackage(name); len(services) == 1 {
			s.meant = name + "." + services[0]
		}
		return s
	}
	if is, whole := known.isPackage(pkg); is {
		if near, certain := nearName(simple, known.inPackage(pkg), "Service"); near != "" {
			meant := near
			if pkg != "" {
				meant = pkg + "." + near
			}
			return slip{why: fmt.Sprintf("its package has no service %s, but %s", end(simple), end(near)), meant: meant, certain: certain}
		}
		if whole {
			return slip{why: fmt.Sprintf("its package has no service %s", tail(simple)), far: true}
		}
		return slip{}
	}
	if meant := c.otherPackage(pkg, simple); meant != "" {
		wrong, right := apart(name, meant)
		return slip{why: fmt.Sprintf("there is no service %s, but %s", wrong, right), meant: meant}
	}
	return slip{}
}

// otherPackage finds the known service that is meant by a name whose package
// is not known: the only one with the same last word and a package of which
// words are missing or too many, or with a misspelt package.
func (c *checker) otherPackage(pkg, simple string) (meant string) {
	if c.opts.Methods == nil {
		return ""
	}
	for _, candidate := range c.opts.Methods.bySimple[simple] {
		other, _ := splitService(candidate)
		if !samePackage(pkg, other) {
			continue
		}
		if meant != "" {
			return "" // which of them?
		}
		meant = candidate
	}
	if meant != "" || pkg == "" {
		return meant
	}
	// A dot that is missing: "shop.v1OrderService".
	for known := range c.opts.Methods.packages {
		if rest, ok := strings.CutPrefix(pkg+"."+simple, known); ok && known != "" {
			if full := known + "." + rest; c.opts.Methods.Service(full) != nil && (meant == "" || full < meant) {
				meant = full
			}
		}
	}
	return meant
}

// samePackage reports whether one package may be a slip for another: one has
// all words of the other, in order, or they differ by a letter or two. Other
// versions are other packages.
func samePackage(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == "" {
		return true
	}
	short, long := strings.Split(a, "."), strings.Split(b, ".")
	if len(short) != len(long) {
		for _, word := range long {
			if len(short) > 0 && short[0] == word {
				short = short[1:]
			}
		}
		return len(short) == 0
	}
	return len(a) >= 8 && digits(a) == digits(b) && rule.EditDistance(a, b, 2) <= 2
}

// oddService judges what no service can be called.
func (c *checker) oddService(name string) slip {
	s := slip{certain: true}
	clean := strings.TrimFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '.' || r == '/' })
	switch {
	case strings.ContainsFunc(name, unicode.IsSpace):
		s.why = fmt.Sprintf("there is a blank in %s", clip(name))
		clean = strings.Join(strings.Fields(clean), "")
	case strings.Contains(name, "/"):
		s.why = fmt.Sprintf("a service has no slash in its name, as %s has", clip(name))
	case strings.HasSuffix(name, "."):
		s.why = fmt.Sprintf("there is a dot at the end of %s", quote(end(name)))
	case strings.HasPrefix(name, "."):
		s.why = fmt.Sprintf("there is a dot before %s", clip(name))
	case strings.Contains(name, ".."):
		s.why = fmt.Sprintf("there are two dots in %s", clip(name))
		clean = strings.ReplaceAll(clean, "..", ".")
	default:
		return slip{}
	}
	service, method, split := strings.Cut(clean, "/")
	switch {
	case service == "" || strings.Contains(method, "/"):
		return slip{why: s.why}
	case c.opts.Methods.Service(service) != nil:
		if split && c.opts.Methods.Method(service, method) == nil {
			return slip{why: s.why}
		}
	default:
		// What is left may be wrong, too.
		if left := c.serviceSlip(service); left.why != "" {
			if left.meant == "" || split {
				return slip{why: s.why}
			}
			clean, s.certain = left.meant, left.certain
		} else if is, _ := c.opts.Methods.isPackage(packageOf(service)); !is {
			s.certain = false // nobody knows whether it exists
		}
	}
	s.meant = clean
	return s
}

func packageOf(service string) string {
	pkg, _ := splitService(service)
	return pkg
}

// apart are two names, shortened where they do not differ.
func apart(a, b string) (string, string) {
	if end(a) != end(b) {
		return end(a), end(b)
	}
	return start(a), start(b)
}

// start is the beginning of a long name.
func start(name string) string {
	const most = 36
	if runes := []rune(name); len(runes) > most {
		return printable(string(runes[:most])) + "..."
	}
	return printable(name)
}

// end is the end of a long name: shorter than tail, so that there is room
// for two.
func end(name string) string {
	const most = 36
	if runes := []rune(name); len(runes) > most {
		return "..." + printable(string(runes[len(runes)-most:]))
	}
	return printable(name)
}
