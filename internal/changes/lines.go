package changes

// maxEdits bounds how different two texts may be for it to be found out what
// they have in common. Beyond it all between their equal ends counts as
// changed.
const maxEdits = 1000

// changed returns the lines of a text that another one does not have, by a
// shortest way from one to the other: E. Myers, "An O(ND) Difference Algorithm
// and Its Variations" (1986). That lines are missing changes none.
func changed(before, after []string) []span {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	a, b := before[head:len(before)-tail], after[head:len(after)-tail]
	if len(b) == 0 {
		return nil
	}
	kept := make([]bool, len(b))
	common(a, b, kept)
	var spans []span
	for i, k := range kept {
		line := head + i + 1
		switch {
		case k:
		case len(spans) > 0 && spans[len(spans)-1].last == line-1:
			spans[len(spans)-1].last = line
		default:
			spans = append(spans, span{line, line})
		}
	}
	return spans
}

// common marks the lines of b that a has.
func common(a, b []string, kept []bool) {
	// furthest[d] has, for each diagonal k of -d, -d+2 ... d, how far in a
	// one gets on it with d edits.
	var furthest [][]int
	at := func(d, k int) int { return furthest[d][(k+d)/2] }
	// from returns where the way to diagonal k with d edits comes from, and
	// where it gets to with the last of these.
	from := func(d, k int) (before, x int) {
		if k == -d || k != d && at(d-1, k-1) < at(d-1, k+1) {
			return k + 1, at(d-1, k+1)
		}
		return k - 1, at(d-1, k-1) + 1
	}
	for d := 0; ; d++ {
		if d > maxEdits {
			return
		}
		furthest = append(furthest, make([]int, d+1))
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				_, x = from(d, k)
			}
			for x < len(a) && x-k >= 0 && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			furthest[d][(k+d)/2] = x
			if k == len(a)-len(b) && x >= len(a) {
				for ; d > 0; d-- {
					before, start := from(d, k)
					for ; x > start; x-- {
						kept[x-1-k] = true
					}
					k, x = before, at(d-1, before)
				}
				for ; x > 0; x-- {
					kept[x-1] = true
				}
				return
			}
		}
	}
}
