package dial

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// An origin says what a value depends on.
type origin struct {
	params   uint64 // parameters of the function, by bit
	outer    uint64 // parameters of the function around a function literal
	metadata bool   // incoming metadata
	found    bool   // what is looked up when the target is needed
}

func (o origin) or(p origin) origin {
	return origin{o.params | p.params, o.outer | p.outer, o.metadata || p.metadata, o.found || p.found}
}

func (o origin) indexes() []int {
	var list []int
	for i := range 64 {
		if o.params&(1<<i) != 0 {
			list = append(list, i)
		}
	}
	return list
}

func mask(indexes []int) uint64 {
	var m uint64
	for _, i := range indexes {
		m |= 1 << i
	}
	return m
}

// originOf follows a value, such as a target, back to the parameters that
// it is made from. Constants, package variables and the environment are the
// same for every call and do not count.
func (e *engine) originOf(v ssa.Value) origin {
	if v == nil {
		return origin{}
	}
	return e.origins.Of(v, func() origin { return e.derive(v) })
}

func (e *engine) derive(v ssa.Value) origin {
	var o origin
	operands := func(instr ssa.Instruction) {
		var space [8]*ssa.Value
		for _, operand := range instr.Operands(space[:0]) {
			o = o.or(e.originOf(*operand))
		}
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		for i, p := range v.Parent().Params {
			if p == v && i < 64 {
				o.params |= 1 << i
			}
		}
	case *ssa.FreeVar:
		if binding := e.index.Binding(v); binding != nil {
			outer := e.originOf(binding)
			o.outer |= outer.params
			o.metadata, o.found = outer.metadata, outer.found
		}
	case *ssa.Alloc:
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr == v {
					o = o.or(e.originOf(r.Val))
				}
			case *ssa.IndexAddr, *ssa.FieldAddr:
				for _, rr := range *r.(ssa.Value).Referrers() {
					if store, ok := rr.(*ssa.Store); ok && store.Addr == r.(ssa.Value) {
						o = o.or(e.originOf(store.Val))
					}
				}
			case *ssa.Call: // decoded into: json.Unmarshal(body, &v)
				operands(r)
			}
		}
	case *ssa.MakeInterface, *ssa.MakeClosure, *ssa.Const, *ssa.Global, *ssa.Function, *ssa.Builtin:
		if mi, ok := v.(*ssa.MakeInterface); ok {
			return e.originOf(mi.X)
		}
	case *ssa.Call:
		if _, obj := e.callee(&v.Call); obj != nil {
			if packagePath(obj.Pkg()) == "google.golang.org/grpc/metadata" {
				o.metadata = true
			}
			if obj.Name() == "Value" && v.Call.IsInvoke() {
				if path, name := named(v.Call.Value.Type()); path == "context" && name == "Context" {
					o.metadata = true // what an interceptor or middleware put there
				}
			}
		}
		o.found = o.found || looksUp(v)
		operands(v)
	case *ssa.Next:
		o.found = o.found || listed(v)
		operands(v)
	case *ssa.IndexAddr:
		o.found = o.found || fromCall(v.X)
		operands(v)
	case ssa.Instruction:
		operands(v)
	}
	return o
}

// looksUp: a call that takes a context and may fail asks somebody, who may
// give another answer the next time.
func looksUp(call *ssa.Call) bool {
	results := call.Call.Signature().Results()
	return results.Len() == 2 && types.Identical(results.At(1).Type(), types.Universe.Lookup("error").Type()) &&
		slices.ContainsFunc(call.Call.Args, isContextValue)
}

// listed: one of what somebody lists.
func listed(next *ssa.Next) bool {
	r, ok := next.Iter.(*ssa.Range)
	return ok && fromCall(r.X)
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

// targetOf says what the target of an acquisition depends on.
func (e *engine) targetOf(a *Acquisition) origin {
	if a.Dial != nil {
		return e.originOf(a.Dial.Target)
	}
	// A helper opens it: everything that the helper gets may decide.
	var o origin
	for _, arg := range program.Args(&a.Instr.Call) {
		if !isContextValue(arg) {
			o = o.or(e.originOf(arg))
		}
	}
	return o
}

func isContextValue(v ssa.Value) bool {
	path, name := named(v.Type())
	return path == "context" && name == "Context"
}

// through translates an origin in the function that an edge leads to into
// one in the calling function.
func (e *engine) through(caller *ssa.Function, edge edge, o origin, p *openPath) origin {
	translated := origin{metadata: o.metadata, found: o.found}
	for _, i := range o.indexes() {
		if i < len(edge.args) && !isContextValue(edge.args[i]) {
			translated = translated.or(e.originOf(edge.args[i]))
		}
	}
	if edge.fn != nil && edge.fn.Parent() == caller {
		translated.params |= o.outer
		if p != nil && p.site != nil && p.site.Func == edge.fn {
			translated.params |= e.targetOf(p.site).outer
		}
	}
	return translated
}

// targetVaries reports whether the target of an acquisition in a loop may
// be another one in the next turn.
func (e *engine) targetVaries(l *loops.Loop, a *Acquisition) bool {
	if a.Dial != nil {
		return e.variesIn(l, a.Dial.Target)
	}
	return slices.ContainsFunc(program.Args(&a.Instr.Call), func(arg ssa.Value) bool {
		return !isContextValue(arg) && e.variesIn(l, arg)
	})
}

// argsVary is targetVaries for a call that leads to a dial: only arguments
// that decide on the target count.
func (e *engine) argsVary(l *loops.Loop, edge edge, p openPath) bool {
	if edge.fn != nil && edge.fn.Parent() != nil {
		return true // a literal: what it captures may change
	}
	var targets []int
	if edge.fact != nil {
		targets = p.Path.Targets // replaced by pathsThrough
		for _, q := range edge.fact.Paths {
			if q.Dial == p.Dial {
				targets = q.Targets
			}
		}
	} else {
		for _, q := range e.localPaths(edge.fn) {
			if q.call == p.call {
				targets = q.Targets
			}
		}
	}
	for _, i := range targets {
		if i < len(edge.args) && !isContextValue(edge.args[i]) && e.variesIn(l, edge.args[i]) {
			return true
		}
	}
	return false
}
