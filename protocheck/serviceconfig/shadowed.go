package serviceconfig

import (
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	classes "github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

var shadowedCheck = check{id: "serviceconfig/shadowed"}

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
	i := at(where, shadowedCheck, finding.Changed, "%s %s: its entry replaces one with %s", nameOf(n), consequence, say.And(lost))
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

// isMutating reports whether a method's name says that it changes
// something: an entry without retries is no oversight then.
func isMutating(name string) bool {
	_, effect := classes.Verb(name)
	return effect > classes.Reads
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
