package ctxflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// deadlineServices returns the services of which this package makes a dial
// option that gives their RPCs a deadline, or may: an interceptor that
// derives a bounded context before it calls the invoker, or a service config
// with a timeout. That there is an interceptor is not enough: most only
// trace or add metadata.
func (f *flow) deadlineServices() []string {
	var services []string
	for instr := range f.instructions() {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || f.inTest(call.Pos()) {
			continue
		}
		obj := calledObject(call)
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
			if f.interceptorValue(args[0]) == DeadlineInterceptor {
				services = append(services, f.dialledServices(call)...)
			}
		case "WithChainUnaryInterceptor":
			values, complete := elements(args[0])
			isDeadline := func(v ssa.Value) bool { return f.interceptorValue(v) == DeadlineInterceptor }
			if !complete || slices.ContainsFunc(values, isDeadline) {
				services = append(services, f.dialledServices(call)...)
			}
		case "WithDefaultServiceConfig":
			for _, service := range f.timeoutServices(args[0]) {
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

// interceptorValue judges a value of type grpc.UnaryClientInterceptor.
func (f *flow) interceptorValue(v ssa.Value) InterceptorKind {
	if known, ok := f.interceptors[v]; ok {
		return known
	}
	f.interceptors[v] = DeadlineInterceptor // of what leads back here, nothing is known
	kind := f.judgeInterceptor(v)
	f.interceptors[v] = kind
	return kind
}

func (f *flow) judgeInterceptor(v ssa.Value) InterceptorKind {
	switch v := v.(type) {
	case *ssa.ChangeType:
		return f.interceptorValue(v.X)
	case *ssa.Const:
		return PlainInterceptor // nil
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if edge != v && f.interceptorValue(edge) == DeadlineInterceptor {
				return DeadlineInterceptor
			}
		}
		return PlainInterceptor
	case *ssa.Call:
		return f.returnedInterceptor(v)
	case *ssa.Function, *ssa.MakeClosure:
		if fn, _ := f.function(v); fn != nil {
			return f.interceptorKind(fn)
		}
		if fn, ok := v.(*ssa.Function); ok {
			if obj, ok := fn.Object().(*types.Func); ok {
				return f.importedInterceptor(obj)
			}
		}
		if closure, ok := v.(*ssa.MakeClosure); ok {
			if obj, ok := closure.Fn.(*ssa.Function).Object().(*types.Func); ok {
				return f.importedInterceptor(obj) // a method value
			}
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == 0 {
			return f.returnedInterceptor(call)
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return DeadlineInterceptor // from a channel
		}
		if global, ok := v.X.(*ssa.Global); ok {
			return f.interceptorVariable(global)
		}
		if c := f.localCell(v.X); c != nil && !c.escapes && len(c.stored) == 1 {
			return f.interceptorValue(c.stored[0])
		}
	}
	return DeadlineInterceptor // not known: it may set one
}

func (f *flow) importedInterceptor(obj *types.Func) InterceptorKind {
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

// interceptorVariable judges a package variable that holds an interceptor.
func (f *flow) interceptorVariable(v *ssa.Global) InterceptorKind {
	if v.Pkg.Pkg != f.pass.Pkg {
		fact := f.facts[v.Pkg.Pkg.Path()]
		if fact == nil {
			return DeadlineInterceptor
		}
		if summary := fact.find(v.Name()); summary != nil && summary.Interceptor != NoInterceptor {
			return summary.Interceptor
		}
		return DeadlineInterceptor
	}
	kind := PlainInterceptor
	for _, stored := range f.index.interceptors[v] {
		if f.interceptorValue(stored) == DeadlineInterceptor {
			kind = DeadlineInterceptor
		}
	}
	if len(f.index.interceptors[v]) == 0 {
		return DeadlineInterceptor // set by somebody else
	}
	return kind
}

// exportedVariables are the package's exported interceptor variables.
func (f *flow) exportedVariables() []FuncSummary {
	var list []FuncSummary
	for v := range f.index.interceptors {
		if token.IsExported(v.Name()) {
			list = append(list, FuncSummary{Key: v.Name(), Interceptor: f.interceptorVariable(v)})
		}
	}
	return list // the caller sorts
}

// returnedInterceptor judges the interceptor that a call returns.
func (f *flow) returnedInterceptor(call *ssa.Call) InterceptorKind {
	if fn, _ := f.function(call.Common().Value); fn != nil && !call.Common().IsInvoke() {
		return f.interceptorMaker(fn)
	}
	if obj := calledObject(call); obj != nil && obj.Pkg() != nil {
		return f.importedInterceptor(obj)
	}
	return DeadlineInterceptor
}

// interceptorMaker judges a function that returns an interceptor.
func (f *flow) interceptorMaker(fn *ssa.Function) InterceptorKind {
	if fn.Signature.Results().Len() == 0 || !isUnaryInterceptor(fn.Signature.Results().At(0).Type()) {
		return NoInterceptor
	}
	kind := PlainInterceptor
	for _, block := range fn.Blocks {
		if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && f.interceptorValue(ret.Results[0]) == DeadlineInterceptor {
			kind = DeadlineInterceptor
		}
	}
	return kind
}

// interceptorKind judges a function that is an interceptor: what context
// does it call the invoker with?
func (f *flow) interceptorKind(fn *ssa.Function) InterceptorKind {
	if obj, ok := fn.Object().(*types.Func); ok && f.isBoundedBy(obj) {
		return DeadlineInterceptor
	}
	var invoker *ssa.Parameter
	for _, p := range fn.Params {
		if isGRPCType(p.Type(), "UnaryInvoker") {
			invoker = p
		}
	}
	if invoker == nil {
		return DeadlineInterceptor // not an interceptor's signature
	}
	kind := DeadlineInterceptor // it may hand the invoker on
	for _, back := range f.index.callbacks[fn] {
		if back.fn != signatureIndex(invoker) || back.arg != 0 {
			continue
		}
		if back.o.bound != unbounded || back.o.unknown {
			return DeadlineInterceptor
		}
		kind = PlainInterceptor
	}
	return kind
}

// exportedInterceptor is what importers learn about a function.
func (f *flow) exportedInterceptor(fn *ssa.Function) InterceptorKind {
	if isUnaryInterceptor(fn.Signature) {
		return f.interceptorKind(fn)
	}
	return f.interceptorMaker(fn)
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

// elements returns what a slice holds that was written as a literal, as
// variadic arguments, or by appending to one of these. It is not complete if
// any part cannot be seen.
func elements(v ssa.Value) (values []ssa.Value, complete bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return nil, true // nil
	case *ssa.Slice:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok {
			return nil, false
		}
		for _, user := range *alloc.Referrers() {
			addr, ok := user.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, use := range *addr.Referrers() {
				if store, ok := use.(*ssa.Store); ok {
					values = append(values, store.Val)
				}
			}
		}
		return values, true
	case *ssa.Call:
		if builtin, ok := v.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "append" {
			before, ok1 := elements(v.Call.Args[0])
			added, ok2 := elements(v.Call.Args[1])
			return append(before, added...), ok1 && ok2
		}
	}
	return nil, false
}
