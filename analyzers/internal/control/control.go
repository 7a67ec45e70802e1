// Package control answers questions about the ways that control can take
// through a function in SSA form.
package control

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/loops"
)

// A Loop is a natural loop.
type Loop struct{ *loops.Loop }

// Holds reports whether an instruction is part of the loop.
func (l *Loop) Holds(instr ssa.Instruction) bool { return l.Blocks[instr.Block()] }

// Counts reports whether the loop's head ends it after a number of turns: a
// range over a list, a map or a number, a comparison of numbers.
func (l *Loop) Counts() bool {
	switch l.Header.Comment {
	case "rangeindex.loop", "rangeiter.loop", "rangeint.loop", "rangeint.body":
		return true
	}
	test, ok := Last(l.Header).(*ssa.If)
	if !ok {
		return false
	}
	cond, ok := test.Cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	basic, ok := cond.X.Type().Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0
}

// Loops returns the natural loops of a function, outer ones before inner
// ones.
func Loops(fn *ssa.Function) []*Loop {
	var list []*Loop
	for _, l := range loops.Of(fn) {
		list = append(list, &Loop{l})
	}
	return list
}

// Nests returns the loops around each block of a function, outer ones first.
func Nests(fn *ssa.Function) map[*ssa.BasicBlock][]*Loop {
	nests := make(map[*ssa.BasicBlock][]*Loop)
	for _, l := range Loops(fn) {
		for block := range l.Blocks {
			nests[block] = append(nests[block], l)
		}
	}
	return nests
}

// Dominates reports whether x is on every way to y and comes before it. Both
// are of the same function.
func Dominates(x, y ssa.Instruction) bool {
	if x.Block() != y.Block() {
		return x.Block().Dominates(y.Block())
	}
	for _, instr := range x.Block().Instrs {
		switch instr {
		case x:
			return x != y
		case y:
			return false
		}
	}
	return false
}

// Always reports whether every way to the end of a function leads through a
// block. What is left behind a panic is no such way.
func Always(block *ssa.BasicBlock) bool {
	fn := block.Parent()
	return !slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		_, returns := Last(b).(*ssa.Return)
		return returns && b != fn.Recover && !block.Dominates(b)
	})
}

// Last returns the instruction that ends a block.
func Last(block *ssa.BasicBlock) ssa.Instruction { return block.Instrs[len(block.Instrs)-1] }

// Ways follows every way that control can take, with a state that says what
// is known on it. The zero functions know nothing and go everywhere.
type Ways[S comparable] struct {
	// Step is told of each instruction, with the state before it. It
	// returns the state behind it, and whether the way goes on.
	Step func(state S, instr ssa.Instruction) (S, bool)
	// Branch is told of each edge out of an If. It returns the state
	// behind the edge, and whether the edge can be taken.
	Branch func(state S, cond ssa.Value, outcome bool) (S, bool)
	// Edge is told of each edge; it may forget what a phi replaces.
	Edge func(state S, from, to *ssa.BasicBlock) S

	seen map[visit[S]]bool
}

type visit[S comparable] struct {
	block *ssa.BasicBlock
	state S
}

// After follows the ways behind an instruction.
func (w *Ways[S]) After(instr ssa.Instruction, state S) {
	block := instr.Block()
	w.from(block, slices.Index(block.Instrs, instr)+1, state)
}

// Start follows the ways from the beginning of a function.
func (w *Ways[S]) Start(fn *ssa.Function, state S) {
	if len(fn.Blocks) > 0 {
		w.from(fn.Blocks[0], 0, state)
	}
}

// patience bounds how many pairs of block and state are looked at.
const patience = 20_000

func (w *Ways[S]) from(block *ssa.BasicBlock, i int, state S) {
	if w.seen == nil {
		w.seen = make(map[visit[S]]bool)
	}
	for _, instr := range block.Instrs[i:] {
		if w.Step == nil {
			break
		}
		var goesOn bool
		if state, goesOn = w.Step(state, instr); !goesOn {
			return
		}
	}
	test, isIf := Last(block).(*ssa.If)
	for i, succ := range block.Succs {
		next := state
		if isIf && w.Branch != nil {
			var possible bool
			if next, possible = w.Branch(state, test.Cond, i == 0); !possible {
				continue
			}
		}
		if w.Edge != nil {
			next = w.Edge(next, block, succ)
		}
		at := visit[S]{succ, next}
		if !w.seen[at] && len(w.seen) < patience {
			w.seen[at] = true
			w.from(succ, 0, next)
		}
	}
}

// Reaches reports whether some way leads from behind one instruction to
// another without an instruction that stops it.
func Reaches(from, to ssa.Instruction, stops func(ssa.Instruction) bool) bool {
	found := false
	w := Ways[struct{}]{Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
		if instr == to {
			found = true
		}
		return s, !found && (stops == nil || !stops(instr))
	}}
	w.After(from, struct{}{})
	return found
}
