// Package yamlscalar finds where the text of a YAML scalar stands in the file
// that it was read from.
//
//	a: "x\ny"     the value has 3 bytes, the source 4
//	b: |           the value has no indentation
//	  text
//
// The library for YAML says where a scalar begins. What stands inside may be a
// document of its own, with mistakes of its own at places of their own.
package yamlscalar

// Lines are the offsets at which the lines of a text begin.
type Lines []int

// LinesOf finds the lines of a text.
func LinesOf(src []byte) Lines {
	starts := Lines{0}
	for i, b := range src {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// Offset returns where a line and a column are, which count lines and
// characters from 1 as the library does.
func (l Lines) Offset(src []byte, line, column int) int {
	if line < 1 || line > len(l) {
		return 0
	}
	at := l[line-1]
	for ; column > 1 && at < len(src); column-- {
		at++
		for at < len(src) && src[at]&0xc0 == 0x80 { // the rest of a character
			at++
		}
	}
	return at
}

// skipProperties passes anchors and tags in front of a scalar.
func skipProperties(src []byte, at int) int {
	for at < len(src) && (src[at] == '&' || src[at] == '!') {
		for at < len(src) && src[at] != ' ' && src[at] != '\n' {
			at++
		}
		for at < len(src) && src[at] == ' ' {
			at++
		}
	}
	return at
}
