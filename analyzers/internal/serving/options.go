package serving

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/calls"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// Options are the options that a server is made with, or that a function
// returns.
type Options struct {
	List []Option
	// Complete says that there are no others but for those of Params.
	Complete bool
	Params   []int // parameters of the function whose options are among them
}

// An Option is one call that makes an option.
type Option struct {
	Name string // function of package google.golang.org/grpc
	Sure bool   // it is there whatever way control took
	At   finding.Remote
	// Checks: an interceptor of it asks who calls. Unknown: one of them is
	// not known.
	Checks, Unknown bool
	// Limits are the constants that it bounds messages with. Unsure: one is
	// not constant, or is not known.
	Limits []Limit
	Unsure bool

	// Call makes the option; nil if that is in another package. Facts do not
	// carry it.
	call *ssa.Call
}

// Call returns the call that makes the option, nil if that is in another
// package.
func (o *Option) Call() *ssa.Call { return o.call }

// Known reports whether the list holds all options that there can be.
func (o *Options) Known() bool { return o.Complete && len(o.Params) == 0 }

// Has reports whether one of the options, sure or not, has one of the names.
func (o *Options) Has(names ...string) bool {
	return slices.ContainsFunc(o.List, func(opt Option) bool { return slices.Contains(names, opt.Name) })
}

func (o *Options) add(p Options) {
	o.List = append(o.List, p.List...)
	o.Complete = o.Complete && p.Complete
	o.Params = append(o.Params, p.Params...)
}

// isOption reports whether t is an option of servers or of connections, or a
// slice of them.
func isOption(t types.Type) (option, slice bool) {
	if s, ok := types.Unalias(t).Underlying().(*types.Slice); ok {
		option, _ = isOption(s.Elem())
		return false, option
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != stub.GRPCPath {
		return false, false
	}
	return named.Obj().Name() == "ServerOption" || named.Obj().Name() == "DialOption", false
}

func returnsOptions(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if option, slice := isOption(v.Type()); option || slice {
			return true
		}
	}
	return false
}

// trace follows options.
type trace struct {
	*engine
	seen []ssa.Value
}

// optionsOf follows the options that a call of NewServer or NewClient gets.
func (e *engine) optionsOf(v ssa.Value) Options { return (&trace{engine: e}).slice(v) }

func (t *trace) enter(v ssa.Value) bool {
	if slices.Contains(t.seen, v) {
		return false // built up in a loop
	}
	t.seen = append(t.seen, v)
	return true
}

func (t *trace) leave() { t.seen = t.seen[:len(t.seen)-1] }

func (t *trace) slice(v ssa.Value) Options {
	if !t.enter(v) {
		return Options{}
	}
	defer t.leave()
	switch v := v.(type) {
	case *ssa.Const:
		return Options{Complete: true}
	case *ssa.Slice:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok || v.Low != nil || v.High != nil {
			return Options{} // part of something else
		}
		return t.array(alloc)
	case *ssa.MakeSlice:
		if c, ok := v.Len.(*ssa.Const); ok && c.Int64() == 0 {
			return Options{Complete: true}
		}
	case *ssa.ChangeType:
		return t.slice(v.X)
	case *ssa.Phi:
		return t.either(v.Edges, t.slice)
	case *ssa.Parameter:
		return Options{Complete: true, Params: []int{slices.Index(v.Parent().Params, v)}}
	case *ssa.UnOp:
		return t.loaded(v, t.slice)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.result(call, v.Index)
		}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok {
			if b.Name() != "append" {
				return Options{}
			}
			options := t.slice(v.Call.Args[0])
			options.add(t.slice(v.Call.Args[1]))
			return options
		}
		return t.result(v, 0)
	}
	return Options{}
}

// either merges what several ways bring: only what is on all of them is sure.
func (t *trace) either(ways []ssa.Value, follow func(ssa.Value) Options) Options {
	merged := Options{Complete: true}
	all := make([]Options, len(ways))
	for i, v := range ways {
		all[i] = follow(v)
		merged.Complete = merged.Complete && all[i].Complete
		for _, p := range all[i].Params {
			if !slices.Contains(merged.Params, p) {
				merged.Params = append(merged.Params, p)
			}
		}
		for _, opt := range all[i].List {
			if j := slices.IndexFunc(merged.List, func(known Option) bool { return known.Name == opt.Name && known.At == opt.At }); j < 0 {
				merged.List = append(merged.List, opt)
			}
		}
	}
	for i := range merged.List {
		opt := &merged.List[i]
		for _, o := range all {
			opt.Sure = opt.Sure && slices.ContainsFunc(o.List, func(p Option) bool { return p.Sure && p.Name == opt.Name && p.At == opt.At })
		}
	}
	return merged
}

// array reads the elements of a slice literal or of variadic arguments.
func (t *trace) array(alloc *ssa.Alloc) Options {
	options := Options{Complete: true}
	for _, r := range *alloc.Referrers() {
		addr, ok := r.(*ssa.IndexAddr)
		if !ok {
			continue // the slicing itself
		}
		for _, rr := range *addr.Referrers() {
			store, ok := rr.(*ssa.Store)
			if !ok || store.Addr != addr {
				return Options{}
			}
			options.add(t.element(store.Val))
		}
	}
	return options
}

// loaded follows a variable. Fields and what function literals write are not
// followed.
func (t *trace) loaded(load *ssa.UnOp, follow func(ssa.Value) Options) Options {
	switch addr := load.X.(type) {
	case *ssa.Global:
		if stored, complete := t.Stored(addr); complete && len(stored) == 1 {
			return follow(stored[0])
		}
	case *ssa.Alloc:
		var values []ssa.Value
		for _, r := range *addr.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr != addr {
					return Options{}
				}
				values = append(values, r.Val)
			case *ssa.UnOp, *ssa.DebugRef:
			default:
				return Options{} // captured or handed on
			}
		}
		o := t.either(values, follow)
		for i := range o.List {
			o.List[i].Sure = o.List[i].Sure && len(values) == 1
		}
		return o
	}
	return Options{}
}

// element follows one option.
func (t *trace) element(v ssa.Value) Options {
	if !t.enter(v) {
		return Options{}
	}
	defer t.leave()
	switch v := v.(type) {
	case *ssa.MakeInterface:
		if named, ok := types.Unalias(v.X.Type()).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == stub.GRPCPath &&
			(named.Obj().Name() == "EmptyServerOption" || named.Obj().Name() == "EmptyDialOption") {
			return Options{Complete: true}
		}
	case *ssa.Phi:
		return t.either(v.Edges, t.element)
	case *ssa.UnOp:
		return t.loaded(v, t.element)
	case *ssa.Parameter:
		return Options{Complete: true, Params: []int{slices.Index(v.Parent().Params, v)}}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.result(call, v.Index)
		}
	case *ssa.Call:
		_, obj := t.Callee(&v.Call)
		if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath && obj.Signature().Recv() == nil {
			opt := Option{Name: obj.Name(), Sure: true, At: t.remote(v.Pos()), call: v}
			opt.Checks, opt.Unknown = t.interceptors(v)
			opt.Limits, opt.Unsure = t.limits(v, opt.Name)
			return Options{Complete: true, List: []Option{opt}}
		}
		return t.result(v, 0)
	}
	return Options{}
}

// result follows result i of a call of a helper.
func (t *trace) result(call *ssa.Call, i int) Options {
	fn, obj := t.Callee(&call.Call)
	var results []Options
	switch {
	case call.Call.IsInvoke():
	case fn != nil:
		results = t.results(fn)
	default:
		if fact := t.fact(obj); fact != nil {
			results = fact.Options
		}
	}
	if i >= len(results) {
		return Options{}
	}
	o := Options{List: slices.Clone(results[i].List), Complete: results[i].Complete}
	args := calls.Args(&call.Call)
	for _, p := range results[i].Params {
		if p < 0 || p >= len(args) {
			return Options{}
		}
		follow := t.slice
		if option, _ := isOption(args[p].Type()); option {
			follow = t.element
		}
		o.add(follow(args[p]))
	}
	return o
}

// results returns, by result, the options that fn returns.
func (e *engine) results(fn *ssa.Function) []Options {
	if known, ok := e.options[fn]; ok {
		return known
	}
	e.options[fn] = nil // recursion
	if !returnsOptions(fn.Signature) || len(fn.Blocks) == 0 {
		return nil
	}
	results := make([]Options, fn.Signature.Results().Len())
	for i := range results {
		option, slice := isOption(fn.Signature.Results().At(i).Type())
		if !option && !slice {
			continue
		}
		t := &trace{engine: e}
		follow := t.slice
		if option {
			follow = t.element
		}
		var returned []ssa.Value
		for _, block := range fn.Blocks {
			ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
			if !ok {
				continue
			}
			if c, ok := ret.Results[i].(*ssa.Const); ok && c.IsNil() && len(ret.Results) > 1 {
				continue // beside an error
			}
			returned = append(returned, ret.Results[i])
		}
		results[i] = t.either(returned, follow)
	}
	e.options[fn] = results
	return results
}
