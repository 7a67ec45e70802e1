package mdflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// A Look is a place at which a program looks for something in the metadata of
// a context, and does nothing else with it if that is the outgoing metadata.
type Look struct {
	Call     *ssa.Call // of FromOutgoingContext and the like, or of a function that looks
	Ctx      ssa.Value
	Incoming bool
	Via      *finding.Remote // where a function of another package looks
}

// A LookFact says that a function looks for something in the outgoing
// metadata of the context in a parameter, or returns the metadata for others to
// do so.
type LookFact struct {
	Param    int
	At       finding.Remote
	Returned bool // as result 0
	Incoming bool
}

// Looks returns the looks at metadata in a function.
func (e *engine) Looks(fn *ssa.Function) []Look {
	var list []Look
	for call := range program.Calls(fn) {
		obj := program.CalledObject(&call.Call)
		switch Func(obj) {
		case "FromOutgoingContext":
			if e.onlyRead(program.Result(call, 0)) {
				list = append(list, Look{Call: call, Ctx: call.Call.Args[0]})
			}
			continue
		case "FromIncomingContext", "ValueFromIncomingContext":
			list = append(list, Look{Call: call, Ctx: call.Call.Args[0], Incoming: true})
			continue
		}
		fact := e.told(call, obj)
		if fact == nil {
			continue
		}
		for i := range fact.Looks {
			look, args := &fact.Looks[i], program.Args(&call.Call)
			if look.Param < len(args) && (look.Incoming || !look.Returned || e.onlyRead(program.Result(call, 0))) {
				list = append(list, Look{call, args[look.Param], look.Incoming, &look.At})
			}
		}
	}
	return list
}

// onlyRead: keys of the metadata are looked up, and it goes nowhere else.
func (e *engine) onlyRead(md ssa.Value) bool {
	if md == nil {
		return false
	}
	reads, only := false, true
	e.Follow(md, func(v ssa.Value, by ssa.Instruction) bool {
		switch by := by.(type) {
		case *ssa.Lookup:
			reads = reads || by.X == v
		case *ssa.Call:
			if b, ok := by.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				break
			}
			reads = true
			only = Called(&by.Call) == "MD.Get"
		default:
			only = false // copied, changed, sent on
		}
		return only
	})
	return reads && only
}

// lookFacts: the looks of a function at a context that it gets as it is.
func (e *engine) lookFacts(fn *ssa.Function) []LookFact {
	if e.IsHandler(fn) {
		return nil
	}
	var facts []LookFact
	add := func(ctx ssa.Value, fact LookFact) {
		roots := e.roots.Of(ctx)
		if len(roots) != 1 || roots[0].Kind != ParamRoot || roots[0].Sent != nil || roots[0].Got != nil {
			return
		}
		fact.Param = slices.Index(fn.Params, roots[0].Param)
		if fact.Param >= 0 && !slices.ContainsFunc(facts, func(f LookFact) bool { return f.Param == fact.Param }) {
			facts = append(facts, fact)
		}
	}
	for _, look := range e.Looks(fn) {
		at := look.Via
		if at == nil {
			here := e.info.remote(look.Call.Pos(), look.Call.Pos())
			at = &here
		}
		if !look.Incoming {
			add(look.Ctx, LookFact{At: *at})
		}
	}
	// What it returns, others look at.
	for call := range program.Calls(fn) {
		md, returned := program.Result(call, 0), program.Returned(fn, 0)
		if len(returned) == 0 || slices.ContainsFunc(returned, func(r program.Return) bool { return r.Value != md }) {
			continue
		}
		switch name := Called(&call.Call); name {
		case "FromOutgoingContext", "FromIncomingContext", "ValueFromIncomingContext":
			add(call.Call.Args[0], LookFact{At: e.info.remote(call.Pos(), call.Pos()), Returned: true, Incoming: name != "FromOutgoingContext"})
		case "":
			if inner, ctx := e.lookAhead(call); inner != nil {
				add(ctx, LookFact{At: inner.At, Returned: true, Incoming: inner.Incoming})
			}
		}
	}
	return facts
}

// lookAhead is a function of another package that returns the metadata of a
// context for others to look at, and the context; nil for other calls.
func (e *engine) lookAhead(call *ssa.Call) (*LookFact, ssa.Value) {
	told, args := e.told(call, program.CalledObject(&call.Call)), program.Args(&call.Call)
	if told == nil {
		return nil, nil
	}
	for i := range told.Looks {
		if look := &told.Looks[i]; look.Returned && look.Param < len(args) {
			return look, args[look.Param]
		}
	}
	return nil, nil
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
