package ctxflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// cancelledByTimer reports whether the cancel function that a call returns
// beside a context is run by a timer:
//
//	ctx, cancel := context.WithCancel(parent)
//	time.AfterFunc(timeout, cancel)
//
// or by a closure that has to do with time. That is a deadline in effect.
func (f *follower) cancelledByTimer(ctx *ssa.Extract) bool {
	if _, ok := ctx.Tuple.(*ssa.Call); !ok || !stub.IsContext(ctx.Type()) {
		return false
	}
	for _, user := range *ctx.Tuple.Referrers() {
		cancel, ok := user.(*ssa.Extract)
		if !ok {
			continue
		}
		if _, ok := cancel.Type().Underlying().(*types.Signature); ok && f.usedByTimer(cancel) {
			return true
		}
	}
	return false
}

// usedByTimer looks at what becomes of a cancel function.
func (f *follower) usedByTimer(cancel ssa.Value) bool {
	found := false
	trail := f.Follow(cancel, func(_ ssa.Value, by ssa.Instruction) bool {
		if call, ok := by.(ssa.CallInstruction); ok {
			obj := program.CalledObject(call.Common())
			found = found || obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "time" // time.AfterFunc
		}
		return !found
	})
	for v := range trail.Values {
		if _, passed := v.(*ssa.Parameter); passed {
			continue
		}
		for fn := v.Parent(); fn != nil && fn != cancel.Parent() && fn.Parent() != nil; fn = fn.Parent() {
			found = found || namesTime(fn)
		}
	}
	return found
}

// namesTime: the function, or a literal in it, waits for a timer.
func namesTime(fn *ssa.Function) bool {
	if slices.ContainsFunc(fn.AnonFuncs, namesTime) {
		return true
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			obj := program.CalledObject(call.Common())
			if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "time" {
				continue
			}
			switch obj.Name() {
			case "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep":
				return true
			}
		}
	}
	return false
}
