package serviceconfig

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/grpclint/grpclint/finding"
	classes "github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
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

// afterWork are the codes that an RPC may end with although the server did
// what it asks for: most likely first. A connection that breaks while the
// reply is on its way ends it with UNAVAILABLE.
var afterWork = []code{
	codeUnavailable, codeDeadlineExceeded, codeUnknown, codeInternal, codeAborted, codeResourceExhausted, codeCancelled,
}

// unsafeRetry reports a policy that repeats what is not to be done twice.
//
// A method whose request has a token (AIP-155) is left to the rules that see
// its callers: whether they set it, no config tells.
func (c *checker) unsafeRetry(entry *methodEntry, methods []covered) {
	after := slices.IndexFunc(afterWork, func(code code) bool {
		return slices.ContainsFunc(entry.retry.codes.items, func(e codeEntry) bool { return e.code == code })
	})
	if after < 0 {
		return
	}
	harmed, doubt := mutating(methods)
	if len(harmed) == 0 {
		return
	}
	i := at(harmed[0].by, "unsafe-retry", finding.Risky, "%s may run twice: %s can come after the work was done", several(harmed), afterWork[after])
	switch {
	case doubt:
		i.severity = rule.Info
	case harmed[0].byDefault:
		i.severity = rule.Warning // perhaps no client of theirs has the config
	}
	i.related = append(reasons(harmed), related{"the retry policy", entry.retry.key.start, entry.retry.key.end})
	c.add(i)
}

// unsafeHedging reports hedging of what is not to be done twice. grpc-go
// does not read the policy, others do.
func (c *checker) unsafeHedging(entry *node, methods []covered) {
	if c.opts.OnlyGo {
		return // nothing is hedged, which is said anyway
	}
	h := slices.IndexFunc(c.hedges, func(h hedge) bool { return h.entry == entry && h.policy.value.kind != null })
	if h < 0 || slices.ContainsFunc(entry.members, func(m member) bool {
		f := methodMessage.lookup(m.key.text)
		return f != nil && f.id == retryPolicy && m.value.kind != null
	}) {
		return // none, or reported as one of two policies
	}
	harmed, doubt := mutating(methods)
	if len(harmed) == 0 || doubt {
		return
	}
	key := c.hedges[h].policy.key
	i := at(key, "unsafe-hedging", finding.Portability, "%s may run several times: clients other than grpc-go send it again before it is answered", several(harmed))
	i.related = reasons(harmed)
	c.add(i)
	c.hedges = slices.Delete(c.hedges, h, h+1)
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
	switch len(methods) {
	case 1:
		return name(methods[0])
	case 2:
		return name(methods[0]) + " and " + name(methods[1])
	}
	return fmt.Sprintf("%s, %s and %d more", name(methods[0]), name(methods[1]), len(methods)-2)
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

// streamRetry reports retries of streams that the client sends.
func (c *checker) streamRetry(entry *methodEntry, methods []covered) {
	streams := slices.DeleteFunc(slices.Clone(methods), func(m covered) bool { return !m.ClientStream || m.byDefault })
	if len(streams) == 0 {
		return
	}
	i := at(streams[0].by, "stream-retry", finding.Risky,
		"%s %s hardly retried: a stream is not sent again after the first reply, or after 256 KB", several(streams), plural(streams, "is", "are"))
	i.related = []related{{"the retry policy", entry.retry.key.start, entry.retry.key.end}}
	c.add(i)
}

// longTimeout is one that somebody gave a stream knowingly, so that it is
// opened anew from time to time.
const longTimeout = 10 * time.Minute

// streamTimeout reports a timeout for all methods of a service that ends
// streams which are to go on.
func (c *checker) streamTimeout(entry *methodEntry, methods []covered) {
	if entry.timeout == nil || entry.timeout.value <= 0 || entry.timeout.value >= longTimeout {
		return
	}
	streams := slices.DeleteFunc(slices.Clone(methods), func(m covered) bool {
		return !m.broad || !m.ServerStream || !goesOn(m)
	})
	maybe := false
	if len(streams) == 0 {
		maybe = true
		streams = slices.DeleteFunc(slices.Clone(methods), func(m covered) bool {
			return !m.broad || !m.ServerStream || !strings.HasPrefix(firstWord(m.Name), "Stream")
		})
	}
	if len(streams) == 0 {
		return
	}
	i := at(entry.timeout.at, "stream-timeout", finding.Risky,
		"%s %s after %s: a timeout is for the whole of a stream, too", several(streams), plural(streams, "ends", "end"), seconds(entry.timeout.value))
	if maybe {
		i.severity = rule.Info // StreamLogs goes on, StreamAnswer ends
	}
	i.related = []related{{"the entry is for all methods", streams[0].by.start, streams[0].by.end}}
	c.add(i)
}

// goesOn reports whether a stream's name says that it lasts as long as
// somebody listens.
func goesOn(m covered) bool {
	switch firstWord(m.Name) {
	case "Watch", "Subscribe", "Tail", "Follow", "Listen":
		return true
	}
	return false
}

// noTimeout reports an entry that makes RPCs last longer and sets no end to
// them.
func (c *checker) noTimeout(cfg *config, i int, methods []covered, owner map[string]int) {
	entry := &cfg.methods.items[i]
	waits := entry.waitForReady != nil && entry.waitForReady.value
	if entry.timeout != nil || mentions(cfg.methods.nodes[i], timeout) || !waits && !c.retried(entry) {
		return
	}
	unary := slices.DeleteFunc(slices.Clone(methods), func(m covered) bool {
		return !m.Unary() || c.losesTimeout(cfg, m, i, owner)
	})
	if len(unary) == 0 {
		return
	}
	var found issue
	if waits {
		found = at(entry.waitForReady.key, "no-timeout", finding.Risky, "%s can wait for ever for a server: waitForReady comes without a timeout", several(unary))
		if c.opts.OnlyGo {
			found.severity = rule.Info // the deadlines of callers in Go are seen by other rules
		}
	} else {
		found = at(entry.retry.key, "no-timeout", finding.Risky, "only the caller can end %s and its retries: the retry policy comes without a timeout", several(unary))
		found.severity = rule.Info // attempts are few, and most callers in Go set a deadline
	}
	c.add(found)
}

// losesTimeout reports whether a method would have a timeout if its entry
// were not there, which is another finding.
func (c *checker) losesTimeout(cfg *config, m covered, i int, owner map[string]int) bool {
	for _, path := range []string{"/" + m.service + "/", ""} {
		if broader, ok := owner[path]; ok && broader != i {
			t := cfg.methods.items[broader].timeout
			return t != nil && t.value > 0
		}
	}
	return false
}

// notCovered reports the methods of a service that get no timeout, where
// others get one by their names.
func (c *checker) notCovered(cfg *config, owner map[string]int) {
	if _, all := owner[""]; all {
		return
	}
	seen := make(map[string]bool)
	for i := range cfg.methods.items {
		names := cfg.methods.items[i].names
		if names == nil || cfg.methods.items[i].timeout.get() <= 0 {
			continue
		}
		for j, n := range names.items {
			service := n.service.get()
			s := c.opts.Methods.Service(service)
			if s == nil || seen[service] || s.method(n.method.get()) == nil {
				continue
			}
			seen[service] = true
			if _, all := owner["/"+service+"/"]; all {
				continue
			}
			var without []covered
			for k := range s.Methods {
				if m := &s.Methods[k]; m.Unary() {
					if _, own := owner["/"+service+"/"+m.Name]; !own {
						without = append(without, covered{service, m, names.nodes[j], false, false})
					}
				}
			}
			if len(without) == 0 {
				continue
			}
			i := at(names.nodes[j], "no-timeout", finding.Risky,
				"%s %s no timeout: only other methods of the service have an entry", several(without), plural(without, "gets", "get"))
			i.severity = rule.Info
			c.add(i)
		}
	}
}

func plural(methods []covered, one, many string) string {
	if len(methods) == 1 {
		return one
	}
	return many
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

// changesSomething reports whether a method is one for which an entry
// without retries is no oversight: it changes something, or streams.
func (c *checker) changesSomething(n nameEntry) bool {
	if methods, ok := c.known(n); ok && n.method.get() != "" {
		class := methods[0].verdict().Class
		return !methods[0].Unary() || class != classes.Safe && class != classes.Declared
	}
	return isMutating(n.method.get()) || isStreaming(n.method.get())
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
