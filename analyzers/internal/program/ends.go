package program

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
)

// NeverReturns reports whether control surely or presumably does not come
// back from a call. Behind most of those that surely do not, there is nothing
// in the SSA form anyway; what is left are literals, methods of interfaces,
// and functions of which nobody has told what they do.
func (p *Program) NeverReturns(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	fn := call.Call.StaticCallee()
	if fn != nil && fn.Parent() != nil {
		return endless(fn)
	}
	obj := callee(&call.Call)
	return obj != nil && (p.ends.Never(obj) || p.ends.Doubtful(obj) && noreturn.NamedForEnding(obj) || noreturn.EndsEvent(call))
}

// Exits returns how a function ends the process that never comes back, be it
// only with an error: "log.Fatal"; "" for others.
func (p *Program) Exits(fn *types.Func) string { return p.ends.Exits(fn) }

// EndsOn reports whether control presumably does not come back from a call
// that hands over an error, of which isErr tells that it is not nil: the
// called function is known not to return then, or nobody knows what it does
// but that it is not named for a report.
func (p *Program) EndsOn(instr ssa.Instruction, isErr func(ssa.Value) bool) bool {
	return p.endsOn(instr, isErr, 0)
}

func (p *Program) endsOn(instr ssa.Instruction, isErr func(ssa.Value) bool, depth int) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	obj := callee(&call.Call)
	if obj == nil {
		return p.endInside(call, isErr, depth)
	}
	args := call.Call.Args
	if !call.Call.IsInvoke() && obj.Signature().Recv() != nil {
		args = args[1:]
	}
	for i, arg := range args {
		if isErr(arg) && (p.ends.OnError(obj, i) || p.ends.Doubtful(obj) && !namedForReport(obj)) {
			return true
		}
	}
	return p.endInside(call, isErr, depth)
}

// maxEnding bounds how deep the bodies of called functions are looked into.
const maxEnding = 3

// endInside: control leaves none of the functions that a call runs, which see
// the error as a parameter, in a field of one, or in a variable that they
// share; or it does not leave one that the call hands to a helper, which calls
// it.
func (p *Program) endInside(call *ssa.Call, isErr func(ssa.Value) bool, depth int) bool {
	if depth == maxEnding {
		return false
	}
	bodies := p.Inside(call)
	if !control.Sees(call, isErr) {
		bodies = slices.DeleteFunc(bodies, func(in Inside) bool { return !in.Handed }) // what never returns is known
	}
	ends, some := true, false
	for _, in := range bodies {
		leaves := p.leaves(in, isErr, depth)
		if in.Handed && !leaves {
			return true
		}
		if !in.Handed {
			ends, some = ends && !leaves, true
		}
	}
	return ends && some
}

// leaves: control may come back from a function.
func (p *Program) leaves(in Inside, isErr func(ssa.Value) bool, depth int) bool {
	if Catches(in.Fn) != nil || len(in.Fn.Blocks) == 0 {
		return true
	}
	inside := func(v ssa.Value) bool { return isErr(in.Outer(v)) }
	returns := false
	w := control.Ways[control.ErrorState]{
		Step: func(s control.ErrorState, instr ssa.Instruction) (control.ErrorState, bool) {
			if _, ok := instr.(*ssa.Return); ok {
				returns = true
			}
			return s, !returns && !p.NeverReturns(instr) && !p.endsOn(instr, inside, depth+1)
		},
		Branch: func(s control.ErrorState, cond ssa.Value, outcome bool) (control.ErrorState, bool) {
			return s.Refine(in.Outer(cond), outcome, inside)
		},
	}
	w.Start(in.Fn, control.Failed)
	return returns
}

// callee returns the declared function or the method that a call names; nil
// for function values.
func callee(common *ssa.CallCommon) *types.Func {
	if common.IsInvoke() {
		return common.Method
	}
	fn := common.StaticCallee()
	if fn == nil {
		return nil
	}
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// endless: a function literal without a return that control comes to. What
// it defers might recover.
func endless(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr.(type) {
			case *ssa.Return, *ssa.Defer:
				return false
			}
		}
	}
	return len(fn.Blocks) > 0
}

// namedForReport: the name says that a function writes something down.
func namedForReport(fn *types.Func) bool {
	return hasWord(fn.Name(), "error", "warn", "info", "debug", "trace", "print", "log", "report", "record", "observe", "capture")
}

// hasWord: a name begins with one of the words, in upper or lower case.
func hasWord(name string, words ...string) bool {
	name = strings.ToLower(name)
	for _, word := range words {
		if strings.HasPrefix(name, word) {
			return true
		}
	}
	return false
}
