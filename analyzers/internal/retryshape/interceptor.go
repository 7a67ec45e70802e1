package retryshape

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// An Interceptor is a retry interceptor of go-grpc-middleware, installed on
// a connection whose clients this package makes and calls.
type Interceptor struct {
	Call     *ssa.Call // retry.UnaryClientInterceptor(...)
	Name     string
	Codes    Codes // that it tries again
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

func (sh *shapes) interceptors() []*Interceptor {
	var found []*Interceptor
	for instr := range sh.program.Instructions {
		if call, ok := instr.(*ssa.Call); ok {
			if i := sh.interceptor(call); i != nil {
				found = append(found, i)
			}
		}
	}
	return found
}

// interceptor reads one that is told to try again, nil for other calls.
func (sh *shapes) interceptor(call *ssa.Call) *Interceptor {
	obj := program.CalledObject(call.Common())
	if obj == nil || obj.Name() != "UnaryClientInterceptor" || !IsMiddlewareRetry(pathOf(obj)) {
		return nil
	}
	layer := sh.interceptorLayer(call)
	if layer == nil || layer.Attempts < 2 || layer.Codes == 0 {
		return nil
	}
	i := &Interceptor{Call: call, Name: layer.Name, Codes: layer.Codes, Attempts: layer.Attempts}
	services := sh.servicesBehind(call)
	if len(services) == 0 {
		return nil
	}
	var known []string
	for _, fn := range sh.program.Funcs {
		for _, r := range sh.requestsIn(fn) {
			service, _, _ := strings.Cut(strings.TrimPrefix(r.rpc.FullMethod, "/"), "/")
			if r.rpc.At != nil || r.inner != nil || !slices.Contains(services, service) || slices.Contains(known, r.rpc.FullMethod) {
				continue
			}
			if slices.ContainsFunc(sh.optionCalls(r.call), func(o option) bool { return o.obj != nil && IsMiddlewareRetry(pathOf(o.obj)) }) {
				continue // says what it wants by itself
			}
			known = append(known, r.rpc.FullMethod)
			state := sh.keyOf(r, region{fn: fn}).State
			i.Requests = append(i.Requests, &Request{Call: r.call, RPC: r.rpc, Keyed: state != NoKey && state != KeyUnset && !(state == KeyUnknown && len(r.rpc.Verdict.Tokens) == 0)})
		}
	}
	return i
}

// servicesBehind follows an interceptor into the options of a dial, and the
// connection into clients, within one function.
func (sh *shapes) servicesBehind(v ssa.Value) []string {
	var services []string
	seen := make(map[ssa.Value]bool)
	var follow func(ssa.Value)
	follow = func(v ssa.Value) {
		if seen[v] || v.Referrers() == nil || len(seen) > 200 {
			return
		}
		seen[v] = true
		for _, user := range *v.Referrers() {
			switch user := user.(type) {
			case *ssa.Store:
				if user.Val != v {
					continue
				}
				switch addr := user.Addr.(type) {
				case *ssa.IndexAddr:
					if array, ok := addr.X.(*ssa.Alloc); ok {
						follow(array)
					}
				case *ssa.Alloc:
					follow(addr)
				}
			case *ssa.Slice, *ssa.Phi, *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.UnOp:
				follow(user.(ssa.Value))
			case *ssa.Extract:
				if user.Index == 0 {
					follow(user)
				}
			case *ssa.Call:
				obj := program.CalledObject(user.Common())
				if obj == nil {
					if builtin, ok := user.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "append" {
						follow(user)
					}
					continue
				}
				if service := sh.stubs.ServiceOf(obj); service != "" {
					services = append(services, service)
					continue
				}
				if pathOf(obj) != stub.GRPCPath {
					continue
				}
				switch obj.Name() {
				case "WithUnaryInterceptor", "WithChainUnaryInterceptor", "NewClient", "Dial", "DialContext":
					follow(user)
				}
			}
		}
	}
	follow(v)
	return services
}
