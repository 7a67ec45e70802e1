package serviceconfig

import (
	"slices"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var unsafeRetryCheck = check{id: "serviceconfig/unsafe-retry", gapic: rule.Info} // the service's owners know what they retry

// afterWork are the codes that an RPC may end with although the server did
// what it asks for: most likely first. A connection that breaks while the
// reply is on its way ends it with UNAVAILABLE.
var afterWork = []code{
	codeUnavailable, codeDeadlineExceeded, codeUnknown, codeInternal, codeAborted, codeResourceExhausted, codeCancelled,
}

// unsafeRetry reports a policy that repeats what is not to be done twice.
//
// A method whose request has a token (AIP-155) is left to the rules that see
// its callers: whether they set it, no config tells.
func (c *checker) unsafeRetry(entry *methodEntry, methods []covered) {
	after := slices.IndexFunc(afterWork, func(code code) bool {
		return slices.ContainsFunc(entry.retry.codes.items, func(e codeEntry) bool { return e.code == code })
	})
	if after < 0 {
		return
	}
	harmed, doubt := mutating(methods)
	if len(harmed) == 0 {
		return
	}
	i := at(harmed[0].by, unsafeRetryCheck, finding.Risky, "%s may run twice: %s can come after the work was done", several(harmed), afterWork[after])
	switch {
	case doubt:
		i.severity = rule.Info
	case harmed[0].byDefault:
		i.severity = rule.Warning // perhaps no client of theirs has the config
	}
	i.related = append(reasons(harmed), related{"the retry policy", entry.retry.key.start, entry.retry.key.end})
	c.add(i)
}
