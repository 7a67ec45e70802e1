package serviceconfig

import (
	"slices"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

var noTimeoutCheck = check{id: "serviceconfig/no-timeout", gapic: rule.Info} // the service's owners know what they retry

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
		found = at(entry.waitForReady.key, noTimeoutCheck, finding.Risky, "%s can wait for ever for a server: waitForReady comes without a timeout", several(unary))
		if c.opts.OnlyGo {
			found.severity = rule.Info // the deadlines of callers in Go are seen by other rules
		}
	} else {
		found = at(entry.retry.key, noTimeoutCheck, finding.Risky, "only the caller can end %s and its retries: the retry policy comes without a timeout", several(unary))
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
			i := at(names.nodes[j], noTimeoutCheck, finding.Risky,
				"%s %s no timeout: only other methods of the service have an entry", several(without), say.Form(len(without), "gets", "get"))
			i.severity = rule.Info
			c.add(i)
		}
	}
}
