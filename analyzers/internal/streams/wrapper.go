package streams

import (
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
)

// A wrapper is a function that does nothing but to call a method of a stream,
// or a stub, and to return all that this returns:
//
//	func (c *client) next() (*pb.Event, error) { return c.stream.Recv() }
//
// Who calls it does the same, as far as one can tell.
type wrapper struct {
	inner *ssa.Call
	via   []target // outermost first
}

const maxWrappers = 3

// wrapperOf returns what a call of a wrapper calls in the end, or nil.
func (info *Info) wrapperOf(call *ssa.Call) *wrapper {
	var w wrapper
	for range maxWrappers {
		targets := info.targets(call)
		if len(targets) != 1 {
			return nil
		}
		inner := onlyCall(targets[0].fn)
		if inner == nil {
			return nil
		}
		w.inner, w.via = inner, append(w.via, targets[0])
		if op, _ := info.opOf(&inner.Call); op != NoOp || info.IsOpen(inner) {
			return &w
		}
		call = inner
	}
	return nil
}

// onlyCall returns the call whose results are those of a function, if it does
// nothing else that matters.
func onlyCall(fn *ssa.Function) *ssa.Call {
	if len(fn.Blocks) != 1 {
		return nil
	}
	block := fn.Blocks[0]
	ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
	if !ok || len(ret.Results) == 0 {
		return nil
	}
	inner := madeBy(ret.Results[0])
	if inner == nil || inner.Call.Signature().Results().Len() != len(ret.Results) {
		return nil
	}
	for i, result := range ret.Results {
		if x, isExtract := result.(*ssa.Extract); isExtract && (x.Tuple != inner || x.Index != i) || !isExtract && result != ssa.Value(inner) {
			return nil
		}
	}
	for _, instr := range block.Instrs {
		switch instr.(type) {
		case *ssa.Defer, *ssa.Go, *ssa.Send, *ssa.MapUpdate:
			return nil // locks, or tells somebody
		}
		if call, ok := instr.(*ssa.Call); ok && call != inner {
			if obj := called(&call.Call); obj == nil || obj.Signature().Recv() != nil {
				return nil // a lock, perhaps
			}
		}
	}
	return inner
}

// outer translates what the inner call of a wrapper sees to the caller.
func (info *Info) outer(w *wrapper, v ssa.Value, caller *ssa.Function) place.Place {
	p := info.Place(v)
	for i := len(w.via) - 1; i >= 0; i-- {
		within := caller
		if i > 0 {
			within = w.via[i-1].fn
		}
		if p = info.outside(p, &w.via[i], within); p.IsZero() {
			break
		}
	}
	return p
}

// Context returns where the context comes from with which a stream is opened.
func (info *Info) Context(open *Call, ctx ssa.Value) place.Place {
	if open.wrapped == nil {
		return info.Place(ctx)
	}
	if p := info.outer(open.wrapped, ctx, open.Func()); !p.IsZero() {
		return p
	}
	return info.Place(ctx)
}
