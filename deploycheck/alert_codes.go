package deploycheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/selector"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// callers are the codes that say what a caller did wrong, or that it left.
var callers = []string{
	"Canceled", "InvalidArgument", "NotFound", "AlreadyExists", "PermissionDenied", "Unauthenticated", "FailedPrecondition", "OutOfRange",
}

// alertCodes reports alerts that count what callers do wrong.
func alertCodes(c *checker) {
	for _, a := range c.Alerts {
		for i := range a.selectors {
			s := &a.selectors[i]
			m := s.Matcher("grpc_code")
			if m == nil || s.Divisor {
				continue
			}
			counted := blameless(m, a.name)
			if len(counted) == 0 || repeated(a, s) {
				continue
			}
			i := Issue{
				At:      a.span(m.Start, m.End),
				Message: fmt.Sprintf("%s fires for what callers do: %s counts %s", a.name, shown(m), say.Some(counted, 3, "")),
				Decl:    a.name, Subject: "grpc_code",
			}
			if len(counted) == 1 && counted[0] == "FailedPrecondition" {
				i.Severity = rule.Info // of some servers it says that they are not ready
			}
			c.report(i)
			break
		}
	}
}

// shown is a matcher for a message, which has to be short.
func shown(m *selector.Matcher) string {
	value := m.Value
	if len(value) > 24 {
		value = value[:24] + "..."
	}
	return fmt.Sprintf("grpc_code%s%q", m.Op, value)
}

// blameless returns the codes that a matcher lets through and that are no
// server's fault, but for those that the alert is named after. One that lets
// OK through counts all RPCs.
func blameless(m *selector.Matcher, name string) []string {
	matches := func(code string) bool { return m.Value == code }
	if strings.HasSuffix(m.Op, "~") {
		re, err := regexp.Compile("^(?:" + m.Value + ")$")
		if err != nil || strings.Contains(m.Value, "$") {
			return nil
		}
		matches = re.MatchString
	}
	through := func(code string) bool { return matches(code) != strings.HasPrefix(m.Op, "!") }
	if through("OK") {
		return nil
	}
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
	var counted []string
	for _, code := range callers {
		if !through(code) {
			continue
		}
		if m.Op == "=" && slices.ContainsFunc(stems(code), func(stem string) bool { return strings.Contains(plain, stem) }) {
			continue
		}
		if strings.Contains(plain, strings.ToLower(code)) {
			continue
		}
		counted = append(counted, code)
	}
	return counted
}

// stems are how names of alerts speak of a code.
func stems(code string) []string {
	switch code {
	case "Canceled":
		return []string{"cancel"}
	case "PermissionDenied":
		return []string{"permission", "denied", "auth"}
	case "Unauthenticated":
		return []string{"auth"}
	case "InvalidArgument":
		return []string{"invalid", "client"}
	case "NotFound":
		return []string{"missing", "notfound"}
	}
	return []string{strings.ToLower(code)}
}

// repeated: the same selector stands below a division, and what is divided is
// something else.
func repeated(a *alert, s *selector.Selector) bool {
	return slices.ContainsFunc(a.selectors, func(o selector.Selector) bool {
		m, other := s.Matcher("grpc_code"), o.Matcher("grpc_code")
		return o.Divisor && other != nil && other.Op == m.Op && other.Value == m.Value
	})
}
