// Package proven finds out what conditions and instructions have established
// by the time that control reaches a place: on every way there, not only on
// those that dominate it.
package proven

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An Analysis says what things of type K are, and what proves them.
type Analysis[K comparable] struct {
	// Condition returns what holds if a condition has come out as given.
	// Negations and conditions put together by && and || are taken apart
	// before.
	Condition func(cond ssa.Value, outcome bool) []K
	// Instruction returns what holds after an instruction. It may be nil.
	Instruction func(instr ssa.Instruction, known Set[K]) []K
	// Entry is what holds when the function begins; the zero Set for
	// nothing.
	Entry Set[K]
}

// Walk visits the instructions of a function, each with what is known before
// it.
func (a *Analysis[K]) Walk(fn *ssa.Function, visit func(instr ssa.Instruction, known Set[K])) {
	if len(fn.Blocks) == 0 {
		return
	}
	s := solver[K]{Analysis: a, in: make([]Set[K], len(fn.Blocks)), out: make([]Set[K], len(fn.Blocks))}
	s.solve(fn)
	for _, block := range fn.Blocks {
		known := s.in[block.Index]
		for _, instr := range block.Instrs {
			visit(instr, known)
			known = s.after(instr, known)
		}
	}
}

type solver[K comparable] struct {
	*Analysis[K]
	in, out []Set[K]   // by block
	taken   []*ssa.Phi // stored conditions that are being taken apart
}

func (s *solver[K]) after(instr ssa.Instruction, known Set[K]) Set[K] {
	if s.Instruction == nil || !known.reached {
		return known
	}
	return known.with(s.Instruction(instr, known))
}

func (s *solver[K]) solve(fn *ssa.Function) {
	entry := s.Entry
	entry.reached = true
	// What is known only shrinks from round to round; the limit is for what a
	// stored condition, read before its ways are known, might stir up.
	for round, changed := 0, true; changed && round < 2*len(fn.Blocks)+8; round++ {
		changed = false
		for _, block := range fn.Blocks {
			var in Set[K] // unreached so far
			if block.Index == 0 || block == fn.Recover {
				in = entry
			}
			for _, pred := range block.Preds {
				in = in.Meet(s.edge(pred, block))
			}
			if !in.reached {
				continue
			}
			out := in
			for _, instr := range block.Instrs {
				out = s.after(instr, out)
			}
			if !s.in[block.Index].equal(in) || !s.out[block.Index].equal(out) {
				s.in[block.Index], s.out[block.Index] = in, out
				changed = true
			}
		}
	}
}

// edge returns what is known on the way from pred to its successor.
func (s *solver[K]) edge(pred, succ *ssa.BasicBlock) Set[K] {
	out := s.out[pred.Index]
	if !out.reached || len(pred.Instrs) == 0 {
		return out
	}
	branch, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
	if !ok || pred.Succs[0] == pred.Succs[1] {
		return out
	}
	return s.outcome(out, branch.Cond, pred.Succs[0] == succ)
}

// outcome adds to what is known what a condition's outcome proves.
func (s *solver[K]) outcome(known Set[K], cond ssa.Value, outcome bool) Set[K] {
	if !known.reached {
		return known
	}
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return s.outcome(known, c.X, !outcome)
		}
	case *ssa.Phi:
		// a && b, kept in a variable: false on the way on which a is
		// false, else b. A variable that a loop changes leads back to
		// itself.
		if slices.Contains(s.taken, c) || len(s.taken) > 3 {
			return known
		}
		s.taken = append(s.taken, c)
		defer func() { s.taken = s.taken[:len(s.taken)-1] }()
		var ways Set[K]
		for i, edge := range c.Edges {
			if k, ok := edge.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.Bool {
				if constant.BoolVal(k.Value) == outcome {
					ways = ways.Meet(s.edge(c.Block().Preds[i], c.Block()))
				}
				continue
			}
			ways = ways.Meet(s.outcome(s.edge(c.Block().Preds[i], c.Block()), edge, outcome))
		}
		if ways.reached {
			known = known.or(ways)
		}
		return known.with(s.Condition(c, outcome))
	}
	return known.with(s.Condition(cond, outcome))
}

// Excludes reports whether a comparison of a whole number, such as a length,
// with a constant cannot have come out as given if the number is n.
func Excludes(cmp *ssa.BinOp, isNumber func(ssa.Value) bool, n int64, outcome bool) bool {
	x, op, c := cmp.X, cmp.Op, cmp.Y
	if isNumber(c) {
		x, c, op = cmp.Y, cmp.X, Mirrored(cmp.Op)
	}
	k, ok := c.(*ssa.Const)
	if !ok || !IsComparison(op) || !isNumber(x) || k.Value == nil || k.Value.Kind() != constant.Int {
		return false
	}
	return constant.Compare(constant.MakeInt64(n), op, k.Value) != outcome
}

// IsComparison reports whether an operator compares.
func IsComparison(op token.Token) bool {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}

// Mirrored returns the comparison that says the same of exchanged operands.
func Mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.GTR:
		return token.LSS
	case token.LEQ:
		return token.GEQ
	case token.GEQ:
		return token.LEQ
	}
	return op
}
