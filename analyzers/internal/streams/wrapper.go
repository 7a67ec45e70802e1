package streams

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/grpcoption"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A wrapper is a function that does nothing but to call a method of a stream,
// or a stub, and to return all that this returns:
//
//	func (c *client) next() (*pb.Event, error) { return c.stream.Recv() }
//
// Who calls it does the same, as far as one can tell. So does who hands such a
// function to a helper that returns what it returns: run(stream.Recv).
type wrapper struct {
	inner  *ssa.Call
	remote *RemoteCall // if inner is a call of another package's wrapper
	via    []target    // outermost first
}

// A RemoteCall is what a wrapper does for the packages that import it. Of
// parameters the receiver counts as 0.
type RemoteCall struct {
	Op      Op
	Side    Side
	Method  string
	Param   int      // that is the stream
	Fields  []string // or that has it
	Message int      // that is sent; -1 for none
	// Of an Open:
	RPC     stub.Method
	Context int // the parameter that is the context; -1 for another one
	Life    Life
	MayWait bool
}

const maxWrappers = 3

// innermost returns what a call runs in the end that only hands on to another,
// the call itself for others.
func (info *Info) innermost(call *ssa.Call) wrapper {
	w := wrapper{inner: call}
	for range maxWrappers {
		t, ok := info.onlyTarget(w.inner)
		if !ok {
			break
		}
		inner := info.onlyCall(t.fn)
		if inner == nil {
			break
		}
		w.inner, w.via = inner, append(w.via, t)
	}
	return w
}

// wrapperOf returns what a call of a wrapper calls in the end, or nil.
func (info *Info) wrapperOf(call *ssa.Call) *wrapper {
	var w wrapper
	for range maxWrappers {
		if f := info.factOf(called(&call.Call)); f != nil && f.Call != nil && !call.Call.IsInvoke() {
			w.inner, w.remote = call, f.Call
			return &w
		}
		t, ok := info.onlyTarget(call)
		if !ok {
			return nil
		}
		inner := info.onlyCall(t.fn)
		if inner == nil {
			return nil
		}
		w.inner, w.via = inner, append(w.via, t)
		if op, _ := info.opOf(&inner.Call); op != NoOp || info.IsOpen(inner) {
			return &w
		}
		call = inner
	}
	return nil
}

// ByLiteral reports whether a call runs a function literal, or hands one over,
// that does nothing but to call another function.
func (info *Info) ByLiteral(call *ssa.Call) bool {
	via := info.innermost(call).via
	return len(via) > 0 && via[len(via)-1].fn.Parent() != nil
}

// onlyTarget returns what a call runs: its callee, or the function that it
// hands to one which does nothing but to call it.
func (info *Info) onlyTarget(call *ssa.Call) (target, bool) {
	helper := info.view().Helper(call)
	if helper == nil {
		targets := info.targets(call)
		if len(targets) != 1 {
			return target{}, false
		}
		return info.handedOn(targets[0]), true
	}
	callees := info.view().Callees(call)
	if len(helper.Params) != 1 || len(callees) > 0 && slices.ContainsFunc(callees[0].Blocks[1:], func(b *ssa.BasicBlock) bool { return b != callees[0].Recover }) {
		return target{}, false // it does something else in the one case or the other
	}
	if len(helper.Results) == 0 || len(helper.Results) != call.Call.Signature().Results().Len() {
		return target{}, false
	}
	of := helper.Results[0].Func
	for _, r := range helper.Results {
		if r.Func != of || r.Index != r.Of || !r.Only {
			return target{}, false
		}
	}
	param := helper.Param(of)
	if param == nil || !param.Only || len(param.Runs) != 1 || param.Runs[0].Loop || param.Runs[0].Go {
		return target{}, false
	}
	arg := program.SignatureArg(call, of)
	if bound := program.BoundTo(arg); bound != nil && types.IsInterface(bound.Type()) {
		return target{fn: program.FunctionOf(arg), bound: bound}, true // run(stream.Recv)
	}
	handed := info.functions(arg)
	if len(handed) != 1 {
		return target{}, false
	}
	t := handed[0]
	for _, value := range param.Runs[0].Args {
		var arg ssa.Value
		if value.Param > 0 && len(value.Through) == 0 {
			arg = program.SignatureArg(call, value.Param-1)
		}
		t.args = append(slices.Clone(t.args), arg)
	}
	return t, true
}

// handedOn returns the function that another one gets, if that does nothing but
// to call it; else that itself.
func (info *Info) handedOn(t target) target {
	inner := info.onlyCall(t.fn)
	if inner == nil {
		return t
	}
	param, ok := inner.Call.Value.(*ssa.Parameter)
	if !ok || param.Parent() != t.fn {
		return t
	}
	i := slices.Index(t.fn.Params, param)
	if i >= len(t.args) || t.args[i] == nil {
		return t
	}
	if handed := info.functions(t.args[i]); len(handed) == 1 {
		return handed[0]
	}
	return t
}

// onlyCall returns the call whose results are those of a function, if it does
// nothing else that matters.
func (info *Info) onlyCall(fn *ssa.Function) *ssa.Call {
	if len(fn.Blocks) != 1 {
		return nil
	}
	block := fn.Blocks[0]
	ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
	if !ok || len(ret.Results) == 0 {
		return nil
	}
	inner := madeBy(ret.Results[0])
	if inner == nil || inner.Call.Signature().Results().Len() != len(ret.Results) {
		return nil
	}
	for i, result := range ret.Results {
		if x, isExtract := result.(*ssa.Extract); isExtract && (x.Tuple != inner || x.Index != i) || !isExtract && result != ssa.Value(inner) {
			return nil
		}
	}
	for _, instr := range block.Instrs {
		switch instr.(type) {
		case *ssa.Defer, *ssa.Go, *ssa.Send, *ssa.MapUpdate:
			return nil // locks, or tells somebody
		}
		if call, ok := instr.(*ssa.Call); ok && call != inner {
			if obj := called(&call.Call); obj == nil || obj.Signature().Recv() != nil && !info.reads(call) {
				return nil // a lock, perhaps
			}
		}
	}
	return inner
}

// reads: a call runs a function that returns what a field holds, or the like.
func (info *Info) reads(call *ssa.Call) bool {
	callees := info.view().Callees(call)
	return len(callees) == 1 && len(callees[0].Blocks) == 1 && !slices.ContainsFunc(callees[0].Blocks[0].Instrs, func(instr ssa.Instruction) bool {
		switch instr := instr.(type) {
		case *ssa.FieldAddr, *ssa.Field, *ssa.Return:
			return false
		case *ssa.UnOp:
			return instr.Op == token.ARROW
		}
		return true
	})
}

// outer translates what the inner call of a wrapper sees to the caller.
func (info *Info) outer(w *wrapper, p place.Place, caller *ssa.Function) place.Place {
	for i := len(w.via) - 1; i >= 0; i-- {
		within := caller
		if i > 0 {
			within = w.via[i-1].fn
		}
		if p = info.outside(p, &w.via[i], within); p.IsZero() {
			break
		}
	}
	return p
}

// context returns where the context comes from with which a stream is opened;
// nothing if that is not known.
func (info *Info) context(open *Call) place.Place {
	var p place.Place
	inner := open.Inner.Common()
	if w := open.wrapped; w != nil && w.remote != nil {
		if i := w.remote.Context; i >= 0 && i < len(inner.Args) {
			p = info.Place(inner.Args[i])
		}
	} else if i := slices.IndexFunc(inner.Args, func(arg ssa.Value) bool { return stub.IsContext(arg.Type()) }); i >= 0 {
		p = info.Place(inner.Args[i])
	}
	return info.asCaller(open, p)
}

// asCaller translates what is seen where the stub itself is called, which may
// be in a wrapper.
func (info *Info) asCaller(c *Call, p place.Place) place.Place {
	if c.wrapped == nil || p.IsZero() {
		return p
	}
	if outer := info.outer(c.wrapped, p, c.Func()); !outer.IsZero() {
		return outer
	}
	return p
}

// Message returns where the message comes from that a call sends, or nothing.
func (info *Info) Message(c *Call) place.Place {
	args := c.Inner.Common().Args
	i := 0
	if w := c.wrapped; w != nil && w.remote != nil {
		i = w.remote.Message
	} else if !c.Inner.Common().IsInvoke() {
		return place.Place{}
	}
	if i < 0 || i >= len(args) {
		return place.Place{}
	}
	return info.asCaller(c, info.Place(args[i]))
}

// MayWait: a stub is called with the option grpc.WaitForReady, or with options
// that are not known.
func (info *Info) MayWait(open *Call) bool {
	if w := open.wrapped; w != nil && w.remote != nil {
		return w.remote.MayWait
	}
	ready := grpcoption.ReadyOf(info.SSA, open.Inner)
	return ready.Said || !ready.Known
}

// remoteCall returns what a function does for importers, if it is a wrapper.
func (info *Info) remoteCall(fn *ssa.Function) *RemoteCall {
	inner := info.onlyCall(fn)
	if inner == nil {
		return nil
	}
	i := slices.IndexFunc(info.byFunc[fn], func(c *Call) bool { return c.Instr == ssa.CallInstruction(inner) })
	if i < 0 {
		return nil
	}
	c := info.byFunc[fn][i]
	r := &RemoteCall{Op: c.Op, Side: c.Side, Method: c.Method, Message: -1, Context: -1}
	if c.Op == Open {
		r.RPC, r.MayWait = *c.RPC, info.MayWait(c)
		if life := info.LifeOf(c); life.Kind == Endless {
			r.Life = life // whoever calls
		}
		if ctx := info.context(c); len(ctx.Fields()) == 0 {
			r.Context = slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return ctx.Root == ssa.Value(p) })
		}
		return r
	}
	param, ok := c.Place.Root.(*ssa.Parameter)
	if !ok || param.Parent() != fn {
		return nil
	}
	if held, _ := Held(c.Place); held {
		return nil
	}
	r.Param = slices.Index(fn.Params, param)
	if message := info.Message(c); len(message.Fields()) == 0 {
		r.Message = slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return message.Root == ssa.Value(p) })
	}
	for _, field := range c.Place.Fields() {
		r.Fields = append(r.Fields, field.Name())
	}
	return r
}
