package mdflow

import (
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
	return e.wholes.Of(v, func() bool { return slices.ContainsFunc(e.Sources(v), e.holdsWhole) })
}

func (e *engine) holdsWhole(v ssa.Value) bool {
	if e.edited(v) {
		return false
	}
	if call, ok := v.(*ssa.Call); ok {
		switch Called(&call.Call) {
		case "Join":
			return slices.ContainsFunc(e.Elements(call.Call.Args[0]).Values, e.whole)
		case "MD.Copy":
			return e.whole(call.Call.Args[0])
		}
	}
	return e.Kind(v) == Incoming
}

// edited: keys are set or removed, or a function that is not of package
// metadata gets it, which may do so.
func (e *engine) edited(md ssa.Value) bool {
	edited := false
	e.Follow(md, func(v ssa.Value, by ssa.Instruction) bool {
		switch by := by.(type) {
		case *ssa.MapUpdate:
			edited = by.Map == v
		case *ssa.Call:
			if b, ok := by.Call.Value.(*ssa.Builtin); ok {
				edited = b.Name() == "delete" || b.Name() == "clear"
				break
			}
			switch Called(&by.Call) {
			case "MD.Set", "MD.Append", "MD.Delete":
				edited = true
			case "":
				sink, _ := sinkOf(&by.Call)
				edited = sink == NotSent && by.Call.Signature().Results().Len() == 0 // strip(md)
			}
		}
		return !edited
	})
	return edited
}
