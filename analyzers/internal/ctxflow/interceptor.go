package ctxflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// deadlineServices returns the services of which this package makes a dial
// option that gives their RPCs a deadline, or may: an interceptor that
// derives a bounded context before it calls the invoker, or a service config
// with a timeout. That there is an interceptor is not enough: most only
// trace or add metadata.
func (f *follower) deadlineServices() []string {
	var services []string
	for instr := range f.Instructions {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || f.inTest(call.Pos()) {
			continue
		}
		obj := program.CalledObject(call.Common())
		if obj == nil || obj.Pkg() == nil {
			continue
		}
		if isPerRetryTimeout(obj) {
			services = append(services, AnyService)
		}
		if obj.Pkg().Path() != stub.GRPCPath {
			continue
		}
		args := call.Common().Args
		switch obj.Name() {
		case "WithUnaryInterceptor":
			if f.interceptors.Of(args[0]) != PlainInterceptor {
				services = append(services, f.dialledServices(call)...)
			}
		case "WithChainUnaryInterceptor":
			h := f.Elements(args[0])
			mayBe := func(v ssa.Value) bool { return f.interceptors.Of(v) != PlainInterceptor }
			if !h.Complete || slices.ContainsFunc(h.Values, mayBe) {
				services = append(services, f.dialledServices(call)...)
			}
		case "WithDefaultServiceConfig":
			for _, service := range f.timeoutServices(call) {
				if service != AnyService {
					services = append(services, service)
					continue
				}
				services = append(services, f.dialledServices(call)...)
			}
		}
	}
	return services
}

// isPerRetryTimeout: go-grpc-middleware's WithPerRetryTimeout, v1 or v2.
func isPerRetryTimeout(obj *types.Func) bool {
	return obj.Name() == "WithPerRetryTimeout" && isMiddlewareRetry(obj.Pkg().Path())
}

func isMiddlewareRetry(path string) bool {
	return strings.HasPrefix(path, "github.com/grpc-ecosystem/go-grpc-middleware/") && strings.HasSuffix(path, "/retry")
}

// newInterceptors makes what follows values of type
// grpc.UnaryClientInterceptor. One that cannot be followed may set a deadline,
// as may one that comes from nowhere.
func (f *follower) newInterceptors() *flow.Tracer[InterceptorKind] {
	type trace = flow.Trace[InterceptorKind]
	return flow.New(f.Program, flow.Domain[InterceptorKind]{
		Nothing: NoInterceptor,
		Unknown: func(ssa.Value) InterceptorKind { return DeadlineInterceptor },
		Join:    func(a, b InterceptorKind) InterceptorKind { return max(a, b) },
		Source: func(t trace, v ssa.Value) (InterceptorKind, bool) {
			switch v := v.(type) {
			case *ssa.Const:
				return PlainInterceptor, true // nil
			case *ssa.Function:
				return f.interceptorFunction(v), true
			case *ssa.MakeClosure:
				return f.interceptorFunction(v.Fn.(*ssa.Function)), true
			case *ssa.UnOp:
				if global, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL {
					return f.interceptorVariable(t, global), true
				}
			}
			return 0, false
		},
		Call: func(_ trace, call *ssa.Call, _ int) (InterceptorKind, bool) {
			obj := program.CalledObject(&call.Call)
			if obj == nil || obj.Pkg() == nil || len(f.Callees(call)) > 0 {
				return 0, false
			}
			return f.importedInterceptor(obj), true
		},
		Param: func(*ssa.Parameter) InterceptorKind { return DeadlineInterceptor },
		Bind:  func(_ trace, kind InterceptorKind, _ *ssa.Call) InterceptorKind { return kind },
	})
}

// interceptorFunction judges a function, or the method behind one that is
// bound to a value.
func (f *follower) interceptorFunction(fn *ssa.Function) InterceptorKind {
	if local := f.Local(fn); local != nil && len(local.Blocks) > 0 {
		return f.interceptorKind(local)
	}
	if obj, ok := fn.Object().(*types.Func); ok && obj.Pkg() != nil {
		return f.importedInterceptor(obj)
	}
	return DeadlineInterceptor
}

func (f *follower) importedInterceptor(obj *types.Func) InterceptorKind {
	if f.isBoundedBy(obj) {
		return DeadlineInterceptor
	}
	if isMiddlewareRetry(obj.Pkg().Path()) {
		return PlainInterceptor // WithPerRetryTimeout is looked for apart
	}
	if summary := f.summaryOf(obj); summary != nil && summary.Interceptor != NoInterceptor {
		return summary.Interceptor
	}
	return DeadlineInterceptor
}

// interceptorVariable judges a package variable that holds an interceptor, by
// all that this package ever stores there.
func (f *follower) interceptorVariable(t flow.Trace[InterceptorKind], v *ssa.Global) InterceptorKind {
	if v.Pkg != f.Pkg {
		told := f.known[v.Pkg.Pkg.Path()]
		if told == nil {
			return DeadlineInterceptor
		}
		if summary := told.Funcs.Find(v.Name()); summary != nil && summary.Interceptor != NoInterceptor {
			return summary.Interceptor
		}
		return DeadlineInterceptor
	}
	stored, _ := f.Stored(v)
	if len(stored) == 0 {
		return DeadlineInterceptor // set by somebody else
	}
	return t.Union(stored)
}

// exportedVariables adds the package's exported interceptor variables.
func (f *follower) exportedVariables(table *fact.Table[FuncSummary]) {
	for name, member := range f.Pkg.Members {
		v, ok := member.(*ssa.Global)
		if !ok || !token.IsExported(name) || !isUnaryInterceptor(v.Type().Underlying().(*types.Pointer).Elem()) {
			continue
		}
		if stored, _ := f.Stored(v); len(stored) > 0 {
			kind := NoInterceptor
			for _, value := range stored {
				kind = max(kind, f.interceptors.Of(value))
			}
			table.Add(name, FuncSummary{Interceptor: kind})
		}
	}
}

// interceptorKind judges a function that is an interceptor: what context
// does it call the invoker with?
func (f *follower) interceptorKind(fn *ssa.Function) InterceptorKind {
	if obj, ok := fn.Object().(*types.Func); ok && f.isBoundedBy(obj) {
		return DeadlineInterceptor
	}
	i := slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return isGRPCType(p.Type(), "UnaryInvoker") })
	if i < 0 {
		return DeadlineInterceptor // not an interceptor's signature
	}
	o, invoked := f.contexts.Invoked(fn.Params[i], 0)
	if !invoked || o.bound != unbounded || o.unknown {
		return DeadlineInterceptor // it may hand the invoker on
	}
	return PlainInterceptor
}

// exportedInterceptor is what importers learn about a function that is an
// interceptor, or returns one.
func (f *follower) exportedInterceptor(fn *ssa.Function) InterceptorKind {
	if isUnaryInterceptor(fn.Signature) {
		return f.interceptorKind(fn)
	}
	if fn.Signature.Results().Len() == 0 || !isUnaryInterceptor(fn.Signature.Results().At(0).Type()) {
		return NoInterceptor
	}
	return f.interceptors.Result(fn, 0)
}

// isUnaryInterceptor: the type's underlying signature takes a UnaryInvoker
// and a *ClientConn.
func isUnaryInterceptor(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 7 && isGRPCType(sig.Params().At(5).Type(), "UnaryInvoker")
}

func isGRPCType(t types.Type, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == stub.GRPCPath
}
