package ctxflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// bindCallbacks finds the functions that call a func-typed parameter with a
// context (retry(ctx, func(ctx context.Context) error {...})), and makes
// each call that hands them a function of this package a call site of that
// function.
func (f *flow) bindCallbacks() {
	// A helper may hand its parameter on to another helper: repeat until
	// nothing is added. Each round adds one level; deeper nesting than
	// this has not been seen and ends in silence.
	const levels = 4
	for range levels {
		if !f.findCallbacks() {
			break
		}
	}
	for instr := range f.instructions() {
		call, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		for _, back := range f.callbacksOf(call) {
			handed := program.SignatureArg(call, back.fn)
			if handed == nil {
				continue
			}
			fn, _ := f.function(handed)
			if fn != nil {
				f.index.callers[fn] = append(f.index.callers[fn], callSite{call: call, back: &back})
			}
		}
	}
}

// callbacksOf returns the callbacks of the function that a call runs.
func (f *flow) callbacksOf(call ssa.CallInstruction) []callback {
	if obj := calledObject(call); obj != nil {
		if summary := f.summaryOf(obj); summary != nil {
			return f.importedCallbacks(call, summary)
		}
	}
	if call.Common().IsInvoke() {
		return nil
	}
	fn, _ := f.function(call.Common().Value)
	return f.index.callbacks[fn]
}

// findCallbacks makes one round over all calls and reports whether it
// learned anything.
func (f *flow) findCallbacks() bool {
	learned := false
	add := func(fn *ssa.Function, c callback) {
		for i, known := range f.index.callbacks[fn] {
			if known.fn != c.fn || known.arg != c.arg {
				continue
			}
			joined := join(known.o, c.o)
			if len(joined.sources) > len(known.o.sources) || joined.bound != known.o.bound || joined.unknown != known.o.unknown {
				f.index.callbacks[fn][i].o = joined
				learned = true
			}
			return
		}
		f.index.callbacks[fn] = append(f.index.callbacks[fn], c)
		learned = true
	}
	for instr := range f.instructions() {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || call.Common().IsInvoke() {
			continue
		}
		if p := f.funcParam(call.Common().Value); p != nil {
			for i, arg := range call.Common().Args {
				if stub.IsContext(arg.Type()) {
					add(p.Parent(), callback{signatureIndex(p), i, f.originOf(arg)})
				}
			}
			continue
		}
		for _, back := range f.callbacksOf(call) {
			handed := program.SignatureArg(call, back.fn)
			if handed == nil {
				continue
			}
			if p := f.funcParam(handed); p != nil {
				o := f.callbackOrigin(call, &back)
				add(p.Parent(), callback{signatureIndex(p), back.arg, o})
			}
		}
	}
	return learned
}

// funcParam returns the func-typed parameter that v is, be it captured.
func (f *flow) funcParam(v ssa.Value) *ssa.Parameter {
	p, ok := f.held(v).(*ssa.Parameter)
	if !ok || signatureIndex(p) < 0 {
		return nil
	}
	if _, ok := p.Type().Underlying().(*types.Signature); !ok {
		return nil
	}
	return p
}

// callbackOrigin is the origin, at a call, of the context that the called
// function passes to the function it was handed.
func (f *flow) callbackOrigin(call ssa.CallInstruction, back *callback) *origin {
	return f.substitute(back.o, func(p *ssa.Parameter) ssa.Value {
		fn, shift := f.function(call.Common().Value)
		if p.Parent() != fn {
			return p
		}
		return argument(call, p, shift)
	})
}

// importedCallbacks expresses a summary's callbacks at one call of the
// function: what the caller passes is already known.
func (f *flow) importedCallbacks(call ssa.CallInstruction, summary *FuncSummary) []callback {
	var list []callback
	for _, c := range summary.Callbacks {
		var o *origin
		if c.Param < 0 {
			r := Result{Index: -1, Param: -1, Root: c.Root, RootIs: c.RootIs}
			o = &origin{sources: []source{{root: f.remoteRoot(r, summary.Key)}}}
		} else if arg := program.SignatureArg(call, c.Param); arg != nil {
			o = f.originOf(arg)
		} else {
			continue
		}
		if c.Bounded {
			o = withBound(o, bounded)
		}
		list = append(list, callback{c.Func, c.Arg, o})
	}
	return list
}

// exportedCallbacks are the callbacks of a function as importers see them.
func (f *flow) exportedCallbacks(fn *ssa.Function) []Callback {
	var list []Callback
	for _, c := range f.index.callbacks[fn] {
		if c.o.unknown || c.o.bound == sometimes {
			continue
		}
		for _, s := range c.o.sources {
			back := Callback{Func: c.fn, Arg: c.arg, Param: -1, Bounded: c.o.bound == bounded}
			switch {
			case s.root != nil:
				back.Root, back.RootIs = f.remoteOf(s.root), s.root.Is
			case s.param.Parent() == fn && signatureIndex(s.param) >= 0:
				back.Param = signatureIndex(s.param)
			default:
				continue // a parameter of a function around a closure
			}
			list = append(list, back)
		}
	}
	return list
}

// remoteOf describes a root's place to importers.
func (f *flow) remoteOf(r *Root) finding.Remote {
	if r.Call == nil {
		return r.Remote
	}
	return f.remotePlace(r.Call)
}

// remotePlace describes the place of a call to importers.
func (f *flow) remotePlace(call ssa.CallInstruction) finding.Remote {
	return finding.RemoteAt(f.pass.Fset, f.pass.Pkg.Path(), f.ssa.CallPos(call), token.NoPos)
}
