package ctxflow

import (
	"go/types"

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
		if _, ok := cancel.Type().Underlying().(*types.Signature); ok && f.usedByTimer(cancel, make(map[ssa.Value]bool)) {
			return true
		}
	}
	return false
}

// usedByTimer looks at what becomes of a cancel function, or of a struct that
// holds it, through the variable that closures share and the helpers that get
// it. What is stored back into its own variable (stop := cancel; cancel = stop)
// comes by again: seen holds what has been looked at.
func (f *follower) usedByTimer(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, user := range *v.Referrers() {
		switch user := user.(type) {
		case *ssa.ChangeType:
			if f.usedByTimer(user, seen) {
				return true
			}
		case *ssa.Store:
			at := user.Addr
			if field, ok := at.(*ssa.FieldAddr); ok {
				at = field.X
			}
			if alloc, ok := at.(*ssa.Alloc); ok && user.Val == v && f.usedByTimer(alloc, seen) {
				return true
			}
		case *ssa.UnOp:
			if f.usedByTimer(user, seen) {
				return true
			}
		case *ssa.FieldAddr:
			if f.usedByTimer(user, seen) {
				return true
			}
		case *ssa.MakeClosure:
			if namesTime(user.Fn.(*ssa.Function)) {
				return true
			}
		case ssa.CallInstruction:
			obj := program.CalledObject(user.Common())
			if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "time" {
				return true // time.AfterFunc
			}
			for _, fn := range f.Callees(user) {
				for _, param := range fn.Params {
					if f.ArgOf(user, param) == v && f.usedByTimer(param, seen) {
						return true
					}
				}
			}
		}
	}
	return false
}

// namesTime: the function waits for a timer.
func namesTime(fn *ssa.Function) bool {
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
