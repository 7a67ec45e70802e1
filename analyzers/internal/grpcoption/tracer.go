package grpcoption

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// Types are names of types of grpc-go that are options: "DialOption".
type Types []string

// Among reports whether t is one of the options, or a slice of them.
func (ts Types) Among(t types.Type) bool {
	option, slice := ts.is(t)
	return option || slice
}

// Return reports whether a function returns some of the options.
func (ts Types) Return(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if ts.Among(v.Type()) {
			return true
		}
	}
	return false
}

func (ts Types) is(t types.Type) (option, slice bool) {
	if s, ok := types.Unalias(t).Underlying().(*types.Slice); ok {
		option, _ = ts.is(s.Elem())
		return false, option
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && isGRPC(named.Obj()) && slices.Contains(ts, named.Obj().Name()), false
}

// none reports whether t is an option that does nothing, "EmptyDialOption".
func (ts Types) none(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && isGRPC(named.Obj()) && slices.ContainsFunc(ts, func(name string) bool { return "Empty"+name == named.Obj().Name() })
}

func isGRPC(obj types.Object) bool { return obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath }

// A Tracer follows the options of one package.
type Tracer[D any] struct {
	Types Types
	Index *program.Program // of the package
	// Fact returns what another package tells about the results of a
	// function.
	Fact func(*types.Func) []Options[D]
	// Remote describes a place of the package for others.
	Remote func(token.Pos) finding.Remote
	// Detail describes a call that makes an option, of that name.
	Detail func(call *ssa.Call, name string) D

	results map[*ssa.Function][]Options[D]
}

// Of follows an option or a slice of options.
func (t *Tracer[D]) Of(v ssa.Value) Options[D] {
	return (&trace[D]{Tracer: t, known: make(map[ssa.Value]Options[D])}).of(v)
}

// Results returns, by result, the options that a function of the package
// returns, without repetition; nil if it returns none.
func (t *Tracer[D]) Results(fn *ssa.Function) []Options[D] {
	if known, ok := t.results[fn]; ok {
		return known
	}
	if t.results == nil {
		t.results = make(map[*ssa.Function][]Options[D])
	}
	t.results[fn] = nil // recursion
	if !t.Types.Return(fn.Signature) || len(fn.Blocks) == 0 {
		return nil
	}
	results := make([]Options[D], fn.Signature.Results().Len())
	for i := range results {
		if !t.Types.Among(fn.Signature.Results().At(i).Type()) {
			continue
		}
		var ways []Options[D]
		for _, block := range fn.Blocks {
			ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
			if !ok {
				continue
			}
			if c, ok := ret.Results[i].(*ssa.Const); ok && c.IsNil() && len(ret.Results) > 1 {
				continue // beside an error
			}
			ways = append(ways, t.Of(ret.Results[i]))
		}
		results[i] = either(ways...)
	}
	t.results[fn] = results
	return results
}

// trace follows one value.
type trace[D any] struct {
	*Tracer[D]
	way     []ssa.Value // from the value to where the trace is
	circles int         // times that the trace came back to its way
	steps   int         // values followed
	known   map[ssa.Value]Options[D]
}

func (t *trace[D]) of(v ssa.Value) Options[D] {
	if option, _ := t.Types.is(v.Type()); option {
		return t.element(v)
	}
	return t.slice(v)
}

// patience bounds the steps of one trace: branches in a loop that builds up
// options are followed once for each way through them.
const patience = 5000

// once follows a value if it has not been followed yet: each branch on the
// way doubles the ways to what is before it.
func (t *trace[D]) once(v ssa.Value, follow func(ssa.Value) Options[D]) Options[D] {
	if known, ok := t.known[v]; ok {
		return known
	}
	if slices.Contains(t.way, v) {
		t.circles++
		return Options[D]{} // built up in a loop
	}
	if t.steps++; t.steps > patience {
		return Options[D]{}
	}
	circles := t.circles
	t.way = append(t.way, v)
	options := follow(v)
	t.way = t.way[:len(t.way)-1]
	if t.circles == circles {
		t.known[v] = options // whatever the way here
	}
	return options
}

// slice follows a slice of options.
func (t *trace[D]) slice(v ssa.Value) Options[D] { return t.once(v, t.sliceOf) }

func (t *trace[D]) sliceOf(v ssa.Value) Options[D] {
	switch v := v.(type) {
	case *ssa.Const:
		return Options[D]{Complete: true}
	case *ssa.Slice:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok || v.Low != nil || v.High != nil {
			return Options[D]{} // part of something else
		}
		return t.array(alloc)
	case *ssa.MakeSlice:
		// make([]grpc.DialOption, 0, n)
		if c, ok := v.Len.(*ssa.Const); ok && c.Int64() == 0 {
			return Options[D]{Complete: true}
		}
	case *ssa.ChangeType:
		return t.slice(v.X)
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			if b.Name() != "append" {
				return Options[D]{}
			}
			options := t.slice(v.Call.Args[0])
			options.and(t.slice(v.Call.Args[1]))
			return options
		}
		return t.result(v, 0)
	}
	return t.carried(v, t.slice)
}

// element follows one option.
func (t *trace[D]) element(v ssa.Value) Options[D] { return t.once(v, t.elementOf) }

func (t *trace[D]) elementOf(v ssa.Value) Options[D] {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		if t.Types.none(v.X.Type()) {
			return Options[D]{Complete: true}
		}
	case *ssa.Call:
		_, obj := t.Index.Callee(&v.Call)
		if obj != nil && isGRPC(obj) && obj.Signature().Recv() == nil {
			return Options[D]{Complete: true, List: []Option[D]{{
				Name: obj.Name(), Sure: true, Place: t.Remote(v.Pos()), Detail: t.Detail(v, obj.Name()), call: v,
			}}}
		}
		return t.result(v, 0)
	}
	return t.carried(v, t.element)
}

// carried follows what leads to slices and to single options alike.
func (t *trace[D]) carried(v ssa.Value, follow func(ssa.Value) Options[D]) Options[D] {
	switch v := v.(type) {
	case *ssa.Parameter:
		return Options[D]{Complete: true, Params: []int{slices.Index(v.Parent().Params, v)}}
	case *ssa.Phi:
		return t.either(v.Edges, follow)
	case *ssa.UnOp:
		return t.loaded(v, follow)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.result(call, v.Index)
		}
	}
	return Options[D]{}
}

func (t *trace[D]) either(values []ssa.Value, follow func(ssa.Value) Options[D]) Options[D] {
	ways := make([]Options[D], len(values))
	for i, v := range values {
		ways[i] = follow(v)
	}
	return either(ways...)
}

// array reads the elements of a slice literal or of variadic arguments.
func (t *trace[D]) array(alloc *ssa.Alloc) Options[D] {
	options := Options[D]{Complete: true}
	for _, r := range *alloc.Referrers() {
		addr, ok := r.(*ssa.IndexAddr)
		if !ok {
			continue // the slicing itself
		}
		for _, rr := range *addr.Referrers() {
			store, ok := rr.(*ssa.Store)
			if !ok || store.Addr != addr {
				return Options[D]{}
			}
			options.and(t.element(store.Val))
		}
	}
	return options
}

// loaded follows a variable. Fields and what function literals write are
// not followed.
func (t *trace[D]) loaded(load *ssa.UnOp, follow func(ssa.Value) Options[D]) Options[D] {
	switch addr := load.X.(type) {
	case *ssa.Global:
		if stored, complete := t.Index.Stored(addr); complete && len(stored) == 1 {
			return follow(stored[0])
		}
	case *ssa.Alloc:
		var values []ssa.Value
		for _, r := range *addr.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr != addr {
					return Options[D]{}
				}
				values = append(values, r.Val)
			case *ssa.UnOp, *ssa.DebugRef:
			default:
				return Options[D]{} // captured or handed on
			}
		}
		options := t.either(values, follow)
		for i := range options.List {
			options.List[i].Sure = options.List[i].Sure && len(values) == 1
		}
		return options
	}
	return Options[D]{}
}

// result follows result i of a call of a helper.
func (t *trace[D]) result(call *ssa.Call, i int) Options[D] {
	fn, obj := t.Index.Callee(&call.Call)
	var results []Options[D]
	switch {
	case fn != nil:
		results = t.Results(fn)
	case obj != nil:
		results = t.Fact(obj)
	}
	if i >= len(results) {
		return Options[D]{}
	}
	options := Options[D]{List: slices.Clone(results[i].List), Complete: results[i].Complete}
	args := program.Args(&call.Call)
	for _, p := range results[i].Params {
		if p >= len(args) {
			return Options[D]{}
		}
		// What the helper adds to is what we pass: func(opts ...) []DialOption.
		options.and(t.of(args[p]))
	}
	return options
}
