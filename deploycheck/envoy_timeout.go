package deploycheck

import (
	"fmt"
	"time"
)

// envoyTimeout reports routes of Envoy's with the timeout that holds if none is
// written, in front of RPCs that take longer.
func envoyTimeout(c *checker) {
	for _, r := range c.allRoutes() {
		if r.from != nil || c.protocolOf(r) != isGRPC || r.timeout.node != nil || !r.timeout.known {
			continue
		}
		if !lacksEither(r.node, "max_stream_duration") || !lacksEither(r.node, "max_grpc_timeout") {
			continue
		}
		methods := c.methodsBehind(r)
		at := r.node.Get("cluster")
		if stream := streaming(methods, waits); stream != nil {
			c.report(Issue{
				At:      at.Span(),
				Message: fmt.Sprintf("%s is cut off after 15 seconds: that is Envoy's timeout for %s, which sets none", stream, r.kind),
				Decl:    r.decl, Subject: stream.service + "/" + stream.Name,
			})
			continue
		}
		if slow := streaming(methods, func(m *Method) bool { return m.Deadline > r.timeout.is }); slow != nil {
			c.report(Issue{
				At:      at.Span(),
				Message: fmt.Sprintf("%s ends after 15 seconds, not %s: %s sets no timeout", slow, seconds(slow.Deadline), r.kind),
				Decl:    r.decl, Subject: slow.service + "/" + slow.Name,
			})
		}
	}
}

// seconds writes a duration for a message: "2s", "1.5s", "5m".
func seconds(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if len(text) > len(zero) && text[len(text)-len(zero):] == zero {
			text = text[:len(text)-len(zero)+1]
		}
	}
	return text
}
