package deploycheck

import (
	"fmt"
	"time"

	"github.com/grpclint/grpclint/rule"
)

// perTryTimeout reports tries that may take as long as all of them together,
// so that one which takes too long is never tried again.
func perTryTimeout(c *checker) {
	for _, r := range c.allRoutes() {
		if r.retry == nil || !r.retry.perTry.known || r.retry.perTry.node == nil || r.retry.perTry.is == 0 || c.protocolOf(r) == isHTTP {
			continue
		}
		try := r.retry.perTry
		if r.timeout.known && r.timeout.is > 0 && (r.timeout.node != nil || r.from == nil) {
			switch {
			case try.is >= r.timeout.is && r.retry.attempts != 0:
				c.report(Issue{
					At:      try.node.Span(),
					Message: fmt.Sprintf("a try that takes too long is never repeated: it may take %s, and %s ends after %s", seconds(try.is), r.kind, seconds(r.timeout.is)),
					Decl:    r.decl, Subject: "perTryTimeout",
				})
				continue
			case r.retry.attempts > 0 && try.is*time.Duration(r.retry.attempts) > r.timeout.is:
				c.report(Issue{
					Severity: rule.Info,
					At:       try.node.Span(),
					Message:  fmt.Sprintf("not all %d tries of %s fit into %s: %s ends before", r.retry.attempts, seconds(try.is), seconds(r.timeout.is), r.kind),
					Decl:     r.decl, Subject: "perTryTimeout",
				})
				continue
			}
		}
		for _, m := range c.methodsBehind(r) {
			if m.Deadline > 0 && m.Deadline < try.is && r.retry.attempts != 0 {
				c.report(Issue{
					Severity: rule.Warning,
					At:       try.node.Span(),
					Message:  fmt.Sprintf("%s is never tried again when it takes too long: its callers wait %s, one try %s", m, seconds(m.Deadline), seconds(try.is)),
					Decl:     r.decl, Subject: m.service + "/" + m.Name,
				})
				break
			}
		}
	}
}
