package budget

import (
	"slices"
	"testing"
)

// sources answers where the values of a graph come from: from those without
// edges.
func sources(meter *Meter, edges map[int][]int) func(int) []int {
	m := NewMemo[int, []int](meter, nil, []int{-1})
	var of func(int) []int
	of = func(v int) []int {
		return m.Of(v, func() []int {
			if edges[v] == nil {
				return []int{v}
			}
			var all []int
			for _, e := range edges[v] {
				all = append(all, of(e)...)
			}
			slices.Sort(all)
			return slices.Compact(all)
		})
	}
	return of
}

// Each value of a circle has all sources of the circle, whichever is asked
// for first.
func TestMemoCircles(t *testing.T) {
	// 1 and 2 are a circle inside of that of 0, 1 and 3; 10, 11 and 12 are
	// sources.
	edges := map[int][]int{0: {1, 10}, 1: {2, 3}, 2: {1, 11}, 3: {0, 12}}
	want := []int{10, 11, 12}
	for first := range 4 {
		of := sources(new(Meter), edges)
		for i := range 4 {
			v := (first + i) % 4
			if got := of(v); !slices.Equal(got, want) {
				t.Errorf("asked for %d first: sources of %d: %v, want %v", first, v, got, want)
			}
		}
	}
}

// The ways through n branches are 2^n, the values 2n.
func TestMemoSteps(t *testing.T) {
	branches := func(n int, loop bool) map[int][]int {
		edges := make(map[int][]int)
		for i := range n {
			edges[i] = []int{i + 1, 1000 + i}
			edges[1000+i] = []int{i + 1}
		}
		if loop {
			edges[n] = []int{0, 5000}
		}
		return edges
	}
	for _, loop := range []bool{false, true} {
		var steps [2]int64
		for i, n := range []int{200, 400} {
			meter := new(Meter)
			of := sources(meter, branches(n, loop))
			for v := range n {
				of(v)
			}
			steps[i] = meter.Steps()
		}
		if steps[1] > 3*steps[0] {
			t.Errorf("loop %t: %d steps for 200 branches, %d for 400", loop, steps[0], steps[1])
		}
	}
}

// What costs too much is not known.
func TestMemoBeyond(t *testing.T) {
	edges := make(map[int][]int)
	for i := range Steps + 10 {
		edges[i] = []int{i + 1}
	}
	of := sources(new(Meter), edges)
	if got := of(0); !slices.Equal(got, []int{-1}) {
		t.Errorf("sources: %v", got)
	}
	if got := of(Steps); !slices.Equal(got, []int{Steps + 10}) {
		t.Errorf("sources of a question that costs little: %v", got)
	}
}
