package dial

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A basis is what a value depends on beside parameters. Constants, package
// variables and the environment are the same for every call and do not count.
type basis uint8

const (
	metadata basis = 1 << iota // incoming metadata
	found                      // what is looked up when the target is needed
)

// An origin says what a value, such as a target, depends on: parameters of its
// function, or of those around a function literal.
type origin = flow.Part[basis]

func (e *engine) targetTracer() *flow.Tracer[origin] {
	domain := flow.Parts(0, metadata, func(a, b basis) basis { return a | b })
	domain.Unknown = func(v ssa.Value) origin {
		if v == nil {
			return origin{Own: metadata} // too much would have to be looked at
		}
		return origin{}
	}
	param := domain.Param
	domain.Param = func(p *ssa.Parameter) origin {
		if isContextValue(p) {
			return origin{}
		}
		return param(p)
	}
	domain.Source = dependsOn
	domain.Call = asked
	return flow.New(e.index, domain)
}

// dependsOn: what a value is made of, whatever the operation.
func dependsOn(t flow.Trace[origin], v ssa.Value) (origin, bool) {
	var own basis
	var parts []ssa.Value
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.Phi, *ssa.Call:
		return origin{}, false
	case *ssa.FreeVar:
		if bound := t.Program.Binding(v); bound != nil {
			parts = []ssa.Value{bound}
		}
	case *ssa.Alloc:
		parts = storedIn(v)
	case *ssa.MakeClosure:
		return origin{}, true
	case *ssa.Extract:
		if _, ok := v.Tuple.(*ssa.Call); ok {
			return origin{}, false
		}
		parts = []ssa.Value{v.Tuple}
	case *ssa.Next:
		if r, ok := v.Iter.(*ssa.Range); ok && fromCall(r.X) {
			own = found // one of what somebody lists
		}
		parts = []ssa.Value{v.Iter}
	case *ssa.IndexAddr:
		if fromCall(v.X) {
			own = found
		}
		parts = operands(v)
	case ssa.Instruction:
		parts = operands(v)
	}
	o := t.Union(parts)
	return origin{Own: own | o.Own, Params: o.Params}, true
}

// storedIn returns what is put into a variable, or decoded into it:
// json.Unmarshal(body, &v).
func storedIn(variable *ssa.Alloc) []ssa.Value {
	var values []ssa.Value
	for store := range control.Stores(variable) {
		values = append(values, store.Val)
	}
	for store := range control.PartStores(variable) {
		values = append(values, store.Val)
	}
	for _, user := range *variable.Referrers() {
		if call, ok := user.(*ssa.Call); ok {
			values = append(values, operands(call)...)
		}
	}
	return values
}

func operands(instr ssa.Instruction) []ssa.Value {
	var values []ssa.Value
	for _, operand := range instr.Operands(nil) {
		if *operand != nil {
			values = append(values, *operand)
		}
	}
	return values
}

// asked is what a call gives: what it makes of its arguments, or what its body
// does, and what it looks up.
func asked(t flow.Trace[origin], call *ssa.Call, i int) (origin, bool) {
	var own basis
	if obj := program.CalledObject(&call.Call); obj != nil {
		if packagePath(obj.Pkg()) == "google.golang.org/grpc/metadata" {
			own = metadata
		}
		if obj.Name() == "Value" && call.Call.IsInvoke() && isContextValue(call.Call.Value) {
			own = metadata // what an interceptor or middleware put there
		}
	}
	if looksUp(call) {
		own |= found
	}
	var o origin
	if len(t.Program.Callees(call)) > 0 {
		o = t.Inside(call, i)
	} else {
		o = t.Union(operands(call))
	}
	return origin{Own: own | o.Own, Params: o.Params}, true
}

// looksUp: a call that takes a context and may fail asks somebody, who may
// give another answer the next time.
func looksUp(call *ssa.Call) bool {
	results := call.Call.Signature().Results()
	return results.Len() == 2 && types.Identical(results.At(1).Type(), types.Universe.Lookup("error").Type()) &&
		slices.ContainsFunc(call.Call.Args, isContextValue)
}

// fromCall: a list that a function returned, or a part of what it returned.
func fromCall(v ssa.Value) bool {
	for range 6 {
		switch x := v.(type) {
		case *ssa.Call:
			_, isBuiltin := x.Call.Value.(*ssa.Builtin)
			return !isBuiltin
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.Slice:
			v = x.X
		default:
			return false
		}
	}
	return false
}

func isContextValue(v ssa.Value) bool {
	path, name := named(v.Type())
	return path == "context" && name == "Context"
}

// targetOf says what the target of an acquisition depends on.
func (e *engine) targetOf(a *Acquisition) origin {
	if a.Dial != nil {
		return e.targets.Of(a.Dial.Target)
	}
	if a.from == nil {
		return e.ofArgs(a.deciding())
	}
	var o origin
	for _, inner := range e.acquisitions(a.from) {
		if inner.Fate.Returns {
			o = either(o, e.lifted(e.targetOf(inner), a.from, a.Instr))
		}
	}
	return o
}

// deciding returns the arguments of a helper of another package that may decide
// on the target: all that it gets.
func (a *Acquisition) deciding() []ssa.Value {
	return slices.DeleteFunc(slices.Clone(program.Args(&a.Instr.Call)), isContextValue)
}

// ofArgs is what some of the arguments of a call depend on.
func (e *engine) ofArgs(args []ssa.Value) origin {
	var o origin
	for _, arg := range args {
		o = either(o, e.targets.Of(arg))
	}
	return o
}

func either(a, b origin) origin {
	joined := origin{Own: a.Own | b.Own, Params: slices.Clip(a.Params)}
	for _, p := range b.Params {
		if !slices.Contains(joined.Params, p) {
			joined.Params = append(joined.Params, p)
		}
	}
	return joined
}

// lifted is what something depends on in the function that runs another one by
// a call, or hands it over: of the other one's parameters, what it passes.
func (e *engine) lifted(o origin, inner *ssa.Function, call ssa.CallInstruction) origin {
	outer := origin{Own: o.Own}
	for _, p := range o.Params {
		if p.Parent() != inner {
			outer = either(outer, origin{Params: []*ssa.Parameter{p}}) // of a function around it
		} else if arg := e.given(call, p); arg != nil {
			outer = either(outer, e.targets.Of(arg))
		} else {
			outer.Own |= found
		}
	}
	return outer
}

// given is what a call passes as a parameter of a function that it runs, or
// has run by a helper; nil if that is not known.
func (e *engine) given(call ssa.CallInstruction, p *ssa.Parameter) ssa.Value {
	if arg := e.argOf(call, p); arg != nil {
		return arg
	}
	for _, handing := range e.index.Handed(p.Parent()) {
		if handing.Call == call {
			return handing.Arg(p)
		}
	}
	return nil
}

// argOf is what a call passes as a parameter of its callee, which may be the
// sole implementation of an interface's method.
func (e *engine) argOf(call ssa.CallInstruction, p *ssa.Parameter) ssa.Value {
	callee, _ := e.callee(call.Common())
	args := program.Args(call.Common())
	if callee != p.Parent() || len(args) != len(callee.Params) {
		return nil
	}
	return args[slices.Index(callee.Params, p)]
}

// indexes are those of the parameters of fn that an origin has.
func indexes(o origin, fn *ssa.Function) []int {
	var list []int
	for _, p := range o.Params {
		if p.Parent() == fn {
			list = append(list, slices.Index(fn.Params, p))
		}
	}
	slices.Sort(list)
	return list
}

// picked returns the arguments of a call at some indexes, contexts not among
// them.
func picked(call ssa.CallInstruction, indexes []int) []ssa.Value {
	var list []ssa.Value
	for i, arg := range program.Args(call.Common()) {
		if slices.Contains(indexes, i) && !isContextValue(arg) {
			list = append(list, arg)
		}
	}
	return list
}

// targetVaries reports whether the target of an acquisition in a loop may
// be another one in the next turn.
func (e *engine) targetVaries(l *loops.Loop, a *Acquisition) bool {
	return e.variation(l).ofTarget(a)
}

// pathVaries is targetVaries for what a call in the loop leads to.
func (e *engine) pathVaries(l *loops.Loop, p *openPath) bool {
	s := e.variation(l)
	for _, edge := range p.edges {
		if edge.fn != nil {
			s.sites[edge.fn] = edge.instr
		}
	}
	if p.site != nil {
		return s.ofTarget(p.site)
	}
	return slices.ContainsFunc(p.deciding, s.of)
}
