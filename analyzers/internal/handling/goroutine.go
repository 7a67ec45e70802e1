package handling

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// goroutines finds goroutines that work with the RPC's context, and that
// nobody waits for.
func (info *Info) goroutines(f *Frame) []*Site {
	if !info.endsSoon(f) {
		return nil
	}
	var sites []*Site
	for instr := range info.instructions(f) {
		start, ok := instr.(*ssa.Go)
		if !ok || info.awaited(start) {
			continue
		}
		body, inner := info.startedBy(f, start)
		if body != nil && info.watches(body, inner) {
			continue // is there to notice the end
		}
		var work Work
		if body != nil {
			work = info.works(inner, 0, make(map[*ssa.Function]bool))
		} else {
			work = info.workOf(f, start)
		}
		if work.What == "" {
			work = info.workBehind(f, start)
		}
		if work.What != "" {
			sites = append(sites, &Site{Kind: Goroutine, Frame: f, Instr: start, What: work.What})
		}
	}
	return sites
}

// endsSoon: nothing says that the handler goes on after the function that
// starts the goroutine has returned.
func (info *Info) endsSoon(f *Frame) bool {
	if len(f.Chain) == 0 && f.Handler != nil {
		return true
	}
	for r := range f.Func.Signature.Results().Variables() {
		switch t := r.Type().Underlying().(type) {
		case *types.Basic:
		case *types.Interface:
			if !control.IsError(r.Type()) && t.NumMethods() > 0 {
				return false // perhaps the means to wait for it
			}
		case *types.Pointer:
			if !isMessage(r.Type()) {
				return false
			}
		default:
			return false
		}
	}
	if f.Handler == nil {
		return true // for callers to decide
	}
	if f.RPC == nil || !f.RPC.Unary() {
		return false
	}
	handler := f.Func.Prog.FuncValue(f.Handler)
	if handler == nil {
		return false
	}
	return !info.joins(handler)
}

// joins: a function waits for goroutines, or may.
func (info *Info) joins(fn *ssa.Function) bool {
	known, ok := info.joining[fn]
	if !ok {
		for _, block := range fn.Blocks {
			known = known || slices.ContainsFunc(block.Instrs, info.streams.Joins)
		}
		info.joining[fn] = known
	}
	return known
}

// isMessage: a generated message.
func isMessage(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, "ProtoMessage")
	_, ok := obj.(*types.Func)
	return ok
}

// awaited: the function that starts a goroutine waits for something
// afterwards, or goes on with the stream.
func (info *Info) awaited(start ssa.Instruction) bool {
	fn := start.Parent()
	if fn.Parent() != nil {
		return true // in a literal: what comes behind it is out of sight
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && info.streams.Joins(d) {
				return true
			}
		}
	}
	waits, own := false, &Frame{Func: fn}
	w := control.Ways[struct{}]{Step: func(s struct{}, at ssa.Instruction) (struct{}, bool) {
		for instr := range info.steps(own, at) {
			waits = waits || info.pauses(instr)
		}
		return s, !waits
	}}
	w.After(start, struct{}{})
	return waits
}

// pauses: an instruction joins a goroutine, waits for something or uses a
// stream.
func (info *Info) pauses(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Select, *ssa.Send:
		return true
	case *ssa.Call:
		if op, _ := streams.OpOf(&instr.Call); op == streams.Recv || op == streams.Send {
			return true
		}
		for _, arg := range instr.Call.Args {
			if streams.SideOf(arg.Type()) != streams.NoStream {
				return true // who knows how long that takes
			}
		}
		for _, u := range info.streams.UsesAt(instr) {
			if !u.Concurrent() {
				return true // through a struct that holds it
			}
		}
	}
	return info.streams.Joins(instr)
}

// startedBy returns the function of this package that a goroutine runs, and
// a frame with what it knows of the RPC.
func (info *Info) startedBy(f *Frame, start *ssa.Go) (*ssa.Function, *Frame) {
	if literal := place.Literal(start.Call.Value); literal != nil {
		// Captured variables and arguments are seen through.
		return literal, &Frame{Func: literal, contexts: f.contexts}
	}
	fn := info.declared(start)
	if fn == nil {
		return nil, nil
	}
	inner := &Frame{Func: fn}
	for i, arg := range start.Call.Args {
		if i < len(fn.Params) && isRequest(arg.Type()) && info.derives(f, arg) {
			inner.contexts = append(inner.contexts, fn.Params[i])
		}
	}
	return fn, inner
}

// watches: a function looks at the end of the RPC's context.
func (info *Info) watches(fn *ssa.Function, f *Frame) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && isDone(call) && info.derives(f, call.Common().Value) {
				return true
			}
		}
	}
	return false
}

// works returns what a function does with the RPC's context that fails when
// the RPC has ended; nothing if nothing is known.
func (info *Info) works(f *Frame, depth int, seen map[*ssa.Function]bool) Work {
	if seen[f.Func] || depth > 4 {
		return Work{}
	}
	seen[f.Func] = true
	for instr := range info.instructions(f) {
		call, ok := instr.(*ssa.Call)
		if !ok {
			continue
		}
		if work := info.workOf(f, call); work.What != "" {
			return work
		}
		callee := info.declared(call)
		if callee == nil {
			callee = info.onlyRun(call)
		}
		if callee == nil {
			continue
		}
		inner := &Frame{Func: callee}
		for i, arg := range call.Call.Args {
			if i < len(callee.Params) && stub.IsContext(arg.Type()) && info.derives(f, arg) {
				inner.contexts = append(inner.contexts, callee.Params[i])
			}
		}
		if len(inner.contexts) > 0 {
			if work := info.works(inner, depth+1, seen); work.What != "" {
				return work
			}
		}
	}
	return Work{}
}

// workBehind returns what a goroutine does with the RPC's context that it gets in
// a struct, or in a literal; nothing if it looks at its end.
func (info *Info) workBehind(f *Frame, start *ssa.Go) Work {
	var found Work
	for instr := range info.Behind(f, start) {
		call, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		if isDone(call) && info.derives(f, call.Common().Value) {
			return Work{}
		}
		work := info.workOf(f, call)
		for _, arg := range call.Common().Args {
			if work.What == "" && stub.IsContext(arg.Type()) && info.derives(f, arg) {
				work = info.workIn(call, arg)
			}
		}
		if found.What == "" {
			found = work
		}
	}
	return found
}

// isDone: the method Done of a context.
func isDone(call ssa.CallInstruction) bool {
	common := call.Common()
	return common.IsInvoke() && common.Method.Name() == "Done" && stub.IsContext(common.Value.Type())
}

// onlyRun returns the function that a call of a function value runs, if that is
// one.
func (info *Info) onlyRun(call ssa.CallInstruction) *ssa.Function {
	if callees := info.SSA.CalleesOrPassed(call); len(callees) == 1 {
		return callees[0]
	}
	return nil
}

// workOf returns what one call does with the RPC's context.
func (info *Info) workOf(f *Frame, call ssa.CallInstruction) Work {
	for i, arg := range call.Common().Args {
		if stub.IsContext(arg.Type()) && info.derives(f, arg) {
			if work := info.workWith(call.Common(), i); work.What != "" {
				return work
			}
		}
	}
	return Work{}
}

// workWith returns what a call does with the context in its i-th argument,
// functions of this package left out.
func (info *Info) workWith(common *ssa.CallCommon, i int) Work {
	obj := program.CalledObject(common)
	if obj == nil || obj.Pkg() == nil {
		return Work{}
	}
	if rpc := info.stubs.RPC(obj); rpc != nil {
		return Work{What: rpc.Name, RPC: true}
	}
	if names := waiting[obj.Pkg().Path()]; slices.Contains(names, obj.Name()) {
		return Work{What: obj.Name()}
	}
	if fact := info.factOf(obj); fact != nil && !common.IsInvoke() {
		for _, w := range fact.Works {
			if w.Param == i {
				return w
			}
		}
	}
	return Work{}
}

// RPCWith returns the name of the RPC that a call makes with the context in
// one of its arguments, by itself or in the functions that it calls; "" if
// none is known.
func (info *Info) RPCWith(call ssa.CallInstruction, ctx ssa.Value) string {
	if info.SSA == nil {
		return "" // a package with metadata that makes no RPCs
	}
	if work := info.workIn(call, ctx); work.RPC {
		return work.What
	}
	return ""
}

// workIn returns what a call does with a context in one of its arguments.
func (info *Info) workIn(call ssa.CallInstruction, ctx ssa.Value) Work {
	common := call.Common()
	for i, arg := range common.Args {
		if arg != ctx {
			continue
		}
		if work := info.workWith(common, i); work.What != "" {
			return work
		}
		fn, _ := info.SSA.Callee(common)
		if fn == nil {
			fn = info.onlyRun(call)
		}
		if fn == nil || fn.Blocks == nil || len(fn.Params) != len(common.Args) {
			continue
		}
		inner := &Frame{Func: fn, contexts: []*ssa.Parameter{fn.Params[i]}}
		if work := info.works(inner, 0, make(map[*ssa.Function]bool)); work.What != "" {
			return work
		}
	}
	return Work{}
}

// waiting are functions of the standard library that fail when their
// context is cancelled.
var waiting = map[string][]string{
	"database/sql": {"QueryContext", "QueryRowContext", "ExecContext", "BeginTx", "PrepareContext", "PingContext"},
	"net/http":     {"NewRequestWithContext"},
	"os/exec":      {"CommandContext"},
	"net":          {"DialContext", "LookupHost", "LookupIPAddr"},
}

// factOf returns what the package of a function tells about it, or nil.
func (info *Info) factOf(obj *types.Func) *FuncFact {
	if told := info.known.Of(obj); told != nil && obj.Pkg() != info.pass.Pkg {
		return told.Funcs.Of(obj)
	}
	return nil
}

// streamsAfter finds goroutines that use the handler's stream, which may be
// over: nobody waits for them.
func (info *Info) streamsAfter(f *Frame) []*Site {
	if len(f.Chain) > 0 || f.Handler == nil {
		return nil // the handler itself decides when it is over
	}
	var sites []*Site
	for _, u := range info.streams.Uses(f.Func) {
		if !u.Concurrent() || u.Side != streams.Server || u.Loose || u.Op != streams.Send && u.Op != streams.Recv {
			continue
		}
		param, ok := u.Place.Root.(*ssa.Parameter)
		if !ok || !slices.Contains(f.contexts, param) || len(u.Place.Fields()) > 0 || info.awaited(u.At) {
			continue
		}
		if slices.ContainsFunc(sites, func(s *Site) bool { return s.Instr == u.At }) {
			continue
		}
		what := "sends"
		if u.Op == streams.Recv {
			what = "receives"
		}
		sites = append(sites, &Site{Kind: StreamAfter, Frame: f, Instr: u.At, What: what})
	}
	return sites
}
