package serving

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/finding"
)

// An End is a call that ends the process.
type End struct {
	Called string              // "log.Fatal"
	Instr  ssa.CallInstruction // in the function that was asked about
	Via    []string            // functions from the called one to the one that does it
	At     finding.Remote

	choice *choice // by which callers of the function choose it, nil for none
}

// End returns how a function of the package ends the process, itself or by what
// it calls; nil if it is not known to.
func (info *Info) End(fn *ssa.Function) *End { return info.engine().endOf(fn) }

func (e *engine) endOf(fn *ssa.Function) *End {
	if known, ok := e.ends[fn]; ok {
		return known
	}
	e.ends[fn] = nil // recursion
	var found *End
	for _, block := range fn.Blocks {
		if asserts(block) {
			continue
		}
		choice := choiceOf(block)
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			end := e.endBy(call)
			if end != nil && choice != nil {
				end.choice = choice
			}
			if end != nil && (found == nil || found.choice != nil && end.choice == nil || len(end.Via) < len(found.Via)) {
				found = end
			}
		}
	}
	e.ends[fn] = found
	return found
}

func (e *engine) endBy(call ssa.CallInstruction) *End {
	local, obj := e.Callee(call.Common())
	if called := noreturn.Ender(obj); called != "" {
		if args := call.Common().Args; obj.Name() == "Exit" && len(args) == 1 {
			if c, ok := args[0].(*ssa.Const); ok && c.Value != nil && c.Int64() == 0 {
				return nil // a server that is asked to stop
			}
		}
		return &End{Called: called, Instr: call, At: e.remote(call.Pos())}
	}
	if _, isGo := call.(*ssa.Go); isGo || call.Common().IsInvoke() {
		return nil
	}
	if end := e.endByHelper(call); end != nil {
		return end
	}
	if local != nil {
		inner := e.endOf(local)
		if inner != nil && inner.choice != nil {
			inner = inner.chosen(e.ArgOf(call, inner.choice.param))
		}
		if inner == nil || obj == nil {
			return inner // of a literal, which is part of the function
		}
		return &End{Called: inner.Called, Instr: call, Via: append([]string{obj.Name()}, inner.Via...), At: inner.At, choice: inner.choice}
	}
	if obj == nil {
		return nil
	}
	if fact := e.fact(obj); fact != nil && fact.Ends != "" {
		end := &End{Called: fact.Ends, Instr: call, Via: []string{obj.Name()}, At: fact.EndsAt}
		if fact.EndsBy > 0 {
			end.choice = &choice{value: fact.EndsFor}
			end = end.chosen(program.SignatureArg(call, fact.EndsBy-1))
		}
		return end
	}
	if called := e.Exits(obj); called != "" {
		return &End{Called: called, Instr: call, Via: []string{obj.Name()}}
	}
	return nil
}

// endByHelper: a function literal ends the process that the call hands to one
// who calls it.
func (e *engine) endByHelper(call ssa.CallInstruction) *End {
	for _, h := range e.handedLiterals(call) {
		end := e.endOf(h.fn)
		if end != nil && end.choice != nil {
			end = end.chosen(h.Arg(end.choice.param))
		}
		if end != nil {
			return end
		}
	}
	return nil
}

// chosen is an end behind a choice, seen from a call that passes arg: one
// that passes another constant does not come to it.
func (e *End) chosen(arg ssa.Value) *End {
	if e == nil || e.choice == nil {
		return e
	}
	made := *e
	made.choice = nil
	switch arg := arg.(type) {
	case *ssa.Const:
		if arg.Value == nil || arg.Value.ExactString() != e.choice.value {
			return nil
		}
	case *ssa.Parameter:
		made.choice = &choice{arg, e.choice.value}
	}
	return &made
}

// endsSomewhere reports whether the package names a function that ends the
// process.
func endsSomewhere(pass *analysis.Pass) bool {
	ends := pass.ResultOf[noreturn.Analyzer].(*noreturn.Index)
	for _, obj := range pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && (noreturn.Ender(fn) != "" || ends.Exits(fn) != "") {
			return true
		}
	}
	return false
}
