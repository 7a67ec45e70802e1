package dial

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// Options are the dial options that a value, or a result of a function,
// stands for.
type Options struct {
	List []Option
	// Complete says that there are no others but for those of Params.
	Complete bool
	// Params are parameters of the function whose options are among them.
	// Of a whole function's options, as opposed to a helper's result,
	// nothing is known about these.
	Params []int
}

// An Option is one call that makes a dial option.
type Option struct {
	Name string // function of package google.golang.org/grpc
	// Sure says that the option is there whatever way control took.
	Sure bool
	// Place is where it is made.
	Place finding.Remote

	call *ssa.Call // unexported: facts do not carry it
}

// Call returns the call that makes the option, nil if that is in another
// package.
func (o *Option) Call() *ssa.Call { return o.call }

// Known reports whether the list holds all options that there can be.
func (o *Options) Known() bool { return o.Complete && len(o.Params) == 0 }

// Has reports whether one of the options, sure or not, has the name.
func (o *Options) Has(names ...string) bool {
	return slices.ContainsFunc(o.List, func(opt Option) bool { return slices.Contains(names, opt.Name) })
}

func (o *Options) add(p Options) {
	for _, opt := range p.List {
		i := slices.IndexFunc(o.List, func(known Option) bool { return known.Name == opt.Name && known.Place == opt.Place })
		if i < 0 {
			o.List = append(o.List, opt)
		} else {
			o.List[i].Sure = o.List[i].Sure || opt.Sure
		}
	}
	o.Complete = o.Complete && p.Complete
	for _, i := range p.Params {
		if !slices.Contains(o.Params, i) {
			o.Params = append(o.Params, i)
		}
	}
}

// either merges what two ways bring: only what is sure on both stays sure.
func either(a, b Options) Options {
	sure := func(o Options, opt Option) bool {
		return slices.ContainsFunc(o.List, func(p Option) bool { return p.Sure && p.Name == opt.Name && p.Place == opt.Place })
	}
	merged := Options{Complete: true}
	merged.add(a)
	merged.add(b)
	for i := range merged.List {
		merged.List[i].Sure = sure(a, merged.List[i]) && sure(b, merged.List[i])
	}
	return merged
}

var unknownOptions = Options{}

// tracedOptions follows the options argument of a dial in fn.
func (e *engine) tracedOptions(fn *ssa.Function, v ssa.Value) Options {
	t := &optionTrace{engine: e, fn: fn}
	return t.slice(v)
}

type optionTrace struct {
	engine *engine
	fn     *ssa.Function
	seen   []ssa.Value
}

// slice follows a []grpc.DialOption.
func (t *optionTrace) slice(v ssa.Value) Options {
	if slices.Contains(t.seen, v) {
		return unknownOptions // built up in a loop
	}
	t.seen = append(t.seen, v)
	defer func() { t.seen = t.seen[:len(t.seen)-1] }()
	switch v := v.(type) {
	case *ssa.Const:
		return Options{Complete: true}
	case *ssa.Slice:
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok || v.Low != nil || v.High != nil {
			return unknownOptions // part of something else
		}
		return t.array(alloc)
	case *ssa.MakeSlice:
		// make([]grpc.DialOption, 0, n)
		if c, ok := v.Len.(*ssa.Const); ok && c.Int64() == 0 {
			return Options{Complete: true}
		}
	case *ssa.ChangeType:
		return t.slice(v.X)
	case *ssa.Phi:
		return t.merge(v.Edges, t.slice)
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
				return unknownOptions
			}
			options := t.slice(v.Call.Args[0])
			options.add(t.slice(v.Call.Args[1]))
			return options
		}
		return t.result(v, 0)
	}
	return unknownOptions
}

func (t *optionTrace) merge(edges []ssa.Value, follow func(ssa.Value) Options) Options {
	var merged Options
	for i, edge := range edges {
		o := follow(edge)
		if i == 0 {
			merged = o
		} else {
			merged = either(merged, o)
		}
	}
	return merged
}

// array reads the elements of a slice literal or of variadic arguments.
func (t *optionTrace) array(alloc *ssa.Alloc) Options {
	options := Options{Complete: true}
	for _, r := range *alloc.Referrers() {
		addr, ok := r.(*ssa.IndexAddr)
		if !ok {
			continue // the slicing itself
		}
		for _, rr := range *addr.Referrers() {
			store, ok := rr.(*ssa.Store)
			if !ok || store.Addr != addr {
				return unknownOptions
			}
			options.add(t.element(store.Val))
		}
	}
	return options
}

// loaded follows a variable. Fields and what function literals write are
// not followed.
func (t *optionTrace) loaded(load *ssa.UnOp, follow func(ssa.Value) Options) Options {
	switch addr := load.X.(type) {
	case *ssa.Global:
		if stores := t.engine.stores[addr]; len(stores) == 1 && !addr.Object().Exported() {
			return follow(stores[0])
		}
	case *ssa.Alloc:
		var values []ssa.Value
		for _, r := range *addr.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr != addr {
					return unknownOptions
				}
				values = append(values, r.Val)
			case *ssa.UnOp, *ssa.DebugRef:
			default:
				return unknownOptions // captured or handed on
			}
		}
		o := t.merge(values, follow)
		for i := range o.List {
			o.List[i].Sure = o.List[i].Sure && len(values) == 1
		}
		return o
	}
	return unknownOptions
}

// element follows one grpc.DialOption.
func (t *optionTrace) element(v ssa.Value) Options {
	if slices.Contains(t.seen, v) {
		return unknownOptions
	}
	t.seen = append(t.seen, v)
	defer func() { t.seen = t.seen[:len(t.seen)-1] }()
	switch v := v.(type) {
	case *ssa.MakeInterface:
		if path, name := named(v.X.Type()); path == stub.GRPCPath && name == "EmptyDialOption" {
			return Options{Complete: true}
		}
	case *ssa.Phi:
		return t.merge(v.Edges, t.element)
	case *ssa.UnOp:
		return t.loaded(v, t.element)
	case *ssa.Parameter:
		return Options{Complete: true, Params: []int{slices.Index(v.Parent().Params, v)}}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return t.result(call, v.Index)
		}
	case *ssa.Call:
		_, obj := t.engine.callee(&v.Call)
		if obj != nil && IsGRPC(obj) && obj.Signature().Recv() == nil {
			return Options{Complete: true, List: []Option{{
				Name: obj.Name(), Sure: true, Place: t.engine.remote(v.Pos(), v.Pos()), call: v,
			}}}
		}
		return t.result(v, 0)
	}
	return unknownOptions
}

// result follows result i of a call.
func (t *optionTrace) result(call *ssa.Call, i int) Options {
	fn, obj := t.engine.callee(&call.Call)
	var results []Options
	switch {
	case fn != nil && !call.Call.IsInvoke():
		results = t.engine.optionResults(fn)
	case obj != nil:
		if fact := t.engine.fact(obj); fact != nil {
			results = fact.Options
		}
	}
	if i >= len(results) {
		return unknownOptions
	}
	o := Options{List: slices.Clone(results[i].List), Complete: results[i].Complete}
	if len(results[i].Params) > 0 {
		// What the helper adds to is what we pass: func(opts ...) []DialOption.
		args := callArgs(&call.Call)
		for _, p := range results[i].Params {
			if p >= len(args) {
				return unknownOptions
			}
			follow := t.slice
			if option, _ := isOption(args[p].Type()); option {
				follow = t.element
			}
			o.add(follow(args[p]))
		}
	}
	return o
}

// optionResults returns, by result, the options that fn returns.
func (e *engine) optionResults(fn *ssa.Function) []Options {
	if known, ok := e.options[fn]; ok {
		return known
	}
	e.options[fn] = nil // recursion
	if !returnsOptions(fn.Signature) || len(fn.Blocks) == 0 {
		return nil
	}
	results := make([]Options, fn.Signature.Results().Len())
	t := &optionTrace{engine: e, fn: fn}
	for i := range results {
		option, slice := isOption(fn.Signature.Results().At(i).Type())
		if !option && !slice {
			continue
		}
		first := true
		for _, block := range fn.Blocks {
			ret, ok := lastInstr(block).(*ssa.Return)
			if !ok {
				continue
			}
			follow := t.slice
			if option {
				follow = t.element
			}
			if c, ok := ret.Results[i].(*ssa.Const); ok && c.IsNil() && len(ret.Results) > 1 {
				continue // beside an error
			}
			o := follow(ret.Results[i])
			if first {
				results[i] = o
			} else {
				results[i] = either(results[i], o)
			}
			first = false
		}
	}
	e.options[fn] = results
	return results
}

// passedTo returns the parameters of fn whose options go to grpc.NewClient,
// or to a grpc.Dial that does not wait.
func (e *engine) passedTo(fn *ssa.Function, newClient bool) []int {
	takes := false
	for _, p := range fn.Params {
		option, slice := isOption(p.Type())
		takes = takes || option || slice
	}
	if !takes {
		return nil
	}
	k := passKey{fn, newClient}
	if known, ok := e.passed[k]; ok {
		return known
	}
	e.passed[k] = nil // recursion adds nothing
	var params []int
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				params = append(params, e.passedThrough(fn, call, newClient)...)
			}
		}
	}
	slices.Sort(params)
	e.passed[k] = slices.Compact(params)
	return e.passed[k]
}

type passKey struct {
	fn        *ssa.Function
	newClient bool
}

// passedThrough is passedTo for one call that fn makes: a dial, or a call of
// a function that hands its options on to one.
func (e *engine) passedThrough(fn *ssa.Function, call *ssa.Call, newClient bool) []int {
	if call.Call.IsInvoke() {
		return nil
	}
	_, obj := e.callee(&call.Call)
	if name := opener(obj); name != "" {
		args := call.Call.Args
		if (name == "NewClient") != newClient || len(args) < 2 {
			return nil
		}
		options := e.tracedOptions(fn, args[len(args)-1])
		if !newClient && (!options.Complete || options.Waits()) {
			return nil // waits, or may
		}
		return options.Params
	}
	var params []int
	for _, p := range e.passedBy(call, newClient) {
		if p >= len(call.Call.Args) {
			continue
		}
		options := e.tracedArg(fn, call.Call.Args[p])
		if newClient || options.Complete && !options.Waits() {
			params = append(params, options.Params...)
		}
	}
	return params
}

// tracedArg follows an argument that is an option or a slice of options.
func (e *engine) tracedArg(fn *ssa.Function, arg ssa.Value) Options {
	t := &optionTrace{engine: e, fn: fn}
	if option, _ := isOption(arg.Type()); option {
		return t.element(arg)
	}
	return t.slice(arg)
}

// Waits reports whether one of the options makes grpc.Dial wait for the
// connection.
func (o *Options) Waits() bool { return o.Has("WithBlock", "WithReturnConnectionError") }

// PassedOptions are dial options given to a function that hands them to a
// dial.
type PassedOptions struct {
	Instr   *ssa.Call
	Func    *ssa.Function
	Options Options
}

// PassedOptions returns the options of the package that another function
// hands to grpc.NewClient, or to a grpc.Dial that does not wait.
func (i *Info) PassedOptions(newClient bool) []PassedOptions {
	if i.engine == nil || i.engine.ssa == nil {
		return nil
	}
	e := i.engine
	var passed []PassedOptions
	for _, fn := range e.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || call.Call.IsInvoke() {
					continue
				}
				for _, p := range e.passedBy(call, newClient) {
					if p >= len(call.Call.Args) {
						continue
					}
					passed = append(passed, PassedOptions{call, fn, e.tracedArg(fn, call.Call.Args[p])})
				}
			}
		}
	}
	return passed
}

func (e *engine) passedBy(call *ssa.Call, newClient bool) []int {
	local, obj := e.callee(&call.Call)
	if local != nil {
		return e.passedTo(local, newClient)
	}
	fact := e.fact(obj)
	switch {
	case fact == nil:
		return nil
	case newClient:
		return fact.NewClientOptions
	}
	return fact.DialOptions
}
