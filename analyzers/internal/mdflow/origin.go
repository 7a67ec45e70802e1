package mdflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// engine follows values through a package.
type engine struct {
	*program.Program
	info    *Info
	kinds   *flow.Tracer[kind]
	roots   *flow.Tracer[[]Root]
	makings map[freshness]*flow.Tracer[flow.Part[making]]
	touches map[freshness]*budget.Memo[ssa.Value, making]
	indexed map[*ssa.Function][]IndexedParam
	counted map[*types.Var]bool // fields whose values somebody counts
	looked  map[subject]bool    // values that somebody counts

	sinks  *budget.Memo[ssa.Value, Sink]
	wholes *budget.Memo[ssa.Value, bool]
	pure   *budget.Memo[*ssa.Function, bool]
}

func newEngine(info *Info) *engine {
	p := info.lazy.Build()
	e := &engine{
		Program: p, info: info,
		makings: make(map[freshness]*flow.Tracer[flow.Part[making]]), touches: make(map[freshness]*budget.Memo[ssa.Value, making]),
		indexed: make(map[*ssa.Function][]IndexedParam),
		sinks:   budget.NewAny[ssa.Value](p.Meter, NotSent),
		wholes:  budget.NewAny[ssa.Value](p.Meter, false),
		pure:    budget.NewMemo[*ssa.Function](p.Meter, true, false),
	}
	e.kinds, e.roots = e.newKinds(), e.newRoots()
	return e
}

// A kind is what metadata is, but for what comes with parameters.
type kind = flow.Part[Kind]

func of(k Kind) kind { return kind{Own: k} }

func (e *engine) newKinds() *flow.Tracer[kind] {
	kinds := flow.Parts(nothing, Unknown, common)
	kinds.Source = e.begins
	kinds.Call = e.result
	kinds.Kept = func(load ssa.Value, o kind, stored program.Held) kind {
		if o.Own == Values && (slices.ContainsFunc(stored.Values, measured) || e.isCounted(load)) {
			return of(Unknown) // who keeps values may have looked how many there are
		}
		return o
	}
	kinds.Return = func(t flow.Trace[kind], ret program.Return) (kind, bool) {
		o := t.Of(ret.Value)
		if o.Own == Values && isChecked(ret) {
			return of(Unknown), true // who gets values without an error gets some
		}
		return o, true
	}
	kinds.Seen = func(v ssa.Value, o kind) kind {
		if isStrings(v.Type()) && o.Own != nothing {
			o.Own = o.Own.values()
		}
		return o
	}
	return flow.New(e.Program, kinds)
}

// values is what the values of a key are.
func (k Kind) values() Kind {
	if k == Incoming || k == Values {
		return Values
	}
	return Unknown
}

// Kind says what metadata v is, if it is the same on every way, whoever calls.
func (e *engine) Kind(v ssa.Value) Kind { return known(e.kinds.Closed(v)) }

// Results says what a function of this package returns.
func (e *engine) Results(fn *ssa.Function) []Kind {
	results := fn.Signature.Results()
	if !holds(results) {
		return nil
	}
	kinds := make([]Kind, results.Len())
	for i := range kinds {
		if t := results.At(i).Type(); IsMD(t) || isStrings(t) {
			kinds[i] = known(e.kinds.Result(fn, i))
		}
	}
	return kinds
}

func known(k kind) Kind {
	if k.Open() || k.Own == nothing {
		return Unknown
	}
	return k.Own
}

// common is the kind that both of two values have.
func common(a, b Kind) Kind {
	switch {
	case a == b || b == nothing:
		return a
	case a == nothing:
		return b
	case a.Lowered() && b.Lowered():
		return Lower
	}
	return Unknown
}

// begins knows what is looked up, put together by hand, and filled by gRPC.
func (e *engine) begins(t flow.Trace[kind], v ssa.Value) (kind, bool) {
	switch v := v.(type) {
	case *ssa.Extract:
		if lookup, ok := v.Tuple.(*ssa.Lookup); ok && v.Index == 0 && IsMD(lookup.X.Type()) {
			return t.Of(lookup.X), true
		}
	case *ssa.Lookup:
		if IsMD(v.X.Type()) {
			return t.Of(v.X), true
		}
	case *ssa.MakeMap:
		if IsMD(v.Type()) {
			return of(Built), true
		}
		return of(Unknown), true
	case *ssa.ChangeType:
		if IsMD(v.Type()) != IsMD(v.X.Type()) {
			return of(Unknown), true // metadata.MD(http.Header): keys as they are there
		}
	case *ssa.UnOp:
		alloc := e.Variable(v.X)
		if v.Op != token.MUL || alloc == nil || !IsMD(v.Type()) {
			break
		}
		if stored, filled := e.filled(alloc); filled {
			o := t.Union(stored)
			if len(stored) == 0 || !o.Open() && o.Own.Lowered() {
				return of(Reply), true
			}
			return of(Unknown), true
		}
	}
	return kind{}, false
}

// filled: grpc.Header or grpc.Trailer puts what a server answers into a
// variable, and nobody else gets its address. It returns what is stored, too.
func (e *engine) filled(alloc *ssa.Alloc) (stored []ssa.Value, filled bool) {
	for _, name := range e.Names(alloc) {
		for _, r := range *name.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr != name {
					return nil, false // its address is kept
				}
				stored = append(stored, r.Val)
			case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure:
			case *ssa.Call:
				obj := program.CalledObject(r.Common())
				if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath && (obj.Name() == "Header" || obj.Name() == "Trailer") {
					filled = true
				} else if len(e.Callees(r)) == 0 {
					return nil, false
				}
			default:
				return nil, false
			}
		}
	}
	return stored, filled
}

// result says what result i of a call is.
func (e *engine) result(t flow.Trace[kind], call *ssa.Call, i int) (kind, bool) {
	obj := program.CalledObject(&call.Call)
	switch Func(obj) {
	case "FromIncomingContext":
		return of(Incoming), true
	case "ValueFromIncomingContext":
		return of(Values), true
	case "FromOutgoingContext", "New", "Pairs":
		return of(Lower), true
	case "Join":
		if h := e.Elements(call.Call.Args[0]); h.Complete {
			return t.Union(h.Values), true
		}
		return of(Unknown), true
	case "MD.Copy":
		return t.Of(call.Call.Args[0]), true
	case "MD.Get":
		return t.Of(call.Call.Args[0]), true
	}
	if k := streamHeader(obj); k != Unknown && i == 0 {
		return of(k), true
	}
	if fact := e.told(call, obj); fact != nil {
		for _, r := range fact.Results {
			if r.Index == i {
				return of(r.Kind), true
			}
		}
	}
	if _, md := e.through(call, i); md != nil {
		return t.Of(md), true
	}
	return kind{}, false
}

// told is what another package tells about the function that is called.
func (e *engine) told(call *ssa.Call, obj *types.Func) *FuncFact {
	if call.Call.IsInvoke() || len(e.Callees(call)) > 0 {
		return nil
	}
	return e.info.Fact(obj)
}

// streamHeader: the methods Header and Trailer of client streams.
func streamHeader(obj *types.Func) Kind {
	if obj == nil || obj.Signature().Recv() == nil || obj.Signature().Params().Len() != 0 {
		return Unknown
	}
	results := obj.Signature().Results()
	if results.Len() == 0 || !IsMD(results.At(0).Type()) {
		return Unknown
	}
	if obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath {
		return Unknown // a wrapper may answer anything
	}
	if obj.Name() == "Header" || obj.Name() == "Trailer" {
		return Reply
	}
	return Unknown
}

// isChecked reports whether the function of a return statement looks at how
// many values there are before it returns them, there or elsewhere.
func isChecked(ret program.Return) bool {
	return slices.ContainsFunc(program.Returned(ret.Parent(), ret.Index), func(r program.Return) bool { return measured(r.Value) })
}

// isCounted: what is loaded is a field's, and somebody looks how many values
// are in it.
func (e *engine) isCounted(load ssa.Value) bool {
	if e.counted == nil {
		e.counted = make(map[*types.Var]bool)
		for instr := range e.Instructions {
			if v, ok := instr.(ssa.Value); ok && isStrings(v.Type()) && measured(v) {
				if field := fieldRead(v); field != nil {
					e.counted[field] = true
				}
			}
		}
	}
	field := fieldRead(load)
	return field != nil && e.counted[field]
}

func fieldRead(v ssa.Value) *types.Var {
	switch v := v.(type) {
	case *ssa.UnOp:
		if addr, ok := v.X.(*ssa.FieldAddr); ok {
			return program.FieldOf(addr.X.Type(), addr.Field)
		}
	case *ssa.Field:
		return program.FieldOf(v.X.Type(), v.Field)
	}
	return nil
}

// measured reports whether the length of values, or what they are, is looked
// at where they are.
func measured(v ssa.Value) bool { return isMeasured(v, make(map[ssa.Value]bool)) }

func isMeasured(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				return true
			}
		case *ssa.BinOp:
			return true
		case *ssa.Phi:
			if isMeasured(r, seen) {
				return true
			}
		}
	}
	return false
}

// ConstString returns the value of a constant string.
func ConstString(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}
