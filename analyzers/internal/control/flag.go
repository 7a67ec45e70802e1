package control

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A Flag is what is known on one way of a variable of type bool that has been
// set to a constant, and is looked at later:
//
//	if errors.Is(err, io.EOF) {
//		done = true
//	}
//	...
//	if done {
//		break
//	}
//
// The zero Flag knows nothing.
type Flag struct {
	phi   *ssa.Phi
	value bool
}

// Edge returns what is known behind an edge. Of several variables that are
// set, the last counts.
func (f Flag) Edge(from, to *ssa.BasicBlock) Flag {
	known := f
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		value, ok := f.on(phi, from)
		switch {
		case ok:
			known = Flag{phi, value}
		case known.phi == phi:
			known = Flag{} // it is set anew
		}
	}
	return known
}

// on returns the value that a phi takes on an edge.
func (f Flag) on(phi *ssa.Phi, from *ssa.BasicBlock) (value, known bool) {
	for i, pred := range phi.Block().Preds {
		if pred != from {
			continue
		}
		switch v := phi.Edges[i].(type) {
		case *ssa.Const:
			if v.Value != nil && v.Value.Kind() == constant.Bool {
				return constant.BoolVal(v.Value), true
			}
		case *ssa.Phi:
			if v == f.phi {
				return f.value, true
			}
		}
		return false, false
	}
	return false, false
}

// Allows reports whether a condition can come out so.
func (f Flag) Allows(cond ssa.Value, outcome bool) bool {
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, outcome = not.X, !outcome
	}
	return f.phi == nil || cond != ssa.Value(f.phi) || outcome == f.value
}
