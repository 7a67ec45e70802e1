package lint

import (
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
)

// inverted finds timeouts of calls whose handler sets longer ones:
//
//	client   WithTimeout(ctx, 2s)   Orders/Place ─▶ handler
//	handler  WithTimeout(ctx, 10s)  Payments/Charge
func inverted(calls []RPCCall) []*located {
	made := make(map[string][]*RPCCall) // by the method whose handler makes them
	for i := range calls {
		if c := &calls[i]; c.By == ByHandler && c.Deadline.Set && c.Deadline.Timeout > 0 && !c.Stream {
			made[c.Caller] = append(made[c.Caller], c)
		}
	}
	var found []*located
	for i := range calls {
		c := &calls[i]
		if !c.Deadline.Set || c.Deadline.Timeout == 0 || c.Deadline.Ignored || c.Stream || c.Caller == c.Method {
			continue // the last: another server's, which is not to be seen
		}
		var longest *RPCCall
		for _, inner := range made[c.Method] {
			if inner.Deadline.Timeout > c.Deadline.Timeout && inner.Deadline.At != c.Deadline.At && (longest == nil || inner.Deadline.Timeout > longest.Deadline.Timeout) {
				longest = inner
			}
		}
		if longest == nil {
			continue
		}
		message := fmt.Sprintf("%s is given up after %s, while its handler lets %s take %s",
			shortMethod(c.Method), say.Duration(c.Deadline.Timeout), shortMethod(longest.Method), say.Duration(longest.Deadline.Timeout))
		found = append(found, onBothEnds("deadline/inverted", c.Deadline.PkgPath, c.Deadline.In, c.Method, message, c.Deadline.At,
			Related{"this call is given up", c.At}, Related{"the handler's timeout", longest.Deadline.At}))
	}
	return found
}

// shortMethod is a method's name without the package: "Orders.Place".
func shortMethod(full string) string {
	service, name, _ := strings.Cut(full, "/")
	return service[strings.LastIndexByte(service, '.')+1:] + "." + name
}
