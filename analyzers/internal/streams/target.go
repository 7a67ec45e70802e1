package streams

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A target is a function of this package that a call runs, or for which a
// function value stands.
type target struct {
	fn   *ssa.Function
	args []ssa.Value // for its first parameters
	// makers are the calls that made the literal, if it was made elsewhere: that
	// of the function around it, then that of the function with this call, and
	// so on.
	makers []*ssa.Call
	// bound is the receiver of a method of an interface.
	bound ssa.Value
	// element: one of a list, of which each turn of a loop runs another.
	element bool
}

// maxTargets bounds what a function value may be.
const maxTargets = 16

// targets returns what a call runs; none if that is not known.
func (info *Info) targets(call ssa.CallInstruction) []target {
	common := call.Common()
	if v := info.view().Called(call); v != nil && (common.StaticCallee() == nil || v != common.Value) {
		// By the value it is told by whom a literal was made, and whether it is
		// one of a list.
		list := info.functions(v)
		for i := range list {
			if bound := list[i].args; v == common.Value {
				list[i].args = append(slices.Clone(bound), common.Args...)
			} else {
				list[i].args = common.Args // whatever is bound is among them
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	var list []target
	for _, fn := range info.view().Callees(call) {
		if len(fn.Blocks) > 0 {
			list = append(list, target{fn: fn, args: program.Args(common)})
		}
	}
	return list
}

// functions returns what a function value stands for; none if that is not
// known.
func (info *Info) functions(v ssa.Value) []target {
	list, known := info.functionsOf(v, 0)
	if !known || len(list) > maxTargets {
		return nil
	}
	return list
}

func (info *Info) functionsOf(v ssa.Value, depth int) (list []target, known bool) {
	t := target{}
	switch v := v.(type) {
	case *ssa.Const:
		return nil, v.IsNil()
	case *ssa.Function:
		t.fn = info.view().Local(v)
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		if t.fn = info.view().Local(fn); fn.Synthetic != "" {
			t.args = v.Bindings // a bound method
		}
	default:
		ways, through := info.view().Ways(v)
		if !through || depth > 8 {
			return nil, false
		}
		call := madeBy(v)
		for _, way := range ways {
			inner, known := info.functionsOf(way, depth+1)
			if !known || len(list) > maxTargets {
				return nil, false
			}
			for _, t := range inner {
				t.element = t.element || isElement(v)
				if call != nil && slices.ContainsFunc(info.view().Callees(call), func(fn *ssa.Function) bool { return program.IsWithin(t.madeIn(), fn) }) {
					t.makers = append(slices.Clip(t.makers), call)
				}
				list = append(list, t)
			}
		}
		return list, true
	}
	if t.fn == nil || len(t.fn.Blocks) == 0 {
		return nil, false
	}
	return []target{t}, true
}

// madeIn returns the function whose call gives the literal, or the literal in
// it, as far as its makers are known.
func (t *target) madeIn() *ssa.Function {
	if n := len(t.makers); n > 0 {
		return t.makers[n-1].Parent()
	}
	return t.fn.Parent()
}

// madeBy returns the call whose result a value is, or nil.
func madeBy(v ssa.Value) *ssa.Call {
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, _ := v.(*ssa.Call)
	return call
}

// isElement: a value is read from a slice, an array or a map, or from a struct
// in one.
func isElement(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Lookup:
		return true
	case *ssa.Extract:
		switch v.Tuple.(type) {
		case *ssa.Next, *ssa.Lookup:
			return true
		}
	case *ssa.Field:
		return isElement(v.X)
	case *ssa.UnOp:
		switch addr := v.X.(type) {
		case *ssa.IndexAddr:
			return true
		case *ssa.FieldAddr:
			return isElement(addr.X)
		}
	case *ssa.IndexAddr:
		return true
	}
	return false
}

// methods returns what is behind a value that an unknown function gets as an
// interface: the methods of a type of this package, or a function.
func (info *Info) methods(v ssa.Value) []target {
	made, ok := v.(*ssa.MakeInterface)
	if !ok {
		return nil
	}
	if _, isFunc := made.X.Type().Underlying().(*types.Signature); isFunc {
		return info.functions(made.X)
	}
	if named := stub.NamedOf(made.X.Type()); named == nil || named.Obj().Pkg() != info.pass.Pkg {
		return nil
	}
	var list []target
	for m := range made.Type().Underlying().(*types.Interface).Methods() {
		obj, index, _ := types.LookupFieldOrMethod(made.X.Type(), false, m.Pkg(), m.Name())
		method, ok := obj.(*types.Func)
		if !ok || len(index) != 1 {
			continue // promoted from a field
		}
		if fn := info.view().Declared(method); fn != nil && len(fn.Blocks) > 0 {
			list = append(list, target{fn: fn, args: []ssa.Value{made.X}})
		}
	}
	return list
}

// outside translates a place that a function sees to the one that calls it;
// nothing if it is the function's own.
func (info *Info) outside(p place.Place, t *target, caller *ssa.Function) place.Place {
	var owner *ssa.Function
	switch root := p.Root.(type) {
	case *ssa.Global:
		return p
	case *ssa.Parameter:
		owner = root.Parent()
		if owner == t.fn {
			if i := slices.Index(owner.Params, root); i < len(t.args) && t.args[i] != nil {
				return info.field(info.Place(t.args[i]), p.Fields())
			}
			return place.Place{}
		}
		if made := info.atMaking(p, t.makers); made != p {
			return made
		}
	case *ssa.FreeVar:
		if t.bound != nil && root.Parent() == t.fn {
			return info.field(info.Place(t.bound), p.Fields())
		}
	case ssa.Instruction:
		owner = root.Parent()
	}
	if owner != nil && owner != t.fn && (info.sees(caller, owner, 0) || info.sees(t.fn, owner, 0)) {
		return p // of a function around both, or around the literal
	}
	return place.Place{}
}

// sees: a function is another one, a literal in it, or one that is only called
// there, whose parameters are what it passes.
func (info *Info) sees(fn, outer *ssa.Function, depth int) bool {
	for ; fn != nil && depth < maxWrappers; fn = fn.Parent() {
		if fn == outer {
			return true
		}
		if sites, _ := info.view().Callers(fn); fn.Parent() != nil && len(sites) == 1 && info.sees(sites[0].Parent(), outer, depth+1) {
			return true
		}
	}
	return false
}

// atMaking translates a place that the makers of a literal see to what calls the
// first of them; nothing if it is one that each call makes anew.
func (info *Info) atMaking(p place.Place, makers []*ssa.Call) place.Place {
	for i, call := range makers {
		if param, ok := p.Root.(*ssa.Parameter); ok && slices.Contains(info.view().Callees(call), param.Parent()) {
			arg := info.view().ArgOf(call, param)
			if arg == nil {
				return place.Place{}
			}
			p = info.field(info.Place(arg), p.Fields())
		}
		if local, ok := p.Root.(ssa.Instruction); ok && i < len(makers)-1 && local.Parent() == call.Parent() {
			return place.Place{}
		}
	}
	return p
}

// A manner says how a function comes to run.
type manner int

const (
	called1  manner = iota // and has returned when the call has
	deferred               // when the caller returns
	started                // in a goroutine
	loose                  // whenever somebody likes
)

func startedBy(call ssa.CallInstruction) manner {
	switch call.(type) {
	case *ssa.Go:
		return started
	case *ssa.Defer:
		return deferred
	}
	return called1
}

// A running says how a function runs what it gets as a parameter.
type running struct {
	how    manner
	again  bool   // several times at once
	locks  []Lock // as the function sees them
	awaits bool
}

// argument returns how the callee of a call runs a function that is its i-th
// argument.
func (info *Info) argument(call ssa.CallInstruction, targets []target, i int) running {
	if spawns(call.Common()) {
		return running{how: started}
	}
	if len(targets) != 1 {
		return info.imports(call, i)
	}
	t := &targets[0]
	i += len(t.args) - len(call.Common().Args) // behind what is bound
	if i >= len(t.fn.Params) {
		return running{how: loose}
	}
	r := info.run(t.fn.Params[i])
	r.how = max(r.how, startedBy(call))
	return r
}

// imports returns how a function of another package runs its i-th argument. One
// that does so by itself may lock something, unless it does nothing else.
func (info *Info) imports(call ssa.CallInstruction, i int) running {
	r := running{how: loose}
	param := info.view().OnlyRun(call, call.Common().Args[i])
	if param == nil || len(param.Runs) == 0 {
		return r
	}
	if run := param.Runs[0]; info.view().Helper(call).Thin && !run.Go {
		r.how = startedBy(call)
		return r
	}
	for _, run := range param.Runs {
		if !run.Go {
			return r
		}
		r.again = r.again || run.Loop
	}
	r.how = started
	return r
}

// run returns how a function runs a function value that it has, in what it calls
// too.
func (info *Info) run(v ssa.Value) running {
	if known, ok := info.ran[v]; ok {
		return known
	}
	info.ran[v] = running{how: loose} // of one that hands itself on
	var calls []ssa.CallInstruction
	var handed []ssa.Value
	known := true
	trail := info.view().Follow(v, func(v ssa.Value, by ssa.Instruction) bool {
		if _, compared := by.(*ssa.BinOp); compared {
			return true
		}
		call, ok := by.(ssa.CallInstruction)
		if known = ok; ok {
			calls, handed = append(calls, call), append(handed, v)
		}
		return known
	})
	if !known || trail.Returned || len(calls) == 0 {
		return running{how: loose}
	}
	within := map[*ssa.Function]bool{v.Parent(): true}
	for v := range trail.Values {
		within[v.Parent()] = true
	}
	var all running
	for i, call := range calls {
		r := running{how: startedBy(call), awaits: info.awaits(call)}
		if call.Common().Value != handed[i] {
			r = running{how: loose} // unless it is handed on: a call of what a variable may hold instead
			if at := slices.Index(call.Common().Args, handed[i]); at >= 0 {
				r = info.argument(call, nil, at)
			}
		}
		r = info.climb(info.at(call, r), call.Parent(), v.Parent(), within)
		if i > 0 && r.how != all.how {
			return running{how: loose}
		}
		all = running{r.how, r.again && (i == 0 || all.again), append(all.locks, r.locks...), all.awaits || r.awaits}
	}
	info.ran[v] = all
	return all
}

// at is how what a call runs is run where that is made.
func (info *Info) at(call ssa.CallInstruction, r running) running {
	r.how = max(r.how, startedBy(call))
	if r.how == called1 {
		r.locks = append(r.locks, info.held(call)...)
	}
	r.again = r.again || r.how == started && control.Repeats(call, info.Joins)
	return r
}

// climb is how what a function runs is run by an outer one, which leads there
// through those within.
func (info *Info) climb(r running, fn, outer *ssa.Function, within map[*ssa.Function]bool) running {
	for range maxTargets {
		if fn == outer {
			return r
		}
		sites := info.runners(fn)
		if len(sites) > 1 {
			sites = slices.DeleteFunc(sites, func(by ssa.Instruction) bool { return !isWithin(by.Parent(), within) })
		}
		if len(sites) != 1 {
			break
		}
		switch site := sites[0].(type) {
		case ssa.CallInstruction:
			r = info.at(site, r)
		case *ssa.MakeClosure:
			literal := info.run(site)
			r = running{max(r.how, literal.how), r.again || literal.again, append(r.locks, literal.locks...), r.awaits || literal.awaits}
		}
		fn = sites[0].Parent()
	}
	return running{how: loose}
}

// isWithin: a function, or one around it, is among some.
func isWithin(fn *ssa.Function, some map[*ssa.Function]bool) bool {
	for fn != nil && !some[fn] {
		fn = fn.Parent()
	}
	return fn != nil
}

func isCalled(made *ssa.MakeClosure) bool {
	return slices.ContainsFunc(control.Uses(made), func(use ssa.Instruction) bool {
		call, ok := use.(ssa.CallInstruction)
		return ok && call.Common().Value == ssa.Value(made)
	})
}

// runners are the calls of a function, and where a literal is made that is not
// called there.
func (info *Info) runners(fn *ssa.Function) []ssa.Instruction {
	var list []ssa.Instruction
	if fn.Referrers() != nil {
		for _, user := range *fn.Referrers() {
			if made, ok := user.(*ssa.MakeClosure); ok && !isCalled(made) {
				list = append(list, made)
			}
		}
	}
	if len(list) == 0 {
		sites, _ := info.view().Callers(fn)
		for _, site := range sites {
			list = append(list, site)
		}
	}
	return list
}

// spawns: a function that runs its argument in a goroutine: Group.Go,
// WaitGroup.Go and their like.
func spawns(common *ssa.CallCommon) bool {
	obj := called(common)
	return obj != nil && (obj.Name() == "Go" || obj.Name() == "TryGo") && obj.Signature().Recv() != nil
}
