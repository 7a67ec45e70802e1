package serviceconfig

import (
	"strings"
	"unicode"

	classes "github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// mostRelated is how many places a finding points at besides its own.
const mostRelated = 20

// unknownNames reports names that no method has: grpc-go compares them with
// those of RPCs, and says nothing of one that never matches.
//
// That a name does not exist is said only where all that could have it is
// known: the service of a method, the package of a service. A name that no
// proto compiler accepts, and one that differs from a known one as a slip
// does, is wrong wherever it is. Each is reported once, wherever it is used.
//
// A name that another entry has is not what this one means: Route and Router
// are two things then.
func (c *checker) unknownNames(cfg *config, owner map[string]int) {
	type unknown struct{ service, method string }
	var order []unknown
	known := 0 // names of services that exist
	places := make(map[unknown][]nameEntry)
	note := func(u unknown, n nameEntry) {
		if len(places[u]) == 0 {
			order = append(order, u)
		}
		places[u] = append(places[u], n)
	}
	for i := range cfg.methods.items {
		names := cfg.methods.items[i].names
		if names == nil {
			continue
		}
		for _, n := range names.items {
			service, method := n.service.get(), n.method.get()
			if service == "" {
				continue // the default, or no name at all
			}
			s := c.opts.Methods.Service(service)
			if s != nil {
				known++
			}
			if s == nil {
				note(unknown{service, ""}, n)
			}
			if method != "" && (s == nil || s.method(method) == nil) {
				note(unknown{service, method}, n)
			}
		}
	}
	alone := known == 0 && c.gapic() && len(c.opts.Beside) > 0
	var foreign []nameEntry
	for _, u := range order {
		switch s := c.opts.Methods.Service(u.service); {
		case c.full():
			return
		case u.method == "" && !c.unknownService(u.service, places[u], alone) && alone:
			foreign = append(foreign, places[u]...)
		case u.method == "":
		case s != nil:
			c.unknownMethod(s, u.method, places[u], owner)
		default:
			c.oddMethod(u.method, places[u])
		}
	}
	if len(foreign) > 0 {
		c.foreignServices(foreign)
	}
}

// everywhere points at all places of a name and gives the fix, if there is
// one, that writes text in each of them.
func (i *issue) everywhere(places []*node, what, text string, fixed, certain bool) {
	for _, n := range places[1:min(len(places), 1+mostRelated)] {
		i.related = append(i.related, related{what, n.start, n.end})
	}
	if !fixed {
		return
	}
	i.fix = &fix{message: "Write " + text, safe: certain}
	for _, n := range places {
		i.fix.edits = append(i.fix.edits, edit{n.start, n.end, text})
	}
}

// nearName finds the known name that one which is not known is a slip for:
// it differs in case, lacks a usual suffix or has one too many, or differs
// in a letter or two. It is certain when only case and underscores differ.
func nearName(name string, known []string, suffix string) (near string, certain bool) {
	if len(name) > 128 {
		return "", false
	}
	for _, k := range known {
		if bareName(k) == bareName(name) {
			return k, true
		}
	}
	if suffix != "" {
		for _, k := range known {
			if name == k+suffix || k == name+suffix {
				return k, false
			}
		}
	}
	most := 0
	switch {
	case len(name) >= 8:
		most = 2
	case len(name) >= 4:
		most = 1
	}
	best := most + 1
	for _, k := range known {
		if d := rule.EditDistance(name, k, best-1); d < best && !otherThing(name, k) {
			near, best = k, d
		}
	}
	return near, false
}

// otherThing reports whether two names that are near each other differ as
// names of two things do: Get and Set, V1 and V2, ZoneA and ZoneB.
func otherThing(a, b string) bool {
	if digits(a) != digits(b) {
		return true
	}
	first, second := firstWord(a), firstWord(b)
	if first != second && isVerb(first) && isVerb(second) {
		return true
	}
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && isUpper(a[i]) && isUpper(b[i]) {
			return true
		}
	}
	return false
}

func isUpper(b byte) bool { return 'A' <= b && b <= 'Z' }

func isVerb(word string) bool {
	_, effect := classes.Verb(word)
	return effect != classes.Unclear || word == "Batch"
}

// firstWord is the first of the words in CamelCase.
func firstWord(name string) string {
	if i := strings.IndexFunc(name[min(1, len(name)):], unicode.IsUpper); i >= 0 {
		return name[:i+1]
	}
	return name
}

// digits are those of a name: what numbers tell apart is not misspelt.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
