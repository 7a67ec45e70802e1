package main

import (
	"fmt"

	"github.com/grpclint/grpclint/bench/mutants/mutant"
)

// A tally counts mutants by their kinds.
type tally struct{ killed, all [mutant.Edge + 1]int }

func (t *tally) count(kind mutant.Kind, killed bool) {
	t.all[kind]++
	if killed {
		t.killed[kind]++
	}
}

func (t *tally) add(other tally) {
	for kind := range t.all {
		t.all[kind] += other.all[kind]
		t.killed[kind] += other.killed[kind]
	}
}

func (t *tally) String() string {
	return fmt.Sprintf("noticed %s of those negated, %s always or never so, %s with the next operator",
		share(t.killed[mutant.Not], t.all[mutant.Not]),
		share(t.killed[mutant.True]+t.killed[mutant.False], t.all[mutant.True]+t.all[mutant.False]),
		share(t.killed[mutant.Edge], t.all[mutant.Edge]))
}

func share(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%d of %d (%d%%)", part, whole, 100*part/whole)
}
