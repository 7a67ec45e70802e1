package deploycheck

import (
	"fmt"
	"slices"
)

// forHTTP are conditions that say nothing about gRPC, whose status is not that
// of HTTP, or too much: what the server has done, it does again.
var forHTTP = []string{"5xx", "reset", "internal", "deadline-exceeded", "retriable-4xx", "gateway-error"}

// retryOn reports routes for gRPC that are retried under conditions of HTTP, or
// for codes that another try does not help.
func retryOn(c *checker) {
	for _, r := range c.allRoutes() {
		if r.retry == nil || r.retry.attempts == 0 || r.retry.implied || r.retry.onNode == nil || r.retry.onNode.IsList() || c.protocolOf(r) != isGRPC {
			continue
		}
		for _, condition := range r.retry.on {
			if !slices.Contains(forHTTP, condition) {
				continue
			}
			c.report(Issue{
				At:      r.retry.onNode.Span(),
				Message: retryOnMessage(condition, r.kind),
				Decl:    r.decl, Subject: condition,
			})
			break
		}
	}
}

func retryOnMessage(condition, kind string) string {
	switch condition {
	case "internal":
		return fmt.Sprintf("mistakes of the server are repeated: %s retries on internal, which another try does not mend", kind)
	case "deadline-exceeded":
		return fmt.Sprintf("work goes on for nobody, and again: %s retries on deadline-exceeded, when the time is over", kind)
	case "retriable-4xx":
		return fmt.Sprintf("nothing is retried: %s waits for retriable-4xx, and the status of gRPC is not that of HTTP", kind)
	case "reset":
		return fmt.Sprintf("RPCs that the server works on are sent again: %s retries on reset (use refused-stream)", kind)
	}
	return fmt.Sprintf("codes of gRPC are not retried, and what broke off is: %s retries on %s (use unavailable)", kind, condition)
}
