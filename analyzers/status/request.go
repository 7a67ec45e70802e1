package status

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// An owner is the handler or the server interceptor whose RPC a context
// belongs to, so that it ends with that and for no other reason. Other: it may
// end otherwise, or is not known.
type owner struct {
	root  *ssa.Function
	other bool
}

// newOwnerTracer makes what follows contexts, and the streams of servers, to
// the RPC that they belong to.
func newOwnerTracer(pass *report.Pass, p *program.Program) *flow.Tracer[flow.Part[owner]] {
	type part = flow.Part[owner]
	d := flow.Parts(owner{}, owner{other: true}, func(a, b owner) owner {
		if a.root == nil {
			a.root = b.root
		}
		return owner{a.root, a.other || b.other}
	})
	d.Source = func(t flow.Trace[part], v ssa.Value) (part, bool) {
		switch v := v.(type) {
		case *ssa.Parameter:
			fn := v.Parent()
			obj, ok := fn.Object().(*types.Func)
			return part{Own: owner{root: fn}}, ok && stubs(pass).Handler(obj) != nil || isServerInterceptor(fn.Signature)
		case *ssa.TypeAssert:
			return t.Of(v.X), !v.CommaOk
		}
		return part{}, false
	}
	d.Call = func(t flow.Trace[part], call *ssa.Call, _ int) (part, bool) {
		if op, stream := streams.OpOf(&call.Call); op == streams.Context && streams.SideOf(stream.Type()) == streams.Server {
			return t.Of(stream), true
		}
		obj := program.CalledObject(&call.Call)
		if obj == nil || len(p.Callees(call)) > 0 || !ctxflow.EndsWithParent(obj) && !isCancelOfReturn(call, obj) {
			return part{}, false
		}
		i := slices.IndexFunc(call.Call.Args, func(arg ssa.Value) bool { return stub.IsContext(arg.Type()) })
		if i < 0 {
			return part{}, false
		}
		return t.Of(call.Call.Args[i]), true
	}
	return flow.New(p, d)
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
