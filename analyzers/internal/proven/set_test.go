package proven

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// Sets are what maps are, whatever is done with them.
func TestSet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	type pair struct {
		set  Set[int]
		keys map[int]bool
	}
	pairs := []pair{{Set[int]{reached: true}, map[int]bool{}}}
	for range 2000 {
		a, b := pairs[random.IntN(len(pairs))], pairs[random.IntN(len(pairs))]
		next := pair{keys: make(map[int]bool)}
		switch random.IntN(3) {
		case 0:
			k := random.IntN(50)
			next.set, next.keys = a.set.with([]int{k}), maps.Clone(a.keys)
			next.keys[k] = true
		case 1:
			next.set = a.set.Meet(b.set)
			for k := range a.keys {
				if b.keys[k] {
					next.keys[k] = true
				}
			}
		case 2:
			next.set, next.keys = a.set.or(b.set), maps.Clone(a.keys)
			maps.Copy(next.keys, b.keys)
		}
		if got, want := slices.Sorted(next.set.All), slices.Sorted(maps.Keys(next.keys)); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for k := range 50 {
			if next.set.Has(k) != next.keys[k] {
				t.Fatalf("Has(%d) is %t", k, !next.keys[k])
			}
		}
		for _, p := range pairs {
			if next.set.equal(p.set) != maps.Equal(next.keys, p.keys) {
				t.Fatalf("equal is wrong of %v and %v", next.keys, p.keys)
			}
		}
		if pairs = append(pairs, next); len(pairs) > 40 {
			pairs = pairs[1:]
		}
	}
}

// At a place that is never reached, everything holds.
func TestUnreached(t *testing.T) {
	var nowhere Set[int]
	some := Set[int]{reached: true}.with([]int{1})
	switch {
	case !nowhere.Has(7), nowhere.Reached():
		t.Error("something does not hold")
	case !nowhere.Meet(some).equal(some), !some.Meet(nowhere).equal(some):
		t.Error("it takes something from others")
	case nowhere.or(some).Reached():
		t.Error("it is reached by more being known")
	}
}
