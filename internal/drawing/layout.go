package drawing

import (
	"cmp"
	"slices"
)

// columns sorts the boxes into columns, from callers to those that are called,
// and within each so that few arrows cross.
func (p *Picture) columns() [][]int {
	called := make([][]int, len(p.boxes))
	for _, a := range p.arrows {
		if from, to := a.from.box, a.to.box; from != to && !slices.Contains(called[from], to) {
			called[from] = append(called[from], to)
		}
	}
	forward := withoutCircles(called)
	depth := make([]int, len(p.boxes))
	for range p.boxes { // as often as the longest way may have arrows
		for from, list := range forward {
			for _, to := range list {
				depth[to] = max(depth[to], depth[from]+1)
			}
		}
	}
	columns := make([][]int, slices.Max(depth)+1)
	for i, d := range depth {
		columns[d] = append(columns[d], i)
	}
	for range 4 {
		for c := 1; c < len(columns); c++ {
			sortByNeighbours(columns[c], columns[c-1], called, true)
		}
		for c := len(columns) - 2; c >= 0; c-- {
			sortByNeighbours(columns[c], columns[c+1], called, false)
		}
	}
	return columns
}

// withoutCircles leaves out the arrows that lead back to where they may come
// from.
func withoutCircles(called [][]int) [][]int {
	const (
		fresh = iota
		open
		done
	)
	state := make([]int, len(called))
	forward := make([][]int, len(called))
	var visit func(i int)
	visit = func(i int) {
		state[i] = open
		for _, to := range called[i] {
			if state[to] == fresh {
				visit(to)
			}
			if state[to] == done {
				forward[i] = append(forward[i], to)
			}
		}
		state[i] = done
	}
	for i := range called {
		if state[i] == fresh {
			visit(i)
		}
	}
	return forward
}

// sortByNeighbours puts boxes in the order of the middle of those in the next
// column that they have arrows from, or else to.
func sortByNeighbours(column, next []int, called [][]int, from bool) {
	middle := func(i int) float64 {
		sum, count := 0, 0
		for at, other := range next {
			a, b := i, other
			if from {
				a, b = other, i
			}
			if slices.Contains(called[a], b) {
				sum, count = sum+at, count+1
			}
		}
		if count == 0 {
			return float64(slices.Index(column, i))
		}
		return float64(sum) / float64(count)
	}
	middles := make(map[int]float64)
	for _, i := range column {
		middles[i] = middle(i)
	}
	slices.SortStableFunc(column, func(a, b int) int { return cmp.Compare(middles[a], middles[b]) })
}
