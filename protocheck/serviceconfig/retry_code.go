package serviceconfig

import (
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

var retryCodeCheck = check{id: "serviceconfig/retry-code"}

// pointless says why an RPC that ended with a code ends so again.
var pointless = map[code]string{
	3:  "the same request is as invalid the next time",
	5:  "what does not exist will not exist a moment later",
	6:  "what exists already will exist the next time",
	7:  "the caller will have no more permission the next time",
	9:  "the system's state is to be set right before",
	11: "the same value is as far out of range the next time",
	12: "the server will not have the method the next time",
	15: "lost data does not come back",
	16: "the same credentials are as invalid the next time",
}

// doubtful says what may go wrong when a code is retried, in general.
var doubtful = map[code]struct {
	why      string
	severity rule.Severity
}{
	codeCancelled:         {"somebody wanted the RPC to end", rule.Warning},
	codeUnknown:           {"the server may have done it, and plain Go errors end so", rule.Warning},
	codeInternal:          {"the server may have done it, and is broken", rule.Warning},
	codeAborted:           {"the transaction is to be restarted, not its last RPC", rule.Warning},
	codeDeadlineExceeded:  {"the client's own deadline leaves no time for it", rule.Info},
	codeResourceExhausted: {"quotas come back late, and too large messages stay so", rule.Info},
}

// retryCode checks a code to retry upon, and reports whether a retry can help
// at all. That the server may have done its work matters little when all
// methods of the entry only read.
func (c *checker) retryCode(code code, n *node, reads bool) (helps bool) {
	if why, never := pointless[code]; never {
		c.add(at(n, retryCodeCheck, finding.Risky, "retries upon %s only add load: %s", code, why))
		return false
	}
	if d, ok := doubtful[code]; ok {
		i := at(n, retryCodeCheck, finding.Risky, "a retry upon %s is seldom right: %s", code, d.why)
		i.severity = d.severity
		if c.gapic() || reads && (code == codeUnknown || code == codeInternal) {
			i.severity = rule.Info // the service's owners may know better
		}
		c.add(i)
	}
	return true
}
