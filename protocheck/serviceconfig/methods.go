package serviceconfig

import (
	"fmt"
	"slices"
	"time"

	classes "github.com/grpclint/grpclint/protocheck/method"
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
	c.noThrottling(cfg, policies)
	c.throttledOut(cfg.throttling, policies)
}

// names checks the names of an entry, and adds them to those before.
func (c *checker) names(entry *methodEntry, byPath map[string]*node) {
	for i := range entry.names.items {
		n, node := entry.names.items[i], entry.names.nodes[i]
		if n.service.get() == "" && n.method.get() != "" {
			c.rejected(rejectedCheck, n.method.at, fmt.Sprintf("method %s stands without a service", clip(n.method.value)))
			continue
		}
		if earlier, taken := byPath[n.path()]; taken {
			c.duplicateName(n, node, earlier)
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

// timeout checks what ends RPCs.
func (c *checker) timeout(t *durationValue) {
	if t == nil {
		return
	}
	c.quirkyDuration(t)
	c.zeroTimeout(t)
	c.negativeTimeout(t)
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
