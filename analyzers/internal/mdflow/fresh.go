package mdflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Replaces reports whether metadata that a function gives to
// NewOutgoingContext is known to hold nothing of what a context had before:
// it is put together from constants, strings and the like, or was there
// before the RPC. Metadata without any key is there to clear, on purpose.
func (e *engine) Replaces(fn *ssa.Function, md ssa.Value) bool {
	f := e.freshness()
	f.perRPC = clientInterceptor(fn)
	return f.fresh(md) && f.keys
}

// clientInterceptor returns the interceptor of a client that a function is,
// or stands in; else nil.
func clientInterceptor(fn *ssa.Function) *ssa.Function {
	for ; fn != nil; fn = fn.Parent() {
		if IsClientInterceptor(fn.Signature) {
			return fn
		}
	}
	return nil
}

func (e *engine) freshness() *freshness {
	return &freshness{engine: e, left: make(map[handled]bool)}
}

// freshness follows metadata back to where it is made.
type freshness struct {
	*engine
	// perRPC is a function that runs for each RPC, with a context that
	// nobody has seen before; nil if that is not known.
	perRPC *ssa.Function
	seen   []ssa.Value
	keys   bool // some key is put in
	// inField: what a field holds is looked at, and so may be stored in it.
	inField bool
	// left are values of which it was seen that nobody puts something in, or
	// is being seen: functions hand metadata to each other in circles.
	left map[handled]bool
}

// handled is a value, and whether a field may hold it.
type handled struct {
	v       ssa.Value
	inField bool
}

func (f *freshness) fresh(v ssa.Value) bool {
	if slices.Contains(f.seen, v) {
		return true // a loop: the other ways into it tell
	}
	if len(f.seen) > 60 {
		return false
	}
	f.seen = append(f.seen, v)
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.MakeMap:
		return IsMD(v.Type()) && f.untouched(v)
	case *ssa.Call:
		return f.made(v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return f.made(call, v.Index)
		}
	case *ssa.Phi:
		return f.all(v.Edges) && f.untouched(v)
	case *ssa.ChangeType:
		return IsMD(v.X.Type()) && f.fresh(v.X)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false
		}
		if f.older(v) {
			f.keys = true
			return f.leftAlone(f.perRPC, v.X)
		}
		if field, ok := v.X.(*ssa.FieldAddr); ok {
			return f.field(field)
		}
		if alloc := f.cell(v.X); alloc != nil {
			return f.all(f.storedIn(alloc)) && f.untouched(v)
		}
	case *ssa.Parameter:
		return f.parameter(v)
	}
	return false
}

// older: a value that was there before the RPC: in a variable around the
// interceptor, in one of the package, or in what the interceptor is a method
// of. The context of the RPC cannot be in it, unless the interceptor writes
// there.
func (f *freshness) older(load *ssa.UnOp) bool {
	if f.perRPC == nil || !IsMD(load.Type()) {
		return false
	}
	addr := load.X
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
			continue
		case *ssa.UnOp:
			if a.Op == token.MUL {
				addr = a.X
				continue
			}
		case *ssa.Global:
			return true
		case *ssa.Parameter:
			return a.Parent() == f.perRPC && f.perRPC.Signature.Recv() != nil && a == f.perRPC.Params[0]
		}
		alloc := f.cell(addr)
		return alloc != nil && !within(alloc.Parent(), f.perRPC)
	}
}

// leftAlone: a function, and the literals in it, neither give a variable or a
// field another value nor put something into what it holds.
func (f *freshness) leftAlone(fn *ssa.Function, addr ssa.Value) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if f.same(instr.Addr, addr) {
					return false
				}
			case *ssa.UnOp:
				if instr.Op == token.MUL && f.same(instr.X, addr) && !f.untouched(instr) {
					return false
				}
			}
		}
	}
	return !slices.ContainsFunc(fn.AnonFuncs, func(literal *ssa.Function) bool { return !f.leftAlone(literal, addr) })
}

// same: one variable, or the same field of whatever structs.
func (f *freshness) same(x, y ssa.Value) bool {
	if x == y || f.cell(x) != nil && f.cell(x) == f.cell(y) {
		return true
	}
	fx, ok := x.(*ssa.FieldAddr)
	fy, also := y.(*ssa.FieldAddr)
	return ok && also && fx.Field == fy.Field && types.Identical(fx.X.Type(), fy.X.Type())
}

func within(fn, around *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == around {
			return true
		}
	}
	return false
}

func (f *freshness) all(values []ssa.Value) bool {
	return !slices.ContainsFunc(values, func(v ssa.Value) bool { return !f.fresh(v) })
}

func (f *freshness) made(call *ssa.Call, i int) bool {
	local, obj := f.Callee(&call.Call)
	args := program.Args(&call.Call)
	switch Func(obj) {
	case "Pairs":
		if values, complete := elements(args[0]); len(values) > 0 || !complete {
			f.keys = true
		}
		return f.untouched(call)
	case "New":
		if m, ok := args[0].(*ssa.MakeMap); !ok || hasUpdates(m) {
			if c, ok := args[0].(*ssa.Const); !ok || !c.IsNil() {
				f.keys = true
			}
		}
		return f.untouched(call)
	case "Join":
		values, complete := elements(args[0])
		return complete && f.all(values) && f.untouched(call)
	case "MD.Copy":
		return f.fresh(args[0]) && f.untouched(call)
	case "":
	default:
		return false
	}
	if local != nil && local.Parent() == nil {
		return f.all(returned(local, i)) && f.untouched(call)
	}
	if fact := f.info.Fact(obj); fact != nil && !call.Call.IsInvoke() && slices.Contains(fact.Fresh, i) {
		f.keys = true
		return f.untouched(call)
	}
	return false
}

func hasUpdates(m *ssa.MakeMap) bool {
	return slices.ContainsFunc(*m.Referrers(), func(r ssa.Instruction) bool {
		_, ok := r.(*ssa.MapUpdate)
		return ok
	})
}

// untouched: nobody but functions of package metadata, and updates with keys
// that do not come from other metadata, puts something in.
func (f *freshness) untouched(v ssa.Value) bool {
	k := handled{v, f.inField}
	if f.left[k] {
		return true // else the search has ended
	}
	f.left[k] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			if r.Map != v || ranged(r.Key) {
				return false
			}
			f.keys = true
		case *ssa.Call:
			if !f.harmless(r, v) {
				return false
			}
		case *ssa.MakeInterface, *ssa.MakeClosure, *ssa.Go, *ssa.Defer:
			return false // to a tracer that adds to it, say
		case *ssa.Store:
			if _, field := r.Addr.(*ssa.FieldAddr); field && f.inField {
				continue // the field that is looked at
			}
			if alloc := f.cell(r.Addr); alloc == nil {
				if _, element := r.Addr.(*ssa.IndexAddr); !element {
					return false
				}
			}
		}
	}
	return true
}

// harmless: a call that does not put into metadata what is in a context.
func (f *freshness) harmless(call *ssa.Call, v ssa.Value) bool {
	if _, builtin := call.Call.Value.(*ssa.Builtin); builtin {
		return true
	}
	local, obj := f.Callee(&call.Call)
	switch name := Func(obj); name {
	case "":
	case "MD.Set", "MD.Append":
		f.keys = true
		return !ranged(call.Call.Args[1])
	default:
		return true
	}
	args := program.Args(&call.Call)
	if sink, i := sinkOf(&call.Call); sink != NotSent && i < len(args) && args[i] == v {
		return true
	}
	if local == nil || local.Parent() != nil {
		if fact := f.info.Fact(obj); fact != nil && !call.Call.IsInvoke() {
			for i, arg := range args {
				if arg == v && !slices.ContainsFunc(fact.Sent, func(s SentFact) bool { return s.Param == i }) {
					return false
				}
			}
			return true // sends it
		}
		return false
	}
	for i, arg := range args {
		if arg == v && i < len(local.Params) && !f.untouched(local.Params[i]) {
			return false
		}
	}
	return true
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

func (f *freshness) parameter(p *ssa.Parameter) bool {
	sites, complete := f.Callers(p.Parent())
	if !complete || len(sites) == 0 || !IsMD(p.Type()) {
		return false
	}
	for i, param := range p.Parent().Params {
		if param != p {
			continue
		}
		for _, site := range sites {
			if site.Common().IsInvoke() || i >= len(site.Common().Args) || !f.fresh(site.Common().Args[i]) {
				return false
			}
		}
	}
	return f.untouched(p)
}

// field: of a struct that no other package can fill, and that this one fills
// with fresh metadata only.
func (f *freshness) field(addr *ssa.FieldAddr) bool {
	owner := addr.X.Type()
	if p, ok := owner.Underlying().(*types.Pointer); ok {
		owner = p.Elem()
	}
	s, ok := owner.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	field := s.Field(addr.Field)
	named, ok := types.Unalias(owner).(*types.Named)
	if !ok || named.Obj().Exported() && field.Exported() || field.Pkg() != f.info.pass.Pkg {
		return false
	}
	if !f.untouchedField(addr) {
		return false
	}
	f.keys = true
	defer func(was bool) { f.inField = was }(f.inField)
	f.inField = true
	for _, fn := range f.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				other, ok := instr.(*ssa.FieldAddr)
				if !ok || other.Field != addr.Field || !sameStruct(other, owner) {
					continue
				}
				for _, r := range *other.Referrers() {
					switch r := r.(type) {
					case *ssa.Store:
						if r.Addr == other && !f.given(r.Val) {
							return false
						}
					case *ssa.UnOp:
					default:
						return false // its address goes elsewhere
					}
				}
			}
		}
	}
	return true
}

// given: fresh, or what somebody hands over to be sent. Who gets metadata for
// a struct of its own does not know the context that it will be sent with.
func (f *freshness) given(v ssa.Value) bool {
	v = f.held(v)
	if p, ok := v.(*ssa.Parameter); ok {
		sig := p.Parent().Signature
		for other := range sig.Params().Variables() {
			if stub.IsContext(other.Type()) {
				return f.fresh(v)
			}
		}
		return true
	}
	return f.fresh(v)
}

// untouchedField: the load of a field is only sent.
func (f *freshness) untouchedField(addr *ssa.FieldAddr) bool {
	for _, r := range *addr.Referrers() {
		if load, ok := r.(*ssa.UnOp); ok && !f.untouched(load) {
			return false
		}
	}
	return true
}

func sameStruct(addr *ssa.FieldAddr, owner types.Type) bool {
	t := addr.X.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return types.Identical(t, owner)
}
