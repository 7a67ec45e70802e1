package mdflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// A Look is a place at which a program looks for something in the outgoing
// metadata of a context, and does nothing else with it.
type Look struct {
	Call *ssa.Call // of FromOutgoingContext, or of a function that looks
	Ctx  ssa.Value
	Via  *finding.Remote // where a function of another package looks
}

// A LookFact says that a function looks for something in the outgoing
// metadata of the context in a parameter.
type LookFact struct {
	Param int
	At    finding.Remote
}

// Looks returns the looks at outgoing metadata in a function.
func (e *engine) Looks(fn *ssa.Function) []Look {
	var list []Look
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			obj := program.CalledObject(&call.Call)
			if Func(obj) == "FromOutgoingContext" {
				if md := program.Result(call, 0); md != nil && onlyRead(md, make(map[ssa.Value]bool)) {
					list = append(list, Look{Call: call, Ctx: call.Call.Args[0]})
				}
				continue
			}
			fact := e.told(call, obj)
			if fact == nil {
				continue
			}
			for i := range fact.Looks {
				if look := &fact.Looks[i]; look.Param < len(call.Call.Args) {
					list = append(list, Look{call, call.Call.Args[look.Param], &look.At})
				}
			}
		}
	}
	return list
}

// onlyRead: keys of the metadata are looked up, and it goes nowhere else.
func onlyRead(md ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[md] {
		return true
	}
	seen[md] = true
	reads := false
	for _, r := range *md.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Lookup:
			reads = reads || r.X == md
		case *ssa.Phi:
			if !onlyRead(r, seen) {
				return false
			}
			reads = true
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				continue
			}
			if obj := program.CalledObject(&r.Call); Func(obj) != "MD.Get" {
				return false
			}
			reads = true
		default:
			return false // copied, changed, sent on
		}
	}
	return reads
}

// lookFacts: the looks of a function at a context that it gets as it is.
func (e *engine) lookFacts(fn *ssa.Function) []LookFact {
	if e.IsHandler(fn) {
		return nil
	}
	var facts []LookFact
	for _, look := range e.Looks(fn) {
		roots := e.roots.Of(look.Ctx)
		if len(roots) != 1 || roots[0].Kind != ParamRoot || roots[0].Sent != nil {
			continue
		}
		param := slices.Index(fn.Params, roots[0].Param)
		if param < 0 || slices.ContainsFunc(facts, func(f LookFact) bool { return f.Param == param }) {
			continue
		}
		at := look.Via
		if at == nil {
			here := e.info.remote(look.Call.Pos(), look.Call.Pos())
			at = &here
		}
		facts = append(facts, LookFact{param, *at})
	}
	return facts
}

// bridges: a function that runs on servers before the handlers puts outgoing
// metadata into a context, by itself or in what it calls.
func (e *engine) bridges() bool {
	for _, fn := range e.Funcs {
		if runsBeforeHandlers(fn) && e.puts(fn, make(map[*ssa.Function]bool)) {
			return true
		}
	}
	return false
}

func (e *engine) puts(fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if seen[fn] || len(seen) > 50 {
		return false
	}
	seen[fn] = true
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			local, obj := e.Callee(call.Common())
			switch Func(obj) {
			case "NewOutgoingContext", "AppendToOutgoingContext":
				return true
			}
			if fact := e.info.Fact(obj); fact != nil && slices.ContainsFunc(fact.Contexts, func(c ContextFact) bool { return c.Outgoing }) {
				return true
			}
			if local != nil && e.puts(local, seen) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(literal *ssa.Function) bool { return e.puts(literal, seen) })
}

// runsBeforeHandlers: interceptors, and what middleware calls to make a
// handler's context, as for authentication.
func runsBeforeHandlers(fn *ssa.Function) bool {
	sig := fn.Signature
	if IsServerInterceptor(sig) {
		return true
	}
	results := sig.Results()
	return sig.Params().Len() == 1 && results.Len() == 2 && stub.IsContext(sig.Params().At(0).Type()) && stub.IsContext(results.At(0).Type())
}
