package yamlscalar

import (
	"strconv"
	"unicode/utf8"
)

// Align finds, for each byte of a scalar's value, where in the source it
// stands, and the end of the last; nil when the two do not fit. at is where
// the scalar begins: its quote, the indicator of a block, or an anchor or a
// tag before these.
func Align(src []byte, at int, value string) []int {
	at = skipProperties(src, at)
	if at >= len(src) {
		return nil
	}
	a := &aligner{src: src, at: at, value: value}
	switch src[at] {
	case '"':
		a.at++
		return a.quoted('"')
	case '\'':
		a.at++
		return a.quoted('\'')
	case '|', '>':
		return a.block()
	}
	a.plain()
	return a.finish(a.at)
}

// plain reads a plain scalar in one line, such as an argument of a command:
// it cannot begin with a bracket, as configs do.
func (a *aligner) plain() {
	for len(a.offsets) < len(a.value) && a.at < len(a.src) && a.emit(string(a.src[a.at:a.at+1]), a.at, 1) {
		a.at++
	}
}

type aligner struct {
	src     []byte
	at      int
	value   string
	offsets []int
}

// emit notes that the next n bytes of the value stand at an offset, and
// reports whether the value has them.
func (a *aligner) emit(text string, at, step int) bool {
	done := len(a.offsets)
	if len(a.value) < done+len(text) || a.value[done:done+len(text)] != text {
		return false
	}
	for range len(text) {
		a.offsets = append(a.offsets, at)
		at += step
	}
	return true
}

// finish adds the end of the last byte.
func (a *aligner) finish(end int) []int {
	if len(a.offsets) != len(a.value) || len(a.offsets) == 0 {
		return nil
	}
	return append(a.offsets, end)
}

// quoted reads a quoted scalar up to its closing quote.
func (a *aligner) quoted(quote byte) []int {
	for a.at < len(a.src) {
		switch b := a.src[a.at]; {
		case b == quote && quote == '\'' && a.at+1 < len(a.src) && a.src[a.at+1] == '\'':
			if !a.emit("'", a.at, 0) {
				return nil
			}
			a.at += 2
		case b == quote:
			return a.finish(a.at)
		case b == '\\' && quote == '"':
			if !a.escape() {
				return nil
			}
		case b == '\n' || b == '\r' || (b == ' ' || b == '\t') && a.blankToEnd():
			if !a.fold() {
				return nil
			}
		default:
			if !a.emit(string(a.src[a.at:a.at+1]), a.at, 1) {
				return nil
			}
			a.at++
		}
	}
	return nil
}

// blankToEnd reports whether only blanks follow on the line: a fold drops
// them.
func (a *aligner) blankToEnd() bool {
	for i := a.at; i < len(a.src); i++ {
		switch a.src[i] {
		case ' ', '\t':
		case '\n', '\r':
			return true
		default:
			return false
		}
	}
	return false
}

// fold reads a line break within quotes: one is a blank, more are one less.
func (a *aligner) fold() bool {
	at, breaks := a.at, 0
	for a.at < len(a.src) {
		switch a.src[a.at] {
		case '\n':
			breaks++
			fallthrough
		case ' ', '\t', '\r':
			a.at++
			continue
		}
		break
	}
	if breaks == 1 {
		return a.emit(" ", at, 0)
	}
	for range breaks - 1 {
		if !a.emit("\n", at, 0) {
			return false
		}
	}
	return true
}

// simpleEscapes of double-quoted scalars.
var simpleEscapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// escape reads what begins with a backslash.
func (a *aligner) escape() bool {
	at := a.at
	if at+1 >= len(a.src) {
		return false
	}
	next := a.src[at+1]
	if text, ok := simpleEscapes[next]; ok {
		a.at += 2
		return a.emit(text, at, 0)
	}
	if next == '\n' || next == '\r' { // the line goes on in the next
		a.at++
		for a.at < len(a.src) && (a.src[a.at] == '\n' || a.src[a.at] == '\r' || a.src[a.at] == ' ' || a.src[a.at] == '\t') {
			a.at++
		}
		return true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[next]
	if digits == 0 || at+2+digits > len(a.src) {
		return false
	}
	r, err := strconv.ParseUint(string(a.src[at+2:at+2+digits]), 16, 32)
	if err != nil || !utf8.ValidRune(rune(r)) {
		return false
	}
	a.at += 2 + digits
	return a.emit(string(rune(r)), at, 0)
}

// block reads a literal or folded scalar: after the line of the indicator,
// lines with an indentation that is not part of the value.
func (a *aligner) block() []int {
	for a.at < len(a.src) && a.src[a.at] != '\n' {
		a.at++
	}
	a.at++
	indent, ok := a.indentation()
	if !ok {
		return nil
	}
	for len(a.offsets) < len(a.value) {
		if a.at >= len(a.src) {
			// A last line without a break has one in the value.
			if !a.emit("\n", len(a.src), 0) {
				return nil
			}
			continue
		}
		for i := 0; i < indent && a.at < len(a.src) && a.src[a.at] == ' '; i++ {
			a.at++
		}
		for a.at < len(a.src) && a.src[a.at] != '\n' && a.src[a.at] != '\r' {
			if !a.emit(string(a.src[a.at:a.at+1]), a.at, 1) {
				if len(a.offsets) == len(a.value) {
					break
				}
				return nil
			}
			a.at++
		}
		if len(a.offsets) == len(a.value) {
			break
		}
		if !a.lineBreaks() {
			return nil
		}
	}
	if len(a.offsets) == 0 {
		return nil
	}
	return a.finish(a.offsets[len(a.offsets)-1] + 1)
}

// lineBreaks reads a line break of a block and the empty lines behind it: as
// many breaks in the value, or when folded one less, or a blank for one.
func (a *aligner) lineBreaks() bool {
	at, breaks := a.at, 0
	for a.at < len(a.src) {
		end := a.at
		for end < len(a.src) && (a.src[end] == ' ' && breaks > 0 || a.src[end] == '\r') {
			end++
		}
		if end == len(a.src) || a.src[end] != '\n' {
			break
		}
		breaks++
		a.at = end + 1
	}
	have := 0
	for i := len(a.offsets); i < len(a.value) && a.value[i] == '\n'; i++ {
		have++
	}
	if have == 0 && breaks == 1 {
		return a.emit(" ", at, 0)
	}
	for range min(have, breaks) {
		if !a.emit("\n", at, 0) {
			return false
		}
	}
	return breaks > 0 && have >= breaks-1
}

// indentation is that of the first line that is not empty.
func (a *aligner) indentation() (int, bool) {
	indent := 0
	for i := a.at; i < len(a.src); i++ {
		switch a.src[i] {
		case ' ':
			indent++
		case '\n', '\r':
			indent = 0
		default:
			// Blanks at the beginning of the value are not indentation.
			for j := 0; j < len(a.value) && a.value[j] == ' '; j++ {
				indent--
			}
			return indent, indent > 0
		}
	}
	return 0, false
}
