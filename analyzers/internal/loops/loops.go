// Package loops finds the loops of a function in its SSA form, whatever
// statement makes them: for, range or goto.
package loops

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Loop is a natural loop: a block that dominates all others, and those
// from which control comes back to it.
type Loop struct {
	Header *ssa.BasicBlock
	Blocks map[*ssa.BasicBlock]bool
}

// Endless reports whether nothing in the loop's head ends it: "for {" or a
// range over a channel, as opposed to a count or a list.
func (l *Loop) Endless() bool {
	switch l.Header.Comment {
	case "rangechan.loop", "for.body":
		return true
	}
	return false
}

// Of returns the loops of fn, outer ones before inner ones.
func Of(fn *ssa.Function) []*Loop {
	byHeader := make(map[*ssa.BasicBlock]*Loop)
	var loops []*Loop
	for _, block := range fn.Blocks {
		for _, header := range block.Succs {
			if !header.Dominates(block) {
				continue // not a back edge
			}
			l := byHeader[header]
			if l == nil {
				l = &Loop{header, map[*ssa.BasicBlock]bool{header: true}}
				byHeader[header] = l
				loops = append(loops, l)
			}
			work := []*ssa.BasicBlock{block}
			for len(work) > 0 {
				b := work[len(work)-1]
				work = work[:len(work)-1]
				if !l.Blocks[b] {
					l.Blocks[b] = true
					work = append(work, b.Preds...)
				}
			}
		}
	}
	slices.SortStableFunc(loops, func(a, b *Loop) int { return len(b.Blocks) - len(a.Blocks) })
	return loops
}

// Innermost returns the smallest of a function's loops around block, or nil.
func Innermost(loops []*Loop, block *ssa.BasicBlock) *Loop {
	for i := len(loops) - 1; i >= 0; i-- {
		if loops[i].Blocks[block] {
			return loops[i]
		}
	}
	return nil
}
