package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// maxDepth is the number of brackets that may be open at a time. Protobuf
// allows messages to nest 32 deep; what is far beyond is an attack on the
// stack of whoever reads it by recursion.
const maxDepth = 100

// maxSize is the size of the largest file that is read, in bytes.
const maxSize = 64 << 20

// byteOrderMark may begin a file.
const byteOrderMark = "\xef\xbb\xbf"

// A flaw is why a text is not fit to be parsed.
type flaw struct {
	offset  int
	message string
	fatal   bool
}

// A span is a piece of a text, by byte offsets.
type span struct{ start, end int }

// A scanner finds comments, and what is not fit to be parsed, without
// parsing: a parser that keeps comments and the place of every token is
// slow, and few files have anything to say about those.
type scanner struct {
	text []byte

	code     []byte // without comments
	comments []span // if asked for
	flaws    []flaw
}

// withoutComments returns the text for the parser. With the same length,
// comments are blanked, and offsets are those of the text; otherwise they
// are taken out, lines stay what they are.
func withoutComments(text []byte, sameLength bool) *scanner {
	s := &scanner{text: text, code: make([]byte, 0, len(text)+1)}
	s.checkEncoding()
	s.scan(sameLength)
	return s
}

// checkEncoding finds the first byte that is no UTF-8. Others than us may
// refuse the whole file; protoc does not.
func (s *scanner) checkEncoding() {
	if bytes.HasPrefix(s.text, []byte("\xff\xfe")) || bytes.HasPrefix(s.text, []byte("\xfe\xff")) {
		s.flaws = append(s.flaws, flaw{0, "is UTF-16, not UTF-8", true})
		return
	}
	if utf8.Valid(s.text) {
		return
	}
	clean := bytes.Clone(s.text)
	first := true
	for i := 0; i < len(clean); {
		r, size := utf8.DecodeRune(clean[i:])
		if r == utf8.RuneError && size <= 1 {
			if first {
				s.flaws = append(s.flaws, flaw{i, fmt.Sprintf("the byte 0x%02x is no UTF-8", clean[i]), false})
				first = false
			}
			clean[i] = '?' // the rest can be read
		}
		i += size
	}
	s.text = clean
}

func (s *scanner) scan(sameLength bool) {
	text := s.text
	i := 0
	if bytes.HasPrefix(text, []byte(byteOrderMark)) {
		i = len(byteOrderMark)
		if sameLength {
			s.code = append(s.code, "   "...)
		}
	}
	depth, from := 0, i
	flush := func(to int) { s.code = append(s.code, text[from:to]...) }
	for i < len(text) {
		switch c := text[i]; c {
		case '"', '\'':
			i = endOfString(text, i)
			continue
		case '{', '[', '(', '<':
			if depth++; depth == maxDepth+1 {
				s.flaws = append(s.flaws, flaw{i, fmt.Sprintf("more than %d brackets are open here", maxDepth), true})
				return
			}
		case '}', ']', ')', '>':
			depth = max(depth-1, 0)
		case '/':
			end := endOfComment(text, i)
			if end == i {
				break // some other slash
			}
			flush(i)
			s.comments = append(s.comments, span{i, end})
			s.blank(text[i:end], sameLength)
			i, from = end, end
			continue
		}
		i++
	}
	flush(len(text))
}

// endOfString returns where a literal ends, at the latest with its line.
func endOfString(text []byte, i int) int {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch text[i] {
		case quote:
			return i + 1
		case '\\':
			i++
		case '\n':
			return i
		}
	}
	return len(text)
}

// endOfComment returns where the comment that begins at i ends, i if there
// is none. A comment that is never closed is none: the parser says so.
func endOfComment(text []byte, i int) int {
	if i+1 >= len(text) {
		return i
	}
	switch text[i+1] {
	case '/':
		if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
			return i + n
		}
		return len(text)
	case '*':
		if n := bytes.Index(text[i+2:], []byte("*/")); n >= 0 {
			return i + 2 + n + 2
		}
	}
	return i
}

func (s *scanner) blank(comment []byte, sameLength bool) {
	if !sameLength && comment[1] == '/' {
		return // nothing stands behind it on its line
	}
	for _, c := range comment {
		if c != '\n' {
			c = ' '
		}
		s.code = append(s.code, c)
	}
}

// lineStarts returns the offset of each line.
func lineStarts(text []byte) []int {
	lines := []int{0}
	for i := 0; ; {
		n := bytes.IndexByte(text[i:], '\n')
		if n < 0 {
			return lines
		}
		i += n + 1
		lines = append(lines, i)
	}
}
