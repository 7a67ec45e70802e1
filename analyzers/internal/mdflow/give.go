package mdflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// Gives reports whether all that a call does is to return a context that has
// metadata more than the one that it is made of.
func (e *engine) Gives(call *ssa.Call) bool {
	switch Called(&call.Call) {
	case "AppendToOutgoingContext", "NewOutgoingContext", "NewIncomingContext":
		return true
	}
	inside := func(by *ssa.Call) bool {
		if by == nil || by == call {
			return by != nil
		}
		return !program.IsWithin(call.Parent(), by.Parent()) // else what is given to the call has it already
	}
	roots := e.roots.Of(call)
	return len(roots) > 0 && e.doesNothing(call, 0) &&
		!slices.ContainsFunc(roots, func(r Root) bool { return !inside(r.Sent) && !inside(r.Got) })
}

// isPure: a function does nothing but to return something, if the functions
// that it gets do not either.
func (e *engine) isPure(fn *ssa.Function, depth int) bool {
	if len(fn.Blocks) == 0 || depth > maxHelpers {
		return false
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				if !e.doesNothing(instr, depth+1) {
					return false
				}
			case *ssa.Store:
				switch instr.Addr.(type) {
				case *ssa.IndexAddr, *ssa.FieldAddr:
					// Of what is made here, as a literal; else it would have to be loaded.
					if !control.IsLocal(instr.Addr) {
						return false
					}
				default:
					if e.Variable(instr.Addr) == nil {
						return false
					}
				}
			case *ssa.Go, *ssa.Defer, *ssa.Send, *ssa.RunDefers, *ssa.Panic, *ssa.Select:
				return false
			case *ssa.MapUpdate:
				if _, own := instr.Map.(*ssa.MakeMap); !own {
					return false
				}
			}
		}
	}
	return true
}

func (e *engine) doesNothing(call *ssa.Call, depth int) bool {
	if _, ofCaller := call.Call.Value.(*ssa.Parameter); ofCaller && !call.Call.IsInvoke() {
		return true // who hands it over is asked
	}
	if _, builtin := call.Call.Value.(*ssa.Builtin); builtin {
		return true
	}
	obj := program.CalledObject(&call.Call)
	if callees := e.Callees(call); len(callees) > 0 {
		if slices.ContainsFunc(callees, func(fn *ssa.Function) bool { return !e.isPure(fn, depth) }) {
			return false
		}
	} else if fact := e.told(call, obj); fact != nil {
		return len(fact.Contexts) == 1 && fact.Contexts[0].Only
	} else {
		return obj != nil && obj.Pkg() != nil && (IsPackage(obj.Pkg()) || doesNothing(obj.Pkg().Path()))
	}
	for _, arg := range call.Call.Args {
		if _, isFunc := arg.Type().Underlying().(*types.Signature); !isFunc {
			continue
		}
		handed, complete := e.Functions(arg)
		if !complete || slices.ContainsFunc(handed, func(fn *ssa.Function) bool { return !e.isPure(fn, depth+1) }) {
			return false
		}
	}
	return true
}

// doesNothing: nothing that a package does is seen by anybody else.
func doesNothing(path string) bool {
	return path == "strconv" || path == "strings" || path == "encoding/base64"
}

// Unused reports whether nothing is done with a value in its function, and
// nobody else gets it, but for what does no harm.
func (e *engine) Unused(v ssa.Value, harmless func(v ssa.Value, by ssa.Instruction) bool) bool {
	unused := true
	trail := e.Follow(v, func(v ssa.Value, by ssa.Instruction) bool {
		unused = harmless(v, by)
		return unused
	})
	for other := range trail.Values {
		_, isParam := other.(*ssa.Parameter)
		unused = unused && !isParam && program.IsWithin(other.Parent(), v.Parent())
	}
	return unused
}
