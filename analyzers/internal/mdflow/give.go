package mdflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Gives reports whether all that a call does is to return a context that has
// metadata more than the one that it is made of.
func (e *engine) Gives(call *ssa.Call) bool {
	switch Called(&call.Call) {
	case "AppendToOutgoingContext", "NewOutgoingContext", "NewIncomingContext":
		return true
	}
	// Made inside, and not what the call is given, which has metadata already.
	given := make(map[*ssa.Call]bool)
	for _, arg := range call.Call.Args {
		if stub.IsContext(arg.Type()) {
			for _, r := range e.roots.Of(arg) {
				given[r.Sent], given[r.Got] = true, true
			}
		}
	}
	running := e.Running(call)
	inside := func(by *ssa.Call) bool {
		return by != nil && !given[by] && (by == call || running[by.Parent()])
	}
	roots := e.roots.Of(call)
	return len(roots) > 0 && e.doesNothing(call) &&
		!slices.ContainsFunc(roots, func(r Root) bool { return !inside(r.Sent) && !inside(r.Got) })
}

// isPure: a function does nothing but to return something, if the functions
// that it gets do not either.
func (e *engine) isPure(fn *ssa.Function) bool {
	return e.pure.Of(fn, func() bool {
		for _, block := range fn.Blocks {
			if slices.ContainsFunc(block.Instrs, e.acts) {
				return false
			}
		}
		return len(fn.Blocks) > 0
	})
}

// acts: an instruction does something that others see.
func (e *engine) acts(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Call:
		return !e.doesNothing(instr)
	case *ssa.Store:
		switch instr.Addr.(type) {
		case *ssa.IndexAddr, *ssa.FieldAddr:
			// Of what is made here, as a literal; else it would have to be loaded.
			return !control.IsLocal(instr.Addr)
		}
		return e.Variable(instr.Addr) == nil
	case *ssa.MapUpdate:
		_, own := instr.Map.(*ssa.MakeMap)
		return !own
	case *ssa.Go, *ssa.Defer, *ssa.Send, *ssa.RunDefers, *ssa.Panic, *ssa.Select:
		return true
	}
	return false
}

func (e *engine) doesNothing(call *ssa.Call) bool {
	if e.isGiven(call.Call.Value) && !call.Call.IsInvoke() {
		return true // who hands it over is asked
	}
	if _, builtin := call.Call.Value.(*ssa.Builtin); builtin {
		return true
	}
	obj := program.CalledObject(&call.Call)
	if callees := e.Callees(call); len(callees) > 0 {
		if !e.arePure(callees) {
			return false
		}
	} else if fact := e.told(call, obj); fact != nil {
		return len(fact.Contexts) == 1 && fact.Contexts[0].Only
	} else {
		return obj != nil && obj.Pkg() != nil && (IsPackage(obj.Pkg()) || doesNothing(obj.Pkg().Path()))
	}
	return !slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return !e.isQuiet(arg) })
}

// isQuiet: of what is handed over, functions do nothing either.
func (e *engine) isQuiet(arg ssa.Value) bool {
	t := arg.Type().Underlying()
	if _, isFunc := t.(*types.Signature); isFunc {
		handed, complete := e.Functions(arg)
		return e.isGiven(arg) || complete && e.arePure(handed)
	}
	if pointer, ok := t.(*types.Pointer); ok {
		t = pointer.Elem().Underlying()
	}
	s, ok := t.(*types.Struct)
	if !ok {
		return true
	}
	for field := range s.Fields() {
		if _, isFunc := field.Type().Underlying().(*types.Signature); !isFunc {
			continue
		}
		h := e.FieldHeld(arg, field.Origin())
		if !h.Complete || slices.ContainsFunc(h.Values, func(v ssa.Value) bool { return !e.isQuiet(v) }) {
			return false
		}
	}
	return true
}

func (e *engine) arePure(functions []*ssa.Function) bool {
	return !slices.ContainsFunc(functions, func(fn *ssa.Function) bool { return !e.isPure(fn) })
}

// isGiven: a value is a parameter, perhaps one that a literal shares or that a
// struct brings.
func (e *engine) isGiven(v ssa.Value) bool {
	if h, ok := e.Read(v); ok && h.Complete && len(h.Values) == 1 {
		v = h.Values[0]
	}
	_, ok := v.(*ssa.Parameter)
	return ok
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
