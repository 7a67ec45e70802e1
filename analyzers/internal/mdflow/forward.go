package mdflow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Forward is a place at which metadata that a client sent is sent on as it
// came.
type Forward struct {
	Call *ssa.Call
	MD   ssa.Value
	// Arg is the argument among those that program.Args returns.
	Arg int
}

// Forwards returns the calls in fn that put all that a client has sent into
// an outgoing context, by themselves or in a function that they call.
func (e *engine) Forwards(fn *ssa.Function) []Forward {
	var list []Forward
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for i, arg := range program.Args(&call.Call) {
				if IsMD(arg.Type()) && e.sends(call, arg, i) && e.whole(arg) {
					list = append(list, Forward{call, arg, i})
				}
			}
		}
	}
	return list
}

// sends: the call puts its i-th argument into an outgoing context. What a
// function of this package does with a parameter that is followed to its
// callers is judged in there.
func (e *engine) sends(call *ssa.Call, arg ssa.Value, i int) bool {
	if sink, at := sinkOf(&call.Call); sink == Outgoing {
		return at == i
	}
	if locals := e.Callees(call); len(locals) > 0 {
		return slices.ContainsFunc(locals, func(fn *ssa.Function) bool {
			_, complete := e.Callers(fn)
			return !complete && i < len(fn.Params) && fn.Parent() == nil && e.sinkOf(fn.Params[i]) == Outgoing
		})
	}
	fact := e.told(call, program.CalledObject(&call.Call))
	return fact != nil && slices.ContainsFunc(fact.Sent, func(s SentFact) bool { return s.Param == i && s.Sink == Outgoing })
}

// whole: on some way, v is all metadata that a client has sent, or holds it;
// and nobody takes keys out or looks after them one by one.
func (e *engine) whole(v ssa.Value) bool {
	return e.wholes.Of(v, func() bool { return !edited(v) && e.holdsWhole(v) })
}

func (e *engine) holdsWhole(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, e.whole)
	case *ssa.Parameter:
		h := e.Passed(v)
		return h.Complete && slices.ContainsFunc(h.Values, e.whole)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && len(e.Callees(call)) > 0 {
			return e.returnsWhole(call, v.Index)
		}
	case *ssa.Call:
		switch Called(&v.Call) {
		case "Join":
			return slices.ContainsFunc(e.Elements(v.Call.Args[0]).Values, e.whole)
		case "MD.Copy":
			return e.whole(v.Call.Args[0])
		}
		if len(e.Callees(v)) > 0 {
			return e.returnsWhole(v, 0)
		}
	case *ssa.UnOp:
		if alloc := e.Variable(v.X); v.Op == token.MUL && alloc != nil {
			stored := e.HeldIn(alloc).Values
			if slices.ContainsFunc(stored, edited) || e.loadsEdited(alloc) {
				return false
			}
			return slices.ContainsFunc(stored, e.whole)
		}
	}
	return e.Kind(v) == Incoming
}

// returnsWhole: a function of this package returns all of it on some way.
func (e *engine) returnsWhole(call *ssa.Call, i int) bool {
	for _, fn := range e.Callees(call) {
		for _, ret := range program.Returned(fn, i) {
			v := ret.Value
			if p, ok := v.(*ssa.Parameter); ok && p.Parent() == fn && !edited(p) {
				v = e.ArgOf(call, p)
			}
			if v != nil && e.whole(v) {
				return true
			}
		}
	}
	return false
}

func (e *engine) loadsEdited(alloc *ssa.Alloc) bool {
	for _, cell := range e.Names(alloc) {
		for _, r := range *cell.Referrers() {
			if load, ok := r.(*ssa.UnOp); ok && edited(load) {
				return true
			}
		}
	}
	return false
}

// edited: keys are set or removed, or a function that is not of package
// metadata gets it, which may do so.
func edited(v ssa.Value) bool {
	if v.Referrers() == nil {
		return false
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			if r.Map == v {
				return true
			}
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); ok {
				if b.Name() == "delete" || b.Name() == "clear" {
					return true
				}
				continue
			}
			switch name := Called(&r.Call); name {
			case "MD.Set", "MD.Append", "MD.Delete":
				return true
			case "":
				if sink, _ := sinkOf(&r.Call); sink == NotSent && r.Call.Signature().Results().Len() == 0 {
					return true // strip(md)
				}
			}
		}
	}
	return false
}
