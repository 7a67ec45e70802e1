package edit

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const blanks = " \t"

// Indent returns the blanks that the line of pos begins with.
func Indent(pass *analysis.Pass, pos token.Pos) string {
	at := pass.Fset.PositionFor(pos, false)
	before, ok := Source(pass, pos-token.Pos(at.Column-1), pos)
	if !ok {
		// As gofmt has it, if a statement begins there.
		return strings.Repeat("\t", at.Column-1)
	}
	return before[:len(before)-len(strings.TrimLeft(before, blanks))]
}

// Source returns the text from one position to another as it is in the file.
// It is not known of what a driver has no file for.
func Source(pass *analysis.Pass, from, to token.Pos) (string, bool) {
	file := pass.Fset.File(from)
	if file == nil || to < from || int(to) > file.Base()+file.Size() {
		return "", false
	}
	text, err := pass.ReadFile(file.Name())
	if err != nil || len(text) != file.Size() {
		return "", false // no longer what was parsed
	}
	return string(text[file.Offset(from):file.Offset(to)]), true
}

// Line returns the line of pos, counted from 1.
func Line(fset *token.FileSet, pos token.Pos) int { return fset.PositionFor(pos, false).Line }

// Lines widens a range to the lines that it is on, with the end of the last.
// It fails where the last line has no end.
func Lines(fset *token.FileSet, from, to token.Pos) (start, end token.Pos, ok bool) {
	file := fset.File(from)
	last := Line(fset, to)
	if last >= file.LineCount() {
		return token.NoPos, token.NoPos, false
	}
	return file.LineStart(Line(fset, from)), file.LineStart(last + 1), true
}
