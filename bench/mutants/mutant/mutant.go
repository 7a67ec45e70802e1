// Package mutant decides conditions of programs that mutants rewrote: as they
// are, or as one mutant has them.
package mutant

import "sync/atomic"

// A Kind is what a mutant makes of a condition.
type Kind int

const (
	Not   Kind = iota // its reverse
	True              // it always holds
	False             // it never holds
	Edge              // < is <=, > is >=, and the reverse
)

// Seen is what a condition was.
const (
	SeenTrue = 1 << iota
	SeenFalse
	SeenEdge // once it would have been another with Edge
)

// The conditions of a program are all over it, so which of them is mutated
// cannot be handed to them. This package is in no program but the judge.
var (
	active = -1
	kind   Kind
	seen   []atomic.Uint32 // by condition, while they are recorded
)

// Activate mutates a condition; a negative one means none.
func Activate(condition int, k Kind) { active, kind = condition, k }

// Record begins to note what n conditions are, and returns what ends it and
// gives the notes.
func Record(n int) (end func() []uint32) {
	seen = make([]atomic.Uint32, n)
	return func() []uint32 {
		noted := make([]uint32, len(seen))
		for i := range seen {
			noted[i] = seen[i].Load()
		}
		seen = nil
		return noted
	}
}

// Bool returns a condition.
func Bool(condition int, is bool) bool { return decide(condition, is, is) }

// Order returns a comparison; edge is what it would be with the other
// operator.
func Order(condition int, is, edge bool) bool { return decide(condition, is, edge) }

func decide(condition int, is, edge bool) bool {
	if condition < len(seen) {
		bits := uint32(SeenFalse)
		if is {
			bits = SeenTrue
		}
		if is != edge {
			bits |= SeenEdge
		}
		seen[condition].Or(bits)
	}
	if condition != active {
		return is
	}
	switch kind {
	case Not:
		return !is
	case True:
		return true
	case False:
		return false
	}
	return edge
}
