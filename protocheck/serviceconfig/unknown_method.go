package serviceconfig

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var unknownMethodCheck = check{id: "serviceconfig/unknown-method"}

// unknownMethod reports names whose service has no such method.
func (c *checker) unknownMethod(s *Service, name string, places []nameEntry, owner map[string]int) {
	_, simple := splitService(s.Name)
	var known []string
	for i := range s.Methods {
		if m := s.Methods[i].Name; !has(owner, "/"+s.Name+"/"+m) {
			known = append(known, m)
		}
	}
	slices.Sort(known)
	odd, clean := oddMethodName(name)
	near, certain := nearName(clean, known, "")
	if s.method(clean) != nil {
		near, certain = clean, true
	}
	i := at(places[0].method.at, unknownMethodCheck, finding.Ignored, "the name is for no RPC: %s has no method %s", tail(simple), tail(name))
	switch {
	case odd != "":
		i.message = "the name is for no RPC: " + odd
	case near != "":
		i.message = fmt.Sprintf("the name is for no RPC: %s has no method %s, but %s", shorten(simple, mostShown), shorten(name, mostShown), shorten(near, mostShown))
	case c.gapic():
		i.severity = rule.Info // these list methods that are not public, too
	}
	i.everywhere(methodNodes(places), "the same method", quote(near), near != "", certain)
	c.add(i)
}

// oddMethod reports what no method can be called, of whatever service.
func (c *checker) oddMethod(name string, places []nameEntry) {
	odd, clean := oddMethodName(name)
	if odd == "" {
		return
	}
	i := at(places[0].method.at, unknownMethodCheck, finding.Ignored, "the name is for no RPC: %s", odd)
	i.everywhere(methodNodes(places), "the same method", quote(clean), clean != "", false)
	c.add(i)
}

func has(owner map[string]int, path string) bool {
	_, ok := owner[path]
	return ok
}

func methodNodes(places []nameEntry) []*node {
	nodes := make([]*node, len(places))
	for i, n := range places {
		nodes[i] = n.method.at
	}
	return nodes
}

// oddMethodName says why a name is no method's, and what is left without
// what is wrong.
func oddMethodName(name string) (why, clean string) {
	switch {
	case strings.ContainsFunc(name, unicode.IsSpace):
		why = fmt.Sprintf("there is a blank in %s", clip(name))
	case strings.Contains(name, "/"):
		why = fmt.Sprintf("a method has no slash in its name, as %s has", clip(name))
	case strings.Contains(name, "."):
		why = fmt.Sprintf("a method has no dot in its name, as %s has", clip(name))
	default:
		return "", name
	}
	clean = strings.TrimFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '.' || r == '/' })
	clean = clean[strings.LastIndexAny(clean, "./")+1:]
	return why, strings.Join(strings.Fields(clean), "")
}
