// Package sourcetext answers questions about the text that findings are in:
// what a line says, and where a byte is in the units of editors.
package sourcetext

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// Files reads files, each once. A file that
// cannot be read, or was changed since it was analysed, is no reason to
// fail: what is asked for is then not known.
//
// Paths are those of findings: of files that were analysed, and never
// what a comment in one of them says.
type Files map[string][]string // lines by absolute path

// Line returns a line of a file, counted from 1, without its end.
func (s Files) Line(path string, number int) (string, bool) {
	if path == "" {
		return "", false
	}
	lines, ok := s[path]
	if !ok {
		if data, err := wholefile.Read(path, wholefile.Text); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		s[path] = lines
	}
	if number < 1 || number > len(lines) {
		return "", false
	}
	return strings.TrimSuffix(lines[number-1], "\r"), true
}

// Column converts a column in bytes to one in UTF-16 code units, both counted
// from 1, as SARIF and editors count. Where the line is not known
// the column stays as it is, which is right for ASCII.
func (s Files) Column(path string, line, column int) int {
	text, ok := s.Line(path, line)
	if !ok || column < 1 || column-1 > len(text) {
		return column
	}
	units := 0
	for _, r := range text[:column-1] {
		units += utf16Length(r)
	}
	return units + 1
}

// utf16Length is the number of code units of a rune; bytes that are no
// UTF-8 are shown as one replacement character each.
func utf16Length(r rune) int {
	if n := utf16.RuneLen(r); n > 0 {
		return n
	}
	return utf16.RuneLen(utf8.RuneError)
}

// Position converts an offset in bytes to a line and a column in UTF-16
// code units.
func (s Files) Position(path string, offset int) (line, column int, ok bool) {
	if _, ok := s.Line(path, 1); !ok {
		return 0, 0, false
	}
	for i, text := range s[path] {
		if offset <= len(text) {
			return i + 1, s.Column(path, i+1, min(offset, len(strings.TrimSuffix(text, "\r")))+1), true
		}
		offset -= len(text) + 1
	}
	return 0, 0, false
}
