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

// methods checks the entries of methodConfig.
func (c *checker) methods(cfg *config) {
	if cfg.methods == nil {
		return
	}
	var (
		byPath   = make(map[string]*node) // to the first name with that path
		policies []*retryValue            // that count
	)
	for i := range cfg.methods.items {
		entry, n := &cfg.methods.items[i], cfg.methods.nodes[i]
		if entry.names == nil || len(entry.names.items) == 0 {
			c.noName(entry, n)
		}
		if entry.names == nil {
			continue // grpc-go looks at nothing else in it
		}
		valid := c.retryPolicy(entry.retry)
		c.names(entry, byPath)
		if len(entry.names.items) == 0 {
			continue // it does nothing, be it right or wrong
		}
		c.timeout(entry.timeout)
		c.size(entry.maxRequest, "sent")
		c.size(entry.maxResponse, "received")
		if valid && entry.retry != nil && !c.opts.DisableRetry {
			policies = append(policies, entry.retry)
			c.retries(entry)
		}
	}
	owner := owners(cfg, byPath)
	c.shadowed(cfg, byPath, owner)
	c.unknownNames(cfg, owner)
	c.joined(cfg, owner)
	if c.opts.DisableRetry {
		return
	}
	if len(policies) > 0 && !cfg.throttled {
		c.add(at(policies[0].key, "no-throttling", finding.Risky,
			"retries multiply the load of servers in trouble: there is no retryThrottling to stop them"))
	}
	c.throttledOut(cfg.throttling, policies)
}

// noName reports an entry that is for no method.
func (c *checker) noName(entry *methodEntry, n *node) {
	if n.kind != object {
		return // null, which says nothing
	}
	i := at(n, "no-name", finding.Ignored, "the entry is for no method: it has no name")
	for _, m := range n.members {
		switch f := methodMessage.lookup(m.key.text); {
		case f == nil && (nameMessage.bare(m.key.text) != nil || methodMessage.near(m.key.text) == methodMessage.field(name)):
			return // the name is there, and reported as not being in its place
		case f == nil || f.id != name:
		case m.value.kind == array:
			i = at(m.value, "no-name", finding.Ignored, "the entry is for no method: its name is empty")
		case m.value.kind == null:
			i = at(m.value, "no-name", finding.Ignored, "the entry is for no method: its name is null")
		default:
			return // reported as what it is
		}
	}
	c.add(i)
}

// names checks the names of an entry, and adds them to those before.
func (c *checker) names(entry *methodEntry, byPath map[string]*node) {
	for i := range entry.names.items {
		n, node := entry.names.items[i], entry.names.nodes[i]
		if n.service.get() == "" && n.method.get() != "" {
			c.rejected("rejected", n.method.at, fmt.Sprintf("method %s stands without a service", clip(n.method.value)))
			continue
		}
		if earlier, taken := byPath[n.path()]; taken {
			i := at(node, "duplicate-name", finding.Rejected, "grpc-go refuses the config: %s has an entry already", nameOf(n))
			i.related = []related{{"the first one", earlier.start, earlier.end}}
			c.add(i)
			continue
		}
		byPath[n.path()] = node
	}
}

// nameOf names what a name stands for in a message.
func nameOf(n nameEntry) string {
	switch {
	case n.service.get() == "":
		return "the default for all methods"
	case n.method.get() == "":
		return "service " + tail(n.service.value)
	}
	return tail(n.service.value + "/" + n.method.value)
}

func (c *checker) timeout(t *durationValue) {
	if t == nil {
		return
	}
	c.quirkyDuration(t)
	switch {
	case t.value == 0:
		c.add(at(t.at, "zero-timeout", finding.Risky, "every RPC ends with DEADLINE_EXCEEDED before it is sent: the timeout is 0"))
	case t.value < 0:
		c.add(at(t.at, "negative-timeout", finding.Ignored, "no deadline is set: the timeout %s is negative, and grpc-go ignores it", t.at.text))
	}
}

// quirkyDuration reports a duration that grpc-go reads by accident.
func (c *checker) quirkyDuration(d *durationValue) {
	if isProtoDuration(d.at.text) {
		return
	}
	i := at(d.at, "duration", finding.Portability, "other implementations refuse %s: in protobuf JSON it is %q",
		clip(d.at.text), formatDuration(d.value))
	i.severity = rule.Warning
	i.fix = rename(d.at, formatDuration(d.value), true)
	c.add(i)
}

// size checks a limit on messages.
func (c *checker) size(limit *intValue, verb string) {
	switch {
	case limit == nil:
	case limit.value < 0:
		c.add(at(limit.at, "message-size", finding.Risky, "no message can be %s: the limit %d is negative", verb, limit.value))
	case limit.value == 0:
		c.add(at(limit.at, "message-size", finding.Risky, "only empty messages can be %s: the limit is 0 bytes", verb))
	case limit.value > 1<<31-1:
		i := at(limit.at, "message-size", finding.Portability, "grpc-java refuses the config: %d is more than an int there holds (2147483647)", limit.value)
		i.severity = rule.Warning
		i.fix = replace(limit.at, "2147483647", false)
		c.add(i)
	}
}

// owners maps the paths of the names that count to their entries.
func owners(cfg *config, byPath map[string]*node) map[string]int {
	owner := make(map[string]int, len(byPath))
	for i := range cfg.methods.items {
		if names := cfg.methods.items[i].names; names != nil {
			for j := range names.items {
				if byPath[names.items[j].path()] == names.nodes[j] {
					owner[names.items[j].path()] = i
				}
			}
		}
	}
	return owner
}

// shadowed reports entries that lose what a broader entry says: the most
// specific entry applies alone.
func (c *checker) shadowed(cfg *config, byPath map[string]*node, owner map[string]int) {
	for i := range cfg.methods.items {
		entry := &cfg.methods.items[i]
		if entry.names == nil {
			continue
		}
		told := make(map[int]bool) // broader entries that were reported with this one
		silent := silence{mentions(cfg.methods.nodes[i], timeout), mentions(cfg.methods.nodes[i], retryPolicy) || c.opts.DisableRetry}
		for j := range entry.names.items {
			n := entry.names.items[j]
			broader, ok := broaderEntry(n, owner)
			if !ok || broader == i || told[broader] || byPath[n.path()] != entry.names.nodes[j] {
				continue
			}
			if c.loss(entry, silent, n, entry.names.nodes[j], &cfg.methods.items[broader]) {
				told[broader] = true
			}
		}
	}
}

// broaderEntry finds the entry that would apply to a name if its own were
// not there.
func broaderEntry(n nameEntry, owner map[string]int) (int, bool) {
	if n.service.get() == "" {
		return 0, false
	}
	if n.method.get() != "" {
		if i, ok := owner["/"+n.service.value+"/"]; ok {
			return i, true
		}
	}
	i, ok := owner[""]
	return i, ok
}

// silence says which losses are meant.
type silence struct{ timeout, retry bool }

// loss reports what an entry loses by replacing a broader one, if that is
// worth a word.
func (c *checker) loss(entry *methodEntry, silent silence, n nameEntry, where *node, broader *methodEntry) bool {
	var lost []string
	var key *node
	losesTimeout := entry.timeout == nil && broader.timeout != nil && broader.timeout.value > 0 && !silent.timeout
	losesRetry := entry.retry == nil && broader.retry != nil && !silent.retry
	if !losesTimeout && (c.changesSomething(n) || entry.setsNothingElse(broader)) {
		return false // no retries are the likely purpose of the entry
	}
	consequence := ""
	if losesRetry {
		lost, key = append(lost, "a retryPolicy"), broader.retry.key
		consequence = "is not retried"
	}
	if losesTimeout {
		lost, key = append(lost, "a timeout of "+seconds(broader.timeout.value)), broader.timeout.key
		consequence = "has no deadline"
	}
	if len(lost) == 0 {
		return false
	}
	if entry.waitForReady == nil && broader.waitForReady != nil ||
		entry.maxRequest == nil && broader.maxRequest != nil || entry.maxResponse == nil && broader.maxResponse != nil {
		lost = append(lost, "more")
	}
	i := at(where, "shadowed", finding.Changed, "%s %s: its entry replaces one with %s", nameOf(n), consequence, strings.Join(lost, " and "))
	if c.gapic() && !losesTimeout {
		i.severity = rule.Info // these files list methods one by one, each with what it is to have
	}
	i.related = []related{{"what is lost", key.start, key.end}}
	c.add(i)
	return true
}

// setsNothingElse reports whether an entry has the settings of a broader one,
// retries aside: then doing without them is all that it is for.
func (e *methodEntry) setsNothingElse(broader *methodEntry) bool {
	return (e.timeout != nil) == (broader.timeout != nil) && e.timeout.get() == broader.timeout.get() &&
		(e.waitForReady != nil) == (broader.waitForReady != nil) && (e.waitForReady == nil || e.waitForReady.value == broader.waitForReady.value) &&
		(e.maxRequest != nil) == (broader.maxRequest != nil) && e.maxRequest.get() == broader.maxRequest.get() &&
		(e.maxResponse != nil) == (broader.maxResponse != nil) && e.maxResponse.get() == broader.maxResponse.get()
}

// isStreaming reports whether a method's name says that it streams: retries
// seldom fit there.
func isStreaming(method string) bool {
	return strings.Contains(method, "Stream") || strings.HasPrefix(method, "Bidi") || strings.HasPrefix(method, "Watch") || strings.HasPrefix(method, "Subscribe")
}

// mentions reports whether an entry says something of a field, be it null.
func mentions(entry *node, id fieldID) bool {
	return slices.ContainsFunc(entry.members, func(m member) bool {
		f := methodMessage.lookup(m.key.text)
		return f != nil && f.id == id
	})
}

// isReading reports whether a method's name says that it changes nothing.
func isReading(name string) bool {
	_, effect := classes.Verb(name)
	return effect == classes.Reads
}

// isMutating reports whether a method's name says that it changes
// something: an entry without retries is no oversight then.
func isMutating(name string) bool {
	_, effect := classes.Verb(name)
	return effect > classes.Reads
}

// labels returns what names the entry around an offset, for identifying
// findings when lines move.
func (cfg *config) labels() func(offset int) string {
	if cfg.methods == nil {
		return func(int) string { return "" }
	}
	return func(offset int) string {
		i, found := slices.BinarySearchFunc(cfg.methods.nodes, offset, func(n *node, offset int) int {
			return side(n.start, n.end, offset)
		})
		if !found || cfg.methods.items[i].names == nil || len(cfg.methods.items[i].names.items) == 0 {
			return ""
		}
		return nameOf(cfg.methods.items[i].names.items[0])
	}
}

// seconds writes a duration in a message.
func seconds(d time.Duration) string {
	switch {
	case d >= 1000*time.Hour: // as good as for ever
		return fmt.Sprintf("%.0fh", d.Hours())
	case d >= time.Second:
		d = d.Round(time.Millisecond)
	}
	return formatDuration(d)
}
