package streams

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
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
	var list []target
	for m := range made.Type().Underlying().(*types.Interface).Methods() {
		sel := types.NewMethodSet(made.X.Type()).Lookup(m.Pkg(), m.Name())
		if sel == nil || len(sel.Index()) != 1 {
			continue // promoted from a field
		}
		if fn := info.view().Declared(sel.Obj().(*types.Func)); fn != nil && len(fn.Blocks) > 0 {
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
	r := info.run(t.fn.Params[i], 0)
	switch outer := startedBy(call); {
	case outer == called1 || r.how == loose:
	case outer == started && r.how != started:
		r.how = started
	case outer == deferred && r.how == called1:
		r.how = deferred
	default:
		r.how = loose
	}
	return r
}

// imports returns how a function of another package runs its i-th argument. One
// that does so by itself may lock something.
func (info *Info) imports(call ssa.CallInstruction, i int) running {
	r := running{how: loose}
	helper := info.view().Helper(call)
	if helper == nil {
		return r
	}
	if common := call.Common(); !common.IsInvoke() && common.Signature().Recv() != nil {
		i--
	}
	param := helper.Param(i)
	if param == nil || !param.Only || len(param.Runs) == 0 {
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

// run returns how a function runs a function value that it has.
func (info *Info) run(v ssa.Value, depth int) running {
	runs, known := info.runs(v, depth)
	if !known || len(runs) == 0 {
		return running{how: loose}
	}
	r := runs[0]
	for _, other := range runs[1:] {
		if other.how != r.how {
			return running{how: loose}
		}
		r.again = r.again && other.again
		r.locks = append(r.locks, other.locks...)
		r.awaits = r.awaits || other.awaits
	}
	return r
}

// runs returns how a function value is run, for each place where it is; false
// if not all are known.
func (info *Info) runs(v ssa.Value, depth int) (list []running, known bool) {
	if v.Referrers() == nil || depth > 4 {
		return nil, false
	}
	for _, user := range *v.Referrers() {
		var inner []running
		known := true
		switch user := user.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.ChangeType:
			inner, known = info.runs(user, depth+1)
		case *ssa.Store:
			alloc, isVariable := user.Addr.(*ssa.Alloc)
			if user.Addr == v {
				continue
			}
			if !isVariable {
				return nil, false
			}
			inner, known = info.runs(alloc, depth+1)
		case *ssa.UnOp:
			inner, known = info.runs(user, depth+1)
		case *ssa.MakeClosure:
			i := slices.Index(user.Bindings, v)
			if i < 0 {
				return nil, false
			}
			literal := info.run(user, depth+1)
			inner, known = info.runs(user.Fn.(*ssa.Function).FreeVars[i], depth+1)
			for i := range inner {
				inner[i].how = max(inner[i].how, literal.how)
				inner[i].again = inner[i].again || literal.again
				inner[i].locks = append(inner[i].locks, literal.locks...)
			}
		case ssa.CallInstruction:
			if user.Common().Value == v {
				_, isGo := user.(*ssa.Go)
				again := isGo && control.Repeats(user, info.Joins)
				r := running{how: startedBy(user), again: again, awaits: info.awaits(user)}
				if r.how == called1 {
					r.locks = info.held(user)
				}
				inner = []running{r}
				break
			}
			i := slices.Index(user.Common().Args, v)
			if i < 0 {
				return nil, false
			}
			r := info.argument(user, info.targets(user), i)
			r.again = r.again || r.how == started && control.Repeats(user, info.Joins)
			if r.how == called1 {
				r.locks = append(r.locks, info.held(user)...)
			}
			inner = []running{r}
		default:
			return nil, false
		}
		if !known {
			return nil, false
		}
		list = append(list, inner...)
	}
	return list, true
}

// spawns: a function that runs its argument in a goroutine: Group.Go,
// WaitGroup.Go and their like.
func spawns(common *ssa.CallCommon) bool {
	obj := called(common)
	return obj != nil && (obj.Name() == "Go" || obj.Name() == "TryGo") && obj.Signature().Recv() != nil
}
