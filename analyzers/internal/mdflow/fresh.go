package mdflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Replaces reports whether metadata that a function gives to
// NewOutgoingContext is known to hold nothing of what a context had before:
// it is put together from constants, strings and the like, or was there
// before the RPC. Metadata without any key is there to clear, on purpose.
func (e *engine) Replaces(fn *ssa.Function, md ssa.Value) bool {
	m := e.made(freshness{perRPC: e.ClientInterceptor(fn)}).Closed(md)
	return !m.Open() && m.Own == making{keys: true}
}

// isFresh: the same of what a function returns, whoever calls it.
func (e *engine) isFresh(fn *ssa.Function, i int) bool {
	m := e.made(freshness{}).Result(fn, i)
	return !m.Open() && m.Own == making{keys: true}
}

// ClientInterceptor returns the interceptor of a client that a function is,
// stands in, or works for and for nobody else; nil for none.
func (e *engine) ClientInterceptor(fn *ssa.Function) *ssa.Function { return e.interceptor(fn, 0) }

func (e *engine) interceptor(fn *ssa.Function, depth int) *ssa.Function {
	for outer := fn; outer != nil; outer = outer.Parent() {
		if IsClientInterceptor(outer.Signature) {
			return outer
		}
	}
	sites, complete := e.Callers(fn)
	if !complete || depth > maxHelpers {
		return nil
	}
	var only *ssa.Function
	for _, site := range sites {
		found := e.interceptor(site.Parent(), depth+1)
		if found == nil || only != nil && only != found {
			return nil
		}
		only = found
	}
	return only
}

// freshness says how metadata is followed to where it is made.
type freshness struct {
	// perRPC is a function that runs for each RPC, with a context that
	// nobody has seen before; nil if that is not known.
	perRPC *ssa.Function
	// inField: what a field holds is looked at, and so may be stored in it.
	inField bool
}

// A making says how metadata is made.
type making struct {
	stale bool // of a context, perhaps, or of what is not known
	keys  bool // some key is put in
}

func (a making) or(b making) making { return making{a.stale || b.stale, a.keys || b.keys} }

// made makes what follows metadata back to where it is made.
func (e *engine) made(f freshness) *flow.Tracer[flow.Part[making]] {
	if known := e.makings[f]; known != nil {
		return known
	}
	followed := func(m making) flow.Part[making] { return flow.Part[making]{Own: m} }
	makings := flow.Parts(making{}, making{stale: true}, making.or)
	makings.Source = func(_ flow.Trace[flow.Part[making]], v ssa.Value) (flow.Part[making], bool) {
		switch v := v.(type) {
		case *ssa.MakeMap:
			return followed(making{stale: !IsMD(v.Type())}), true
		case *ssa.ChangeType:
			return followed(making{stale: true}), !IsMD(v.X.Type())
		case *ssa.UnOp:
			if v.Op != token.MUL {
				break
			}
			if e.older(f, v) {
				return followed(making{stale: !e.leftAlone(f, f.perRPC, v.X), keys: true}), true
			}
			switch addr := v.X.(type) {
			case *ssa.FieldAddr:
				return followed(making{stale: !e.givenField(f, addr), keys: true}), true
			case *ssa.Global, *ssa.IndexAddr:
				return followed(making{stale: true}), true
			}
		case *ssa.Lookup, *ssa.Field:
			return followed(making{stale: true}), true
		}
		return flow.Part[making]{}, false
	}
	makings.Call = func(t flow.Trace[flow.Part[making]], call *ssa.Call, i int) (flow.Part[making], bool) {
		args := program.Args(&call.Call)
		obj := program.CalledObject(&call.Call)
		switch Func(obj) {
		case "Pairs":
			h := e.Elements(args[0])
			return followed(making{keys: len(h.Values) > 0 || !h.Complete}), true
		case "New":
			m, isMap := args[0].(*ssa.MakeMap)
			c, isConst := args[0].(*ssa.Const)
			empty := isMap && !hasUpdates(m) || isConst && c.IsNil()
			return followed(making{keys: !empty}), true
		case "Join":
			h := e.Elements(args[0])
			joined := t.Union(h.Values)
			joined.Own.stale = joined.Own.stale || !h.Complete
			return joined, true
		case "MD.Copy":
			return t.Of(args[0]), true
		case "":
		default:
			return followed(making{stale: true}), true
		}
		if fact := e.told(call, obj); fact != nil && slices.Contains(fact.Fresh, i) {
			return followed(making{keys: true}), true
		}
		return flow.Part[making]{}, false
	}
	makings.Seen = func(v ssa.Value, m flow.Part[making]) flow.Part[making] {
		if IsMD(v.Type()) && v.Referrers() != nil {
			m.Own = m.Own.or(e.touched(f, v))
		}
		return m
	}
	e.makings[f] = flow.New(e.Program, makings)
	return e.makings[f]
}

// older: a value that was there before the RPC: in a variable around the
// interceptor, in one of the package, or in what the interceptor is a method
// of. The context of the RPC cannot be in it, unless the interceptor writes
// there.
func (e *engine) older(f freshness, load *ssa.UnOp) bool {
	if f.perRPC == nil || !IsMD(load.Type()) {
		return false
	}
	return e.isOlder(f, load.X, 0)
}

func (e *engine) isOlder(f freshness, addr ssa.Value, depth int) bool {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
			continue
		case *ssa.UnOp:
			if a.Op == token.MUL {
				// What a struct hands over may be older than the struct.
				if h := e.Held(a); depth < maxHelpers && h.Complete && len(h.Values) == 1 && e.isOlder(f, h.Values[0], depth+1) {
					return true
				}
				addr = a.X
				continue
			}
		case *ssa.Global:
			return true
		case *ssa.Parameter:
			if a.Parent() == f.perRPC {
				return f.perRPC.Signature.Recv() != nil && a == f.perRPC.Params[0]
			}
			if passed := e.Passed(a); depth < maxHelpers && passed.Complete && len(passed.Values) == 1 {
				return e.isOlder(f, passed.Values[0], depth+1)
			}
		}
		alloc := e.Variable(addr)
		switch {
		case alloc == nil:
			return false
		case alloc.Parent() != f.perRPC && program.IsWithin(f.perRPC, alloc.Parent()):
			return true
		}
		held := e.HeldIn(alloc) // perhaps what a literal shares
		return depth < maxHelpers && held.Complete && len(held.Values) == 1 && e.isOlder(f, held.Values[0], depth+1)
	}
}

// leftAlone: a function, and the literals in it, neither give a variable or a
// field another value nor put something into what it holds.
func (e *engine) leftAlone(f freshness, fn *ssa.Function, addr ssa.Value) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if e.same(instr.Addr, addr) {
					return false
				}
			case *ssa.UnOp:
				if instr.Op == token.MUL && e.same(instr.X, addr) && e.touched(f, instr).stale {
					return false
				}
			}
		}
	}
	return !slices.ContainsFunc(fn.AnonFuncs, func(literal *ssa.Function) bool { return !e.leftAlone(f, literal, addr) })
}

// same: one variable, or the same field of whatever structs.
func (e *engine) same(x, y ssa.Value) bool {
	if x == y || e.Variable(x) != nil && e.Variable(x) == e.Variable(y) {
		return true
	}
	fx, ok := x.(*ssa.FieldAddr)
	fy, also := y.(*ssa.FieldAddr)
	return ok && also && fx.Field == fy.Field && types.Identical(fx.X.Type(), fy.X.Type())
}

func hasUpdates(m *ssa.MakeMap) bool {
	return slices.ContainsFunc(*m.Referrers(), func(r ssa.Instruction) bool {
		_, ok := r.(*ssa.MapUpdate)
		return ok
	})
}

// touched: somebody but functions of package metadata, and updates with keys
// that do not come from other metadata, puts something in.
func (e *engine) touched(f freshness, v ssa.Value) making {
	touches := e.touches[f]
	if touches == nil {
		touches = budget.NewMemo[ssa.Value](e.Meter, making{}, making{stale: true})
		touches.Joins(func(first, m making) bool { return first == m })
		e.touches[f] = touches
	}
	return touches.Of(v, func() making {
		var all making
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.MapUpdate:
				all = all.or(making{stale: r.Map != v || ranged(r.Key), keys: true})
			case *ssa.Call:
				all = all.or(e.touchedBy(f, r, v))
			case *ssa.MakeInterface, *ssa.MakeClosure, *ssa.Go, *ssa.Defer:
				all.stale = true // to a tracer that adds to it, say
			case *ssa.Store:
				all = all.or(e.touchedWhereKept(f, r))
			}
		}
		return all
	})
}

// touchedWhereKept: metadata is kept where others may put something in, or do.
func (e *engine) touchedWhereKept(f freshness, store *ssa.Store) making {
	switch store.Addr.(type) {
	case *ssa.FieldAddr:
		return making{stale: !f.inField} // else it may be the field that is looked at
	case *ssa.IndexAddr:
		return making{}
	}
	alloc := e.Variable(store.Addr)
	if alloc == nil {
		return making{stale: true}
	}
	var all making
	for _, name := range e.Names(alloc) {
		for _, r := range *name.Referrers() {
			if load, ok := r.(*ssa.UnOp); ok {
				all = all.or(e.touched(f, load))
			}
		}
	}
	return all
}

// touchedBy: a call may put into metadata what is in a context.
func (e *engine) touchedBy(f freshness, call *ssa.Call, v ssa.Value) making {
	if _, builtin := call.Call.Value.(*ssa.Builtin); builtin {
		return making{}
	}
	obj := program.CalledObject(&call.Call)
	args := program.Args(&call.Call)
	switch Func(obj) {
	case "":
	case "MD.Set", "MD.Append":
		return making{stale: ranged(args[1]), keys: true}
	default:
		return making{}
	}
	if sink, i := sinkOf(&call.Call); sink != NotSent && i < len(args) && args[i] == v {
		return making{}
	}
	locals := e.Callees(call)
	fact := e.told(call, obj)
	if len(locals) == 0 && fact == nil {
		return making{stale: true}
	}
	var all making
	for i, arg := range args {
		if arg != v {
			continue
		}
		if fact != nil && !slices.ContainsFunc(fact.Sent, func(s SentFact) bool { return s.Param == i }) {
			all.stale = true // it does not only send it
		}
		for _, local := range locals {
			if i < len(local.Params) {
				all = all.or(e.touched(f, local.Params[i]))
			}
		}
	}
	return all
}

// ranged: the key of a loop over metadata.
func ranged(key ssa.Value) bool {
	e, ok := key.(*ssa.Extract)
	if !ok {
		return false
	}
	next, ok := e.Tuple.(*ssa.Next)
	if !ok {
		return false
	}
	loop, ok := next.Iter.(*ssa.Range)
	return ok && IsMD(loop.X.Type())
}

// givenField: a field of a struct that no other package can fill, and that
// this one fills with fresh metadata only.
func (e *engine) givenField(f freshness, addr *ssa.FieldAddr) bool {
	owner := addr.X.Type()
	if p, ok := owner.Underlying().(*types.Pointer); ok {
		owner = p.Elem()
	}
	field := program.FieldOf(owner, addr.Field)
	named, ok := types.Unalias(owner).(*types.Named)
	if !ok || named.Obj().Exported() && field.Exported() || field.Pkg() != e.info.pass.Pkg {
		return false
	}
	h := e.StoredInField(field)
	return h.Complete && !slices.ContainsFunc(h.Values, func(v ssa.Value) bool { return !e.given(f, v) })
}

// given: fresh, or what somebody hands over to be sent. Who gets metadata for
// a struct of its own does not know the context that it will be sent with.
func (e *engine) given(f freshness, v ssa.Value) bool {
	f.inField = true
	fresh := func(v ssa.Value) bool {
		m := e.made(f).Closed(v)
		return !m.Open() && !m.Own.stale
	}
	if fresh(v) {
		return true
	}
	for _, source := range e.unread(v) {
		if p, ok := source.(*ssa.Parameter); ok && !passesOn(p.Parent()) && !passesOn(v.Parent()) {
			continue
		}
		if !fresh(source) {
			return false
		}
	}
	return true
}

// unread sees through local variables to what they hold.
func (e *engine) unread(v ssa.Value) []ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL && e.Variable(load.X) != nil {
		if h := e.Held(load); h.Complete && len(h.Values) == 1 {
			return h.Values
		}
	}
	return []ssa.Value{v}
}

// passesOn: a function, or the one around it, gets contexts, or makes metadata
// of metadata: a struct is only a way to hand that to another one.
func passesOn(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for p := range fn.Signature.Params().Variables() {
			if stub.IsContext(p.Type()) {
				return true
			}
		}
		for r := range fn.Signature.Results().Variables() {
			if IsMD(r.Type()) {
				return true
			}
		}
	}
	return false
}
