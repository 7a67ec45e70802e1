package serviceconfig

import (
	"slices"

	"github.com/grpclint/grpclint/finding/say"
	classes "github.com/grpclint/grpclint/protocheck/method"
)

// A covered method is a known one to which an entry applies.
type covered struct {
	service string // full name
	*Method
	by        *node // the entry's name because of which it does
	broad     bool  // that name is a service's, or the default
	byDefault bool  // it is the default
}

// joined judges entries by the methods that they apply to.
func (c *checker) joined(cfg *config, owner map[string]int) {
	if len(c.opts.Methods.Services()) == 0 {
		return
	}
	for i := range cfg.methods.items {
		if c.full() {
			return
		}
		entry := &cfg.methods.items[i]
		methods := c.covers(cfg, i, owner)
		if len(methods) == 0 {
			continue
		}
		if c.retried(entry) {
			c.unsafeRetry(entry, methods)
			c.streamRetry(entry, methods)
		}
		c.unsafeHedging(cfg.methods.nodes[i], methods)
		c.streamTimeout(entry, methods)
		c.noTimeout(cfg, i, methods, owner)
	}
	c.notCovered(cfg, owner)
}

// covers returns the known methods that an entry applies to: those without a
// more specific entry, as grpc-go finds it.
func (c *checker) covers(cfg *config, i int, owner map[string]int) []covered {
	names := cfg.methods.items[i].names
	if names == nil {
		return nil
	}
	var methods []covered
	all := func(s *Service, by *node, byDefault bool) {
		for j := range s.Methods {
			m := &s.Methods[j]
			if _, own := owner["/"+s.Name+"/"+m.Name]; !own {
				methods = append(methods, covered{s.Name, m, by, true, byDefault})
			}
		}
	}
	seen := make(map[string]bool)
	for j, n := range names.items {
		if entry, counts := owner[n.path()]; !counts || entry != i || seen[n.path()] {
			continue
		}
		seen[n.path()] = true
		at := names.nodes[j]
		switch {
		case n.service.get() == "":
			for _, s := range c.opts.Methods.Services() {
				if _, own := owner["/"+s.Name+"/"]; !own && !s.Elsewhere {
					all(s, at, true)
				}
			}
		case n.method.get() == "":
			if s := c.opts.Methods.Service(n.service.value); s != nil {
				all(s, at, false)
			}
		default:
			if m := c.opts.Methods.Method(n.service.value, n.method.value); m != nil {
				methods = append(methods, covered{n.service.value, m, at, false, false})
			}
		}
	}
	return methods
}

// retried reports whether an entry's policy is one that somebody follows.
// Google's generators need less of it than grpc-go does.
func (c *checker) retried(entry *methodEntry) bool {
	switch {
	case entry.retry == nil || c.opts.DisableRetry || len(entry.retry.codes.items) == 0:
		return false
	case c.gapic():
		return true
	}
	quiet := &checker{src: c.src, sem: c.sem, opts: c.opts}
	return quiet.retryPolicy(entry.retry)
}

// mutating returns the methods that a second call of which does harm, or, if
// there are none, those of which that is not certain.
func mutating(methods []covered) (harmed []covered, doubt bool) {
	var doubtful []covered
	for _, m := range methods {
		if m.ClientStream {
			continue // hardly ever sent again; see streamRetry
		}
		switch v := m.verdict(); {
		case v.Class != classes.Mutating || v.Partial:
		case v.Doubt:
			doubtful = append(doubtful, m)
		default:
			harmed = append(harmed, m)
		}
	}
	if len(harmed) == 0 {
		return doubtful, true
	}
	return harmed, false
}

// several names methods in a message: two of many.
func several(methods []covered) string {
	const most = 20
	name := func(m covered) string {
		_, service := splitService(m.service)
		if len(methods) == 1 {
			return tail(service + "/" + m.Name)
		}
		return shorten(m.Name, most)
	}
	var names []string
	for _, m := range methods {
		names = append(names, name(m))
	}
	return say.Some(names, 2, "")
}

// shorten cuts a long name off.
func shorten(name string, most int) string {
	if runes := []rune(name); len(runes) > most {
		return printable(string(runes[:most])) + "..."
	}
	return printable(name)
}

// reasons names the methods that a finding is about, and says why each is.
func reasons(methods []covered) []related {
	var places []related
	for i, m := range methods {
		if i == mostRelated {
			break
		}
		text := m.Name
		if v := m.verdict(); len(v.Reasons) > 0 {
			text += ": " + v.Reasons[0]
		}
		places = append(places, related{text, m.by.start, m.by.end})
	}
	return places
}

// known judges a name by what is known of its methods; ok is false if that
// is nothing.
func (c *checker) known(n nameEntry) (methods []*Method, ok bool) {
	s := c.opts.Methods.Service(n.service.get())
	if s == nil {
		return nil, false
	}
	if n.method.get() != "" {
		m := s.method(n.method.value)
		return []*Method{m}, m != nil && m.verdict().Class != classes.Unknown
	}
	for i := range s.Methods {
		if s.Methods[i].verdict().Class == classes.Unknown {
			return nil, false
		}
		methods = append(methods, &s.Methods[i])
	}
	return methods, len(methods) > 0
}

// reads reports whether all methods of an entry change nothing, as far as is
// known or their names say.
func (c *checker) reads(e *methodEntry) bool {
	for _, n := range e.names.items {
		methods, ok := c.known(n)
		if ok && slices.ContainsFunc(methods, func(m *Method) bool { return !m.verdict().Repeatable() }) ||
			!ok && !isReading(n.method.get()) {
			return false // also a whole service
		}
	}
	return true
}
