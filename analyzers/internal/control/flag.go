package control

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Flags follow variables of type bool that are set to a constant, and looked
// at later:
//
//	if errors.Is(err, io.EOF) {
//		done = true
//	}
//	...
//	if done {
//		break
//	}
//
// The zero Flags are ready to use, for one function.
type Flags struct {
	bits map[*ssa.Phi]uint64
}

// A FlagState is what is known of them on one way.
type FlagState struct{ known, set uint64 }

// Edge returns what is known behind an edge.
func (f *Flags) Edge(s FlagState, from, to *ssa.BasicBlock) FlagState {
	next := s
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		bit := f.bit(phi)
		next.known, next.set = next.known&^bit, next.set&^bit
		if value, ok := f.on(s, phi, from); ok {
			next.known |= bit
			if value {
				next.set |= bit
			}
		}
	}
	return next
}

// bit is that of a variable; none is left for the 65th, of which nothing is
// known then.
func (f *Flags) bit(phi *ssa.Phi) uint64 {
	if bit, ok := f.bits[phi]; ok {
		return bit
	}
	if f.bits == nil {
		f.bits = make(map[*ssa.Phi]uint64)
	}
	f.bits[phi] = 1 << len(f.bits)
	return f.bits[phi]
}

// on returns the value that a phi takes on an edge.
func (f *Flags) on(s FlagState, phi *ssa.Phi, from *ssa.BasicBlock) (value, known bool) {
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
			bit := f.bits[v]
			return s.set&bit != 0, s.known&bit != 0
		}
		return false, false
	}
	return false, false
}

// Allows reports whether a condition can come out so.
func (f *Flags) Allows(s FlagState, cond ssa.Value, outcome bool) bool {
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, outcome = not.X, !outcome
	}
	phi, ok := cond.(*ssa.Phi)
	if !ok {
		return true
	}
	bit := f.bits[phi]
	return s.known&bit == 0 || (s.set&bit != 0) == outcome
}

// Repeats reports whether some way leads from behind an instruction back to
// it, without one that stops it. Where a variable of type bool says that it
// has been there, none does:
//
//	if !started {
//		started = true
//		go receive()
//	}
func Repeats(instr ssa.Instruction, stops func(ssa.Instruction) bool) bool {
	found := false
	var flags Flags
	w := Ways[FlagState]{
		Step: func(s FlagState, at ssa.Instruction) (FlagState, bool) {
			found = found || at == instr
			return s, !found && !stops(at)
		},
		Branch: func(s FlagState, cond ssa.Value, outcome bool) (FlagState, bool) {
			return s, flags.Allows(s, cond, outcome)
		},
		Edge: func(s FlagState, from, to *ssa.BasicBlock) FlagState { return flags.Edge(s, from, to) },
	}
	w.After(instr, FlagState{})
	return found
}
