package retryshape

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
)

// An Interceptor is a retry interceptor of go-grpc-middleware, installed on
// a connection whose clients this package makes and calls.
type Interceptor struct {
	Call     *ssa.Call // retry.UnaryClientInterceptor(...)
	Name     string
	Codes    codeflow.Codes // that it tries again
	Attempts int
	// Requests are the RPCs that the package makes of the connection's
	// services, one per method, and do not turn the interceptor off.
	Requests []*Request
}

// A Request is a call that makes an RPC.
type Request struct {
	Call *ssa.Call
	RPC  *RPC
	// Keyed: the RPC carries an idempotency token, or may.
	Keyed bool
}

// interceptors finds those that are told to try again, and the RPCs of their
// connections.
func (sh *shapes) interceptors(conns []*Conn) []*Interceptor {
	var found []*Interceptor
	for _, c := range conns {
		if c.UnaryCall == nil || c.Unary == nil || c.Unary.Attempts < 2 || c.Unary.Codes == 0 || len(c.Services) == 0 {
			continue
		}
		i := slices.IndexFunc(found, func(known *Interceptor) bool { return known.Call == c.UnaryCall })
		if i < 0 {
			i = len(found)
			found = append(found, &Interceptor{Call: c.UnaryCall, Name: c.Unary.Name, Codes: c.Unary.Codes, Attempts: c.Unary.Attempts})
		}
		sh.addRequests(found[i], c.Services)
	}
	return found
}

// addRequests adds the RPCs that the package makes of some services.
func (sh *shapes) addRequests(i *Interceptor, services []string) {
	for _, fn := range sh.Program.Funcs {
		for _, r := range sh.requestsIn(fn) {
			service, _, _ := strings.Cut(strings.TrimPrefix(r.rpc.FullMethod, "/"), "/")
			if r.rpc.At != nil || r.inner != nil || !slices.Contains(services, service) ||
				slices.ContainsFunc(i.Requests, func(known *Request) bool { return known.RPC.FullMethod == r.rpc.FullMethod }) {
				continue
			}
			if slices.ContainsFunc(sh.OptionCalls(r.call), func(o codeflow.Option) bool { return o.Func != nil && IsMiddlewareRetry(codeflow.PathOf(o.Func)) }) {
				continue // says what it wants by itself
			}
			state := sh.keyOf(r, region{fn: fn}).State
			i.Requests = append(i.Requests, &Request{Call: r.call, RPC: r.rpc, Keyed: state != NoKey && state != KeyUnset && !(state == KeyUnknown && len(r.rpc.Verdict.Tokens) == 0)})
		}
	}
}
