package retryshape

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/proven"
)

// maxAttempts bounds the counting.
const maxAttempts = 1000

// attempts returns how often a loop runs a call at most, 0 if that is not
// known: the smallest of the counts that end it.
func attempts(l *loops.Loop, call *ssa.Call) int {
	least := 0
	for block := range l.Blocks {
		test, ok := block.Instrs[len(block.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		stays := -1
		for i, succ := range block.Succs {
			if !l.Blocks[succ] {
				stays = 1 - i
			}
		}
		cond, isCompare := test.Cond.(*ssa.BinOp)
		if stays < 0 || !isCompare || !l.Blocks[block.Succs[stays]] {
			continue
		}
		if !block.Dominates(call.Block()) && !call.Block().Dominates(block) {
			continue
		}
		if n := countTo(l, cond, stays == 0, block.Dominates(call.Block()) && block != call.Block()); n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

// countTo counts the runs of a call in a loop that a comparison of its
// counter with a constant ends. before: the test comes before the call.
func countTo(l *loops.Loop, cond *ssa.BinOp, staysIf, before bool) int {
	counter, offset, limit, op := cond.X, int64(0), cond.Y, cond.Op
	if _, ok := counter.(*ssa.Const); ok {
		counter, limit, op = limit, counter, proven.Mirrored(op)
	}
	bound, ok := codeflow.ConstInt(limit)
	if !ok {
		return 0
	}
	if sum, ok := counter.(*ssa.BinOp); ok && sum.Op == token.ADD {
		step, isConst := codeflow.ConstInt(sum.Y)
		if !isConst {
			return 0
		}
		counter, offset = sum.X, step
	}
	phi, ok := counter.(*ssa.Phi)
	if !ok || phi.Block() != l.Header {
		return 0
	}
	value, step, ok := induction(l, phi)
	if !ok || step == 0 {
		return 0
	}
	for n := 0; n < maxAttempts; n++ {
		holds := constant.Compare(constant.MakeInt64(value+offset), op, constant.MakeInt64(bound))
		if holds != staysIf {
			if before {
				return n
			}
			return n + 1
		}
		value += step
	}
	return 0
}

// induction returns the first value of a loop's counter and its step.
func induction(l *loops.Loop, phi *ssa.Phi) (first, step int64, ok bool) {
	for i, edge := range phi.Edges {
		if !l.Blocks[phi.Block().Preds[i]] {
			if first, ok = codeflow.ConstInt(edge); !ok {
				return 0, 0, false
			}
			continue
		}
		sum, isSum := edge.(*ssa.BinOp)
		if !isSum || sum.X != phi || sum.Op != token.ADD && sum.Op != token.SUB {
			return 0, 0, false
		}
		n, isConst := codeflow.ConstInt(sum.Y)
		if !isConst {
			return 0, 0, false
		}
		if sum.Op == token.SUB {
			n = -n
		}
		if step != 0 && step != n {
			return 0, 0, false
		}
		step = n
	}
	return first, step, true
}
