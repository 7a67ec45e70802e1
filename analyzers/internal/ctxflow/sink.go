package ctxflow

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/grpcoption"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A sink is a call in this package at which a context leaves our sight: an
// RPC, a function of another package that makes one, or a method of an
// interface whose implementation may.
type sink struct {
	call    ssa.CallInstruction
	ctx     ssa.Value
	rpc     RPC // FullMethod is "" for an interface's method
	chain   []string
	bounded bool
	ignored RuleSet
	direct  bool // the RPC has ended when the call returns

	iface  *types.TypeName // for an interface's method
	method string
	arg    int
}

// sinks lists the sinks of the package in source order.
func (f *follower) sinks() []*sink {
	var sinks []*sink
	for instr := range f.Instructions {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || f.inTest(call.Pos()) {
			continue
		}
		if fn, _ := call.Parent().Object().(*types.Func); fn != nil && f.stubs.RPC(fn) != nil {
			continue // inside a generated stub: its callers make the RPC
		}
		sinks = append(sinks, f.sinksAt(call)...)
	}
	return sinks
}

func (f *follower) sinksAt(call ssa.CallInstruction) []*sink {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return nil
	}
	at := f.remotePlace(call)
	if m := f.stubs.RPC(obj); m != nil {
		rpc := RPC{FullMethod: m.FullMethod, Stream: !m.Unary(), WaitForReady: grpcoption.ReadyOf(f.Program, call).Waits, At: at}
		return f.localSink(call, rpc)
	}
	if m := invokedMethod(call, obj); m != "" {
		return f.localSink(call, RPC{FullMethod: m, WaitForReady: grpcoption.ReadyOf(f.Program, call).Waits, At: at})
	}
	if summary := f.summaryOf(obj); summary != nil {
		var sinks []*sink
		for _, r := range summary.Reaches {
			if ctx := program.SignatureArg(call, r.Param); ctx != nil {
				sinks = append(sinks, &sink{call: call, ctx: ctx, rpc: r.RPC, chain: r.Chain, bounded: r.Bounded || covers(f.connDeadline, &r.RPC), ignored: r.Ignored, direct: r.Direct})
			}
		}
		return sinks
	}
	if call.Common().IsInvoke() {
		if m := f.stubBehind(call); m != nil {
			return f.localSink(call, RPC{FullMethod: m.FullMethod, Stream: !m.Unary(), WaitForReady: grpcoption.ReadyOf(f.Program, call).Waits, At: at})
		}
		return f.interfaceSink(call)
	}
	return nil
}

// stubBehind: the called interface is the program's own, a subset of a
// generated client's methods, and in this package only generated clients
// become one.
func (f *follower) stubBehind(call ssa.CallInstruction) *stub.Method {
	named, ok := types.Unalias(call.Common().Value.Type()).(*types.Named)
	if !ok {
		return nil
	}
	var found *stub.Method
	for _, c := range f.Converted()[named.Obj()] {
		t := c.From
		obj, _, _ := types.LookupFieldOrMethod(t, false, f.pass.Pkg, call.Common().Method.Name())
		fn, ok := obj.(*types.Func)
		if !ok || !types.IsInterface(t) || f.stubs.RPC(fn) == nil {
			return nil // somebody else's
		}
		found = f.stubs.RPC(fn)
	}
	return found
}

func (f *follower) localSink(call ssa.CallInstruction, rpc RPC) []*sink {
	ctx := program.SignatureArg(call, 0)
	if ctx == nil || !stub.IsContext(ctx.Type()) {
		return nil // a method expression
	}
	return []*sink{{call: call, ctx: ctx, rpc: rpc, bounded: covers(f.connDeadline, &rpc), direct: true}}
}

// invokedMethod: a direct conn.Invoke(ctx, "/package.Service/Method", ...).
func invokedMethod(call ssa.CallInstruction, obj *types.Func) string {
	if obj.Name() != "Invoke" || obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath || obj.Signature().Recv() == nil {
		return ""
	}
	c, ok := program.SignatureArg(call, 1).(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return ""
	}
	return constant.StringVal(c.Value)
}

// interfaceSink: a method of a named interface is called with a context.
func (f *follower) interfaceSink(call ssa.CallInstruction) []*sink {
	common := call.Common()
	named, ok := types.Unalias(common.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !named.Obj().Exported() || !common.Method.Exported() {
		return nil // nobody else can name or implement it
	}
	for i, arg := range common.Args {
		if stub.IsContext(arg.Type()) {
			return []*sink{{call: call, ctx: arg, iface: named.Obj(), method: common.Method.Name(), arg: i, direct: true}}
		}
	}
	return nil
}
