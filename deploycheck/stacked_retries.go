package deploycheck

import "fmt"

// stackedRetries reports routes that try again what clients try again: the
// numbers of tries are multiplied.
func stackedRetries(c *checker) {
	for _, r := range c.allRoutes() {
		if r.retry == nil || r.retry.attempts <= 0 || r.retry.afterWork() == "" {
			continue
		}
		for _, m := range c.methodsBehind(r) {
			if m.Attempts <= 1 {
				continue
			}
			c.report(Issue{
				At:      r.retry.node.Line(),
				Message: fmt.Sprintf("%s is sent up to %d times: %d by its clients, each %d times by %s", m, m.Attempts*(r.retry.attempts+1), m.Attempts, r.retry.attempts+1, r.kind),
				Decl:    r.decl, Subject: m.service + "/" + m.Name,
			})
			break
		}
	}
}
