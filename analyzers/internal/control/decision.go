package control

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A Decision is a block that control enters only if a comparison has come out
// in one way.
type Decision struct {
	Entered *ssa.BasicBlock
	Equal   bool
	With    ssa.Value // other side of the comparison
}

// Decides returns the nearest decision about v above a block, in a comparison
// with something that holds; nil for none.
func Decides(v ssa.Value, block *ssa.BasicBlock, holds func(ssa.Value) bool) *Decision {
	var nearest *Decision
	for d := range Decisions(v, holds) {
		if d.Entered.Dominates(block) && (nearest == nil || nearest.Entered.Dominates(d.Entered)) {
			nearest = &d
		}
	}
	return nearest
}

// Decisions yields the decisions about v, in comparisons with something that
// holds. It looks at what is done with v, and not at the blocks above some
// place, of which there are as many as statements.
func Decisions(v ssa.Value, holds func(ssa.Value) bool) func(yield func(Decision) bool) {
	return func(yield func(Decision) bool) {
		for name := range names(v) {
			for _, user := range *name.Referrers() {
				cmp, ok := user.(*ssa.BinOp)
				if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
					continue
				}
				with := cmp.Y
				if cmp.X != name {
					with = cmp.X
				}
				if !holds(with) {
					continue
				}
				for d := range branches(cmp) {
					d.With = with
					if !yield(d) {
						return
					}
				}
			}
		}
	}
}

// branches yields the blocks that the outcome of a comparison leads to, and
// nothing else.
func branches(cmp *ssa.BinOp) func(yield func(Decision) bool) {
	return func(yield func(Decision) bool) {
		work := []ssa.Value{cmp}
		for len(work) > 0 {
			cond := work[len(work)-1]
			work = work[:len(work)-1]
			for _, user := range *cond.Referrers() {
				switch user := user.(type) {
				case *ssa.UnOp:
					if user.Op == token.NOT {
						work = append(work, user)
					}
				case *ssa.If:
					for _, succ := range user.Block().Succs {
						if b, equal := ComparisonOn(user.Block(), succ); b == cmp && len(succ.Preds) == 1 {
							if !yield(Decision{Entered: succ, Equal: equal}) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// names yields v and the reads of the variables that it is read from, or put
// into, with the same last assignment.
func names(v ssa.Value) func(yield func(ssa.Value) bool) {
	return func(yield func(ssa.Value) bool) {
		if v.Referrers() == nil || !yield(v) {
			return
		}
		var stores []*ssa.Store
		if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
			stores = append(stores, LastStore(load))
		}
		for _, user := range *v.Referrers() {
			if store, ok := user.(*ssa.Store); ok && store.Val == v {
				stores = append(stores, store)
			}
		}
		for _, last := range stores {
			if last == nil {
				continue
			}
			alloc, ok := last.Addr.(*ssa.Alloc)
			if !ok {
				continue
			}
			for _, user := range *alloc.Referrers() {
				other, ok := user.(*ssa.UnOp)
				if ok && other != v && other.Op == token.MUL && last.Block().Dominates(other.Block()) && LastStore(other) == last && !yield(other) {
					return
				}
			}
		}
	}
}

// ComparisonOn returns the comparison that decides that control goes from
// one block to another, and whether it goes there if both sides are equal.
func ComparisonOn(from, to *ssa.BasicBlock) (b *ssa.BinOp, equal bool) {
	test, ok := Last(from).(*ssa.If)
	if !ok || from.Succs[0] == from.Succs[1] {
		return nil, false
	}
	outcome := from.Succs[0] == to
	cond := test.Cond
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, outcome = not.X, !outcome
	}
	b, ok = cond.(*ssa.BinOp)
	if !ok || b.Op != token.EQL && b.Op != token.NEQ {
		return nil, false
	}
	return b, outcome == (b.Op == token.EQL)
}
