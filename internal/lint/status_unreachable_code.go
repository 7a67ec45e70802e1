package lint

import (
	"fmt"
	"slices"
)

// Codes that only handlers make, and interceptors: gRPC itself never does
// (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
// INVALID_ARGUMENT is not among them, because validation is an interceptor's
// business in many programs.
var handlersOwn = []int{5, 6, 9, 10, 11, 15}

// unreachableCodes finds branches for codes that no handler of the method
// returns:
//
//	client   if status.Code(err) == codes.NotFound
//	handler  return nil, status.Error(codes.Internal, "no such order")
func unreachableCodes(comparisons []comparison, handlers []Handler) []*located {
	byMethod := make(map[string][]*Handler)
	for i := range handlers {
		byMethod[handlers[i].Method] = append(byMethod[handlers[i].Method], &handlers[i])
	}
	var found []*located
	for _, c := range comparisons {
		if !slices.Contains(handlersOwn, c.Code) || slices.ContainsFunc(c.Methods, func(method string) bool { return mayReturn(method, c.Code, byMethod, nil) }) {
			continue
		}
		method := c.Methods[0]
		var related []Related
		for _, h := range byMethod[method] {
			related = append(related, Related{"the handler", h.At})
		}
		message := fmt.Sprintf("this is never so: no handler of %s returns %s", shortMethod(method), c.Is)
		found = append(found, onBothEnds("status/unreachable-code", c.PkgPath, c.In, method, message, c.At, related...))
	}
	return found
}

// mayReturn reports whether a handler of a method returns a code, or may for
// all that is known.
func mayReturn(method string, code int, handlers map[string][]*Handler, open []string) bool {
	if slices.Contains(open, method) {
		return false // nothing but what is found on the other ways
	}
	open = append(open, method)
	if len(handlers[method]) == 0 {
		return true
	}
	for _, h := range handlers[method] {
		if h.Mapped {
			return true
		}
		for _, s := range h.Sources {
			switch {
			case s.Code == code, s.What == "not implemented", s.Code < 0 && s.Of == "":
				return true
			case s.Code < 0 && mayReturn(s.Of, code, handlers, open):
				return true
			}
		}
	}
	return false
}
