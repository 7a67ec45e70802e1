package connretry

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
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
	RPC  *request.RPC
	// Keyed: the RPC carries an idempotency token, or may.
	Keyed bool
}

// interceptors finds those that are told to try again, and the RPCs of their
// connections.
func (x *conns) interceptors(list []*Conn) []*Interceptor {
	var found []*Interceptor
	for _, conn := range list {
		if conn.UnaryCall == nil || conn.Unary == nil || conn.Unary.Attempts < 2 || conn.Unary.Codes == 0 || len(conn.Services) == 0 {
			continue
		}
		i := slices.IndexFunc(found, func(known *Interceptor) bool { return known.Call == conn.UnaryCall })
		if i < 0 {
			i = len(found)
			found = append(found, &Interceptor{Call: conn.UnaryCall, Name: conn.Unary.Name, Codes: conn.Unary.Codes, Attempts: conn.Unary.Attempts})
		}
		x.addRequests(found[i], conn.Services)
	}
	return found
}

// addRequests adds the RPCs that the package makes of some services.
func (x *conns) addRequests(i *Interceptor, services []string) {
	for _, r := range x.Stubs() {
		service, _, _ := strings.Cut(strings.TrimPrefix(r.RPC.FullMethod, "/"), "/")
		if !slices.Contains(services, service) ||
			slices.ContainsFunc(i.Requests, func(known *Request) bool { return known.RPC.FullMethod == r.RPC.FullMethod }) {
			continue
		}
		if slices.ContainsFunc(x.OptionCalls(r.Call), func(o codeflow.Option) bool {
			return o.Func != nil && retryshape.IsMiddlewareRetry(codeflow.PathOf(o.Func))
		}) {
			continue // says what it wants by itself
		}
		i.Requests = append(i.Requests, &Request{r.Call, r.RPC, x.Keyed(r)})
	}
}
