// Package visible writes text that somebody else made so that it is seen and
// does nothing. Source lines, names of files and messages about them may
// hold what moves a terminal's cursor, hides or turns around text, or is a
// command to the CI system that reads a log.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns a text as one line. What is not to be seen stands there as
// in a Go string: \n, \x1b, \u202e, and \xff for a byte that is no UTF-8.
func Text(s string) string {
	text, _, _ := escape(s, 0, 0, "")
	return text
}

// Lines is Text for a text of several lines, which may have tabs.
func Lines(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		text, _, _ := escape(strings.TrimSuffix(line, "\n"), 0, 0, "\t")
		b.WriteString(text)
		b.WriteString(line[len(strings.TrimSuffix(line, "\n")):])
	}
	return b.String()
}

// Split is Text for a source line, which may have tabs, in three parts: what
// is before, from and behind a range of its bytes.
func Split(line string, from, to int) (before, within, after string) {
	text, start, end := escape(line, from, to, "\t")
	return text[:start], text[start:end], text[end:]
}

// escape returns a line and where two of its bytes are in the result.
func escape(line string, from, to int, keep string) (text string, start, end int) {
	if from, to = min(from, to), max(from, to); isPlain(line, keep) {
		return line, min(max(from, 0), len(line)), min(max(to, 0), len(line))
	}
	var b strings.Builder
	start, end = -1, -1
	mark := func(i int) {
		if start < 0 && i >= from {
			start = b.Len()
		}
		if end < 0 && i >= to {
			end = b.Len()
		}
	}
	first := len(line) - len(strings.TrimLeftFunc(line, unicode.IsSpace))
	for i := 0; i < len(line); {
		mark(i)
		r, size := utf8.DecodeRuneInString(line[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, line[i])
		case Hidden(r) && !strings.ContainsRune(keep, r):
			b.WriteString(escaped(r))
		case i == first && r == ':', r == '#' && isCommand(line[i+1:]):
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	mark(max(len(line), to))
	return b.String(), start, end
}

// isPlain spares most lines the work.
func isPlain(line, keep string) bool {
	for i := range len(line) {
		if c := line[i]; c < ' ' && strings.IndexByte(keep, c) < 0 || c >= 0x7f || c == '#' {
			return false
		}
	}
	return !strings.HasPrefix(strings.TrimSpace(line), ":")
}

// isCommand reports whether text, behind a #, makes what a CI system takes
// for a command, wherever in a line it stands: ##[error], ##vso[...] or
// ##teamcity[...]. GitHub's newer ones, ::error::, begin a line, which a name
// of a file may do with a colon behind it.
func isCommand(text string) bool {
	name, ok := strings.CutPrefix(text, "#")
	return ok && strings.HasPrefix(strings.TrimLeftFunc(name, isLetter), "[")
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// Hidden reports whether a character is not seen, or acts on others: controls,
// marks that turn the direction of text, line separators and what Unicode
// keeps for itself. Joiners make letters and emojis what they are.
func Hidden(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	switch {
	case r < ' ' || r == 0x7f:
		return true
	case r < 0x7f || r == nonJoiner || r == joiner:
		return false
	case r&0xfffe == 0xfffe, 0xfdd0 <= r && r <= 0xfdef:
		return true // no character
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func escaped(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	switch {
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}
