package lint

import (
	"fmt"
	"slices"
)

// stackedOver finds RPCs that are tried again by whoever makes them and once more
// by what their handlers do:
//
//	client   for range 3   Orders/Place ─▶ handler
//	handler  for range 4   Payments/Charge       12 requests
//
// The error of the inner one has to come out of the handler as it is, with a code
// that the outer one tries again. What directives silence is returned apart, with
// their places.
func stackedOver(s *services) (found, silent []*located, directives []Range) {
	inner := make(map[string][]*Retry) // by the method whose handler makes them
	for _, c := range s.calls {
		if c.By != ByHandler || c.Caller == c.Method {
			continue // the last: another server's, which is not to be seen
		}
		for i := range s.retries {
			if r := &s.retries[i]; r.Method == c.Method && r.At.File == c.At.File && r.At.Line == c.At.Line && handsOn(s.handlers, c.Caller, c.Method) {
				inner[c.Caller] = append(inner[c.Caller], r)
			}
		}
	}
	for i := range s.retries {
		outer := &s.retries[i]
		at := slices.IndexFunc(inner[outer.Method], func(r *Retry) bool {
			return r.At != outer.At && slices.ContainsFunc(r.Codes, func(code int) bool { return slices.Contains(outer.Codes, code) })
		})
		if at < 0 {
			continue
		}
		below := inner[outer.Method][at]
		times := "again for each attempt"
		if n := outer.Attempts * below.Attempts; n > 0 {
			times = fmt.Sprintf("up to %d times", n)
		}
		message := fmt.Sprintf("%s is sent %s: its caller, the handler of %s, retries it, and so does this", shortMethod(below.Method), times, shortMethod(outer.Method))
		l := onBothEnds("retry/stacked", outer.PkgPath, outer.In, outer.Method, message, outer.At, Related{"the handler retries here", below.At})
		if directives = append(directives, outer.Silencing...); len(outer.Silencing) > 0 {
			silent = append(silent, l)
			continue
		}
		found = append(found, l)
	}
	return found, silent, directives
}

// handsOn reports whether a handler returns the errors of an RPC that it makes as
// they are.
func handsOn(handlers []Handler, method, of string) bool {
	return slices.ContainsFunc(handlers, func(h Handler) bool {
		return h.Method == method && !h.Mapped && slices.ContainsFunc(h.Sources, func(s CodeSource) bool { return s.Code < 0 && s.Of == of })
	})
}
