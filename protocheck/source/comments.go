package source

import (
	"bytes"
	"sort"
	"strings"
)

// line returns the index of the line that an offset is on.
func (t *text) line(offset int) int {
	return sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > offset }) - 1
}

// commentsOf returns the comments that belong to a declaration: those above
// it up to a blank line, and those behind its first or last line.
func (t *text) commentsOf(start, end int) []span {
	above := sort.Search(len(t.comments), func(i int) bool { return t.comments[i].start >= start })
	first, next := above, start
	for first > 0 {
		c := t.comments[first-1]
		if !t.isBlank(c.end, next) || bytes.Count(t.text[c.end:next], []byte("\n")) > 1 || t.isTrailing(c) {
			break
		}
		first--
		next = c.start
	}
	comments := append([]span(nil), t.comments[first:above]...)
	heads := t.line(start)
	tail := t.line(max(end-1, start))
	for _, c := range t.comments[above:] {
		line := t.line(c.start)
		if line > tail {
			break
		}
		if line == tail && c.start >= end && t.isBlank(end, c.start) || line == heads && heads != tail && t.isTrailing(c) {
			comments = append(comments, c)
		}
	}
	return comments
}

// isBlank reports whether there is no code between two offsets.
func (t *text) isBlank(from, to int) bool {
	return len(bytes.TrimSpace(t.code[from:to])) == 0
}

// isTrailing reports whether a comment stands behind code on its line.
func (t *text) isTrailing(c span) bool {
	return !t.isBlank(t.lines[t.line(c.start)], c.start)
}

// stripComment takes the markers off.
func stripComment(comment string) string {
	if body, ok := strings.CutPrefix(comment, "//"); ok {
		return strings.TrimSpace(body)
	}
	body := strings.TrimSuffix(strings.TrimPrefix(comment, "/*"), "*/")
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		if i > 0 {
			line = strings.TrimSpace(strings.TrimPrefix(line, "*"))
		}
		lines[i] = line
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
