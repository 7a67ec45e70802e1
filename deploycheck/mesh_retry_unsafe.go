package deploycheck

import (
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// meshRetryUnsafe reports retries of a mesh or a proxy that may do something
// twice.
func meshRetryUnsafe(c *checker) {
	for _, r := range c.allRoutes() {
		if r.retry == nil || r.retry.attempts == 0 || r.retry.afterWork() == "" {
			continue
		}
		harmed, doubt := harmedBy(c.methodsBehind(r))
		if len(harmed) == 0 {
			continue
		}
		i := Issue{
			At:      r.retry.node.Line(),
			Message: fmt.Sprintf("%s may run twice: %s retries on %s, which can come after the work was done", names(harmed), r.kind, r.retry.afterWork()),
			Decl:    r.decl, Subject: "retries",
		}
		switch {
		case r.retry.onNode != nil && !r.retry.implied:
			if i.At = r.retry.onNode.Span(); r.retry.onNode.IsList() {
				i.At = r.retry.onNode.Line()
			}
		case r.retry.implied:
			i.Message = fmt.Sprintf("%s may run twice: %s retries on unavailable, as Istio does if no retryOn is set", names(harmed), r.kind)
			if key := r.node.Key("retries"); key != nil {
				i.At = key.Span()
			}
		}
		if doubt {
			i.Severity = rule.Info
		}
		c.report(i)
	}
	for _, s := range c.Services {
		c.linkerdRetry(s)
	}
}

// linkerdRetry judges the annotation of a Service: names of codes.
func (c *checker) linkerdRetry(s *kube.Service) {
	node := s.Annotation("retry.linkerd.io/grpc")
	codes := split(node)
	if len(codes) == 0 || s.Annotation("retry.linkerd.io/limit").String() == "0" {
		return
	}
	risky := ""
	for _, code := range codes {
		if code != "resource-exhausted" && risky == "" {
			risky = code
		}
	}
	harmed, doubt := harmedBy(c.ofService(s))
	if risky == "" || len(harmed) == 0 {
		return
	}
	i := Issue{
		At:      node.Span(),
		Message: fmt.Sprintf("%s may run twice: Linkerd retries on %s, which can come after the work was done", names(harmed), risky),
		Decl:    "Service " + s.Name, Subject: "retries",
	}
	if doubt {
		i.Severity = rule.Info
	}
	c.report(i)
}

// harmedBy returns the methods that a second call of which does harm, or, if
// there are none, those of which that is not certain.
func harmedBy(methods []served) (harmed []served, doubt bool) {
	var doubtful []served
	for _, m := range methods {
		switch {
		case m.ClientStream:
			// hardly ever sent again: proxies buffer no stream
		case m.Harmful:
			harmed = append(harmed, m)
		case m.Doubtful:
			doubtful = append(doubtful, m)
		}
	}
	if len(harmed) == 0 {
		return doubtful, true
	}
	return harmed, false
}

// names are those of methods, two of many.
func names(methods []served) string {
	if len(methods) == 1 {
		return methods[0].String()
	}
	var list []string
	for _, m := range methods {
		name := m.Name
		if len(name) > 24 {
			name = name[:24] + "..."
		}
		list = append(list, name)
	}
	return strings.TrimSpace(say.Some(list, 2, ""))
}
