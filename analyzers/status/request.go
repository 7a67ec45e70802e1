package status

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// requests knows which contexts are those of an RPC that is being served:
// they end when the RPC does, and for no other reason.
type requests struct {
	pass     *report.Pass
	flow     *errflow.Flow
	resolver *place.Resolver
}

func newRequests(pass *report.Pass, flow *errflow.Flow) *requests {
	return &requests{pass, flow, place.NewResolver(flow.Program)}
}

// served returns the handlers and server interceptors whose RPC a context, or
// a server's stream, belongs to; none if it may end otherwise, or is not
// known.
func (r *requests) served(v ssa.Value) []*ssa.Function {
	w := &requestWalk{requests: r, seen: make(map[ssa.Value]bool)}
	if !w.follow(v) {
		return nil
	}
	return w.roots
}

// maxRequestSteps bounds the values that are looked at for one context.
const maxRequestSteps = 200

type requestWalk struct {
	*requests
	seen  map[ssa.Value]bool
	roots []*ssa.Function
}

// follow goes back to where a value comes from, on every way.
func (w *requestWalk) follow(v ssa.Value) bool {
	if p := w.resolver.Of(v); len(p.Fields()) == 0 {
		v = p.Root
	}
	if w.seen[v] {
		return true // around a loop
	}
	if w.seen[v] = true; len(w.seen) > maxRequestSteps {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return w.parameter(v)
	case *ssa.Phi:
		return !slices.ContainsFunc(v.Edges, func(edge ssa.Value) bool { return !w.follow(edge) })
	case *ssa.Alloc:
		return w.variable(v)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && stub.IsContext(v.Type()) && w.derived(call, v.Index)
	case *ssa.Call:
		return w.derived(v, 0)
	}
	return false
}

// variable: all that is ever assigned to a local variable.
func (w *requestWalk) variable(v *ssa.Alloc) bool {
	for _, user := range *v.Referrers() {
		switch user := user.(type) {
		case *ssa.Store:
			if user.Addr != v || !w.follow(user.Val) {
				return false
			}
		case *ssa.MakeClosure:
			for i, free := range user.Fn.(*ssa.Function).FreeVars {
				if user.Bindings[i] == v && slices.ContainsFunc(*free.Referrers(), func(use ssa.Instruction) bool {
					_, reads := use.(*ssa.UnOp)
					return !reads
				}) {
					return false
				}
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// parameter: of a handler or an interceptor, or of a function that is only
// called with what belongs to an RPC.
func (w *requestWalk) parameter(p *ssa.Parameter) bool {
	fn := p.Parent()
	if obj, ok := fn.Object().(*types.Func); ok && stubs(w.pass).Handler(obj) != nil || isServerInterceptor(fn.Signature) {
		if !slices.Contains(w.roots, fn) {
			w.roots = append(w.roots, fn)
		}
		return true
	}
	sites, complete := w.flow.Program.Callers(fn)
	i := slices.Index(fn.Params, p)
	return complete && len(sites) > 0 && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		return i >= len(site.Common().Args) || !w.follow(site.Common().Args[i])
	})
}

// isServerInterceptor: it gets the handler of an RPC.
func isServerInterceptor(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		switch types.TypeString(p.Type(), nil) {
		case stub.GRPCPath + ".UnaryHandler", stub.GRPCPath + ".StreamHandler":
			return true
		}
	}
	return false
}

// derived: what a call makes of a context or a stream ends when that does.
func (w *requestWalk) derived(call *ssa.Call, index int) bool {
	if op, stream := streams.OpOf(&call.Call); op == streams.Context {
		return streams.SideOf(stream.Type()) == streams.Server && w.follow(stream)
	}
	local, obj := w.flow.Program.Callee(&call.Call)
	switch {
	case local != nil:
		return w.result(local, index)
	case obj == nil:
		return false
	case ctxflow.EndsWithParent(obj), isCancelOfReturn(call, obj):
		i := slices.IndexFunc(call.Call.Args, func(arg ssa.Value) bool { return stub.IsContext(arg.Type()) })
		return i >= 0 && w.follow(call.Call.Args[i])
	}
	return false
}

// result: what a function of the package returns, which all of its callers
// see in the same way.
func (w *requestWalk) result(fn *ssa.Function, index int) bool {
	for _, block := range fn.Blocks {
		if ret, ok := control.Last(block).(*ssa.Return); ok && !w.follow(ret.Results[index]) {
			return false
		}
	}
	return true
}

// isCancelOfReturn: context.WithCancel whose cancel function is deferred, so
// that it does nothing while the function runs.
func isCancelOfReturn(call *ssa.Call, obj *types.Func) bool {
	if !isFunc(obj, "context", "WithCancel") {
		return false
	}
	cancel := control.Result(call, 1)
	return cancel != nil && !slices.ContainsFunc(control.Uses(cancel), func(use ssa.Instruction) bool {
		deferred, ok := use.(*ssa.Defer)
		return !ok || deferred.Call.Value != cancel
	})
}

// endOf: v is ctx.Err() or context.Cause(ctx); returns the call.
func endOf(v ssa.Value) *ssa.Call {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	common := call.Common()
	if common.IsInvoke() && common.Method.Name() == "Err" && stub.IsContext(common.Value.Type()) || isFunc(calledFunc(call), "context", "Cause") {
		return call
	}
	return nil
}

// awaited: ch is ctx.Done(); returns the call.
func awaited(ch ssa.Value) *ssa.Call {
	call, ok := ch.(*ssa.Call)
	if !ok || !call.Call.IsInvoke() || call.Call.Method.Name() != "Done" || !stub.IsContext(call.Call.Value.Type()) {
		return nil
	}
	return call
}

// contextOf returns the context that a call tells the end of.
func contextOf(end *ssa.Call) ssa.Value {
	if end.Call.IsInvoke() {
		return end.Call.Value
	}
	return end.Call.Args[0]
}

// A branch is a way out of an If: what is tested, and how it comes out.
type branch struct {
	cond    ssa.Value
	outcome bool
}

// branchOf returns the branch by which control goes from one block to another.
func branchOf(from, to *ssa.BasicBlock) (branch, bool) {
	test, ok := control.Last(from).(*ssa.If)
	if !ok || from.Succs[0] == from.Succs[1] {
		return branch{}, false
	}
	b := branch{test.Cond, from.Succs[0] == to}
	for {
		not, ok := b.cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			return b, true
		}
		b = branch{not.X, !b.outcome}
	}
}
