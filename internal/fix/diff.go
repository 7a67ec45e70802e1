package fix

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/grpclint/grpclint/finding/visible"
)

// context is the number of equal lines around each change.
const context = 3

// unified returns the difference between two texts in the unified format.
func unified(name, before, after string) string {
	if before == after {
		return ""
	}
	a, b := splitLines(before), splitLines(after)
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", quote("a/"+name), quote("b/"+name))
	for _, h := range hunks(script(a, b)) {
		h.write(&out, a, b)
	}
	return out.String()
}

// quote writes a name as git does, in quotes if it has characters that are
// not to be seen or have a meaning in quotes.
func quote(name string) string {
	if utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool { return r == '"' || r == '\\' || visible.Hidden(r) }) {
		if strings.Contains(name, " ") {
			return name + "\t" // else a time could follow
		}
		return name
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			b.Write([]byte{'\\', c})
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// splitLines keeps the line ends, so that a missing one at the end of the
// file is seen.
func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// A step keeps (both indexes), deletes (a) or inserts (b) a line.
type step struct {
	op   byte // ' ', '-' or '+'
	a, b int  // lines before this one, in the old and in the new text
}

// script finds a shortest way from a to b, after E. Myers, "An O(ND)
// Difference Algorithm and Its Variations" (1986). What is equal at both
// ends is set aside first; what remains is small where fixes are.
func script(a, b []string) []step {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var steps []step
	for i := range head {
		steps = append(steps, step{' ', i, i})
	}
	for _, s := range myers(a[head:len(a)-tail], b[head:len(b)-tail]) {
		steps = append(steps, step{s.op, s.a + head, s.b + head})
	}
	for i := range tail {
		steps = append(steps, step{' ', len(a) - tail + i, len(b) - tail + i})
	}
	return steps
}

func myers(a, b []string) []step {
	n, m := len(a), len(b)
	most := n + m
	if most == 0 {
		return nil
	}
	furthest := make([]int, 2*most+2)
	var trace [][]int
search:
	for d := range most + 1 {
		trace = append(trace, append([]int(nil), furthest...))
		for k := -d; k <= d; k += 2 {
			x := 0
			if k == -d || k != d && furthest[most+k-1] < furthest[most+k+1] {
				x = furthest[most+k+1]
			} else {
				x = furthest[most+k-1] + 1
			}
			for x < n && x-k < m && a[x] == b[x-k] {
				x++
			}
			furthest[most+k] = x
			if x >= n && x-k >= m {
				break search
			}
		}
	}
	// Walk back from the end.
	var steps []step
	x, y := n, m
	for d := len(trace) - 1; d >= 0; d-- {
		k := x - y
		before := trace[d]
		from := k - 1
		if k == -d || k != d && before[most+k-1] < before[most+k+1] {
			from = k + 1
		}
		fromX := before[most+from]
		fromY := fromX - from
		for d > 0 && x > fromX && y > fromY || d == 0 && x > 0 && y > 0 {
			x, y = x-1, y-1
			steps = append(steps, step{' ', x, y})
		}
		if d == 0 {
			break
		}
		if from == k+1 {
			y--
			steps = append(steps, step{'+', x, y})
		} else {
			x--
			steps = append(steps, step{'-', x, y})
		}
	}
	for i, j := 0, len(steps)-1; i < j; i, j = i+1, j-1 {
		steps[i], steps[j] = steps[j], steps[i]
	}
	return steps
}

// A hunk is a group of changes with the lines around them.
type hunk []step

func hunks(steps []step) []hunk {
	var result []hunk
	start, end := -1, -1 // of the hunk in work, in steps
	for i, s := range steps {
		if s.op == ' ' {
			continue
		}
		if start >= 0 && i-context <= end {
			end = min(i+1+context, len(steps))
			continue
		}
		if start >= 0 {
			result = append(result, steps[start:end])
		}
		start, end = max(i-context, 0), min(i+1+context, len(steps))
	}
	if start >= 0 {
		result = append(result, steps[start:end])
	}
	return result
}

func (h hunk) write(out *strings.Builder, a, b []string) {
	olds, news := 0, 0
	for _, s := range h {
		if s.op != '+' {
			olds++
		}
		if s.op != '-' {
			news++
		}
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", extent(h[0].a, olds), extent(h[0].b, news))
	for _, s := range h {
		line := ""
		if s.op == '+' {
			line = b[s.b]
		} else {
			line = a[s.a]
		}
		out.WriteByte(s.op)
		out.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// extent is a line range as hunk headers give it.
func extent(before, lines int) string {
	switch lines {
	case 0:
		return fmt.Sprintf("%d,0", before)
	case 1:
		return fmt.Sprint(before + 1)
	}
	return fmt.Sprintf("%d,%d", before+1, lines)
}
