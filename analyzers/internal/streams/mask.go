package streams

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
)

// A Mask is a way on which the error of Send is returned, or ends the
// program, although it may be io.EOF and nobody has asked for the status.
type Mask struct {
	Send *ssa.Call       // Send, or a function that returns its error
	Out  ssa.Instruction // the return, or the call that ends the program
}

// Masked returns the first such way of a client's stream in one function.
func (info *Info) Masked(fn *ssa.Function, stream ssa.Value) []Mask {
	var masks []Mask
	p := info.Place(stream)
	for _, call := range info.sends(fn, stream) {
		err := control.ErrorOf(call)
		if err == nil {
			continue // dropped
		}
		var out ssa.Instruction
		w := control.Ways[control.ErrorState]{
			Step: func(s control.ErrorState, instr ssa.Instruction) (control.ErrorState, bool) {
				if out != nil || instr == call || info.mayReceive(instr, p) {
					return s, false
				}
				if s&control.MayBeEOF == 0 || s&control.MayBeNil != 0 {
					return s, true
				}
				if info.SSA.NeverReturns(instr) {
					for _, arg := range instr.(*ssa.Call).Call.Args {
						if control.DependsOn(arg, err) {
							out = instr
						}
					}
					return s, false
				}
				if ret, ok := instr.(*ssa.Return); ok {
					for _, result := range ret.Results {
						if control.IsError(result.Type()) && !control.IsNil(result) && control.DependsOn(result, err) {
							out = instr
						}
					}
				}
				return s, true
			},
			Branch: func(s control.ErrorState, cond ssa.Value, outcome bool) (control.ErrorState, bool) {
				return s.Refine(cond, outcome, err)
			},
		}
		// The way begins where the error has been found.
		w.After(call, control.Failed)
		if out != nil {
			masks = append(masks, Mask{call, out})
		}
	}
	return masks
}

// sends returns the calls of Send on a stream in one function, and of
// functions that return the error of one.
func (info *Info) sends(fn *ssa.Function, stream ssa.Value) []*ssa.Call {
	var calls []*ssa.Call
	p := info.Place(stream)
	for _, c := range info.byFunc[fn] {
		if c.Op == Send && c.Side == Client && c.Place == p && c.Value() != nil {
			calls = append(calls, c.Value())
		}
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.IsInvoke() {
				continue
			}
			for i, arg := range call.Call.Args {
				if SideOf(arg.Type()) == Client && info.Place(arg) == p && info.masksArg(call, i) {
					calls = append(calls, call)
				}
			}
		}
	}
	return calls
}

// masksArg: the called function returns the error of a Send on its i-th
// argument.
func (info *Info) masksArg(call *ssa.Call, i int) bool {
	if targets := info.targets(call); len(targets) > 0 {
		return slices.ContainsFunc(targets, func(t target) bool {
			return t.fn.Parent() == nil && i < len(t.fn.Params) && info.masks(t.fn, t.fn.Params[i])
		})
	}
	fact := info.factOf(called(&call.Call))
	if fact == nil {
		return false
	}
	return slices.Contains(fact.Masks, i)
}

// masks: a function returns the error of a Send on a parameter, and never
// receives from it.
func (info *Info) masks(fn *ssa.Function, p *ssa.Parameter) bool {
	if known, ok := info.masking[p]; ok {
		return known
	}
	info.masking[p] = false
	found := false
	if results := fn.Signature.Results(); results.Len() > 0 && control.IsError(results.At(results.Len()-1).Type()) {
		found = len(info.Masked(fn, p)) > 0 && !info.Receives(fn, p)
	}
	info.masking[p] = found
	return found
}

// Receives reports whether a function, what it calls, or a goroutine that it
// starts may receive from a stream.
func (info *Info) Receives(fn *ssa.Function, stream ssa.Value) bool {
	p := info.Place(stream)
	for _, u := range info.Uses(fn) {
		if u.Place == p && u.Op.Receives() {
			return true
		}
	}
	for _, c := range info.Calls {
		if c.Place == p && c.Op.Receives() {
			return true // in a literal that is called who knows when
		}
	}
	return false
}

// mayReceive: an instruction receives from the stream at p, or hands it to
// something that may.
func (info *Info) mayReceive(instr ssa.Instruction, p place.Place) bool {
	if _, ok := instr.(ssa.CallInstruction); !ok {
		return false
	}
	for _, u := range info.UsesAt(instr) {
		if u.Place == p && u.Op.Receives() {
			return true
		}
	}
	return false
}
