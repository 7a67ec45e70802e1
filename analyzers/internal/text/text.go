// Package text evaluates strings that are put together of constants, also by
// helpers that get some of them, and remembers where each byte stands in the
// source, so that what is wrong inside a string literal can be pointed at to
// the character.
package text

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
)

// A Text is a string known at compile time.
type Text struct {
	Bytes []byte
	spans []span // one per byte
}

// A span is the piece of source that a byte is written as: one character of
// a raw literal, an escape sequence, or the whole expression when the string
// comes from elsewhere.
type span struct {
	pos, end token.Pos
	loose    bool // what is written there is another text, which it is made of
}

// Range returns the source of the bytes from start to end, a half-open range
// of offsets. The range may be empty, also at the very end of the text.
func (t *Text) Range(start, end int) (pos, endPos token.Pos) {
	if len(t.spans) == 0 {
		return token.NoPos, token.NoPos
	}
	start, end = max(0, start), min(end, len(t.spans))
	if start >= len(t.spans) {
		last := t.spans[len(t.spans)-1]
		return last.end, last.end
	}
	if end <= start {
		return t.spans[start].pos, t.spans[start].pos
	}
	pos, endPos = t.spans[start].pos, t.spans[end-1].end
	if endPos < pos {
		// The ends stand in different literals, the second above the
		// first: point at the first.
		endPos = t.spans[start].end
	}
	return pos, endPos
}

// Together reports whether all that stands in the source from pos to end is
// bytes of the text that follow each other: nothing was put in between, as
// fmt.Sprintf does for a verb.
func (t *Text) Together(pos, end token.Pos) bool {
	for i, s := range t.spans {
		if s.pos != pos {
			continue
		}
		if s.loose {
			return false
		}
		for ; i < len(t.spans) && t.spans[i].end < end; i++ {
			if i+1 == len(t.spans) || t.spans[i+1] != t.spans[i] && t.spans[i+1].pos != t.spans[i].end {
				return false
			}
		}
		return true
	}
	return pos == end
}

// Equal reports whether two texts are written with the same bytes in the same
// places.
func (t *Text) Equal(u *Text) bool {
	return bytes.Equal(t.Bytes, u.Bytes) && slices.Equal(t.spans, u.spans)
}

func (t *Text) append(other Text) {
	t.Bytes = append(t.Bytes, other.Bytes...)
	if len(other.spans) == 0 {
		other.spans = make([]span, len(other.Bytes)) // it is not known where
	}
	t.spans = append(t.spans, other.spans...)
}

// constantText is a string of which only the value is known here: all of it
// stands for expr.
func constantText(value string, expr ast.Expr) Text {
	t := Text{Bytes: []byte(value), spans: make([]span, len(value))}
	for i := range t.spans {
		t.spans[i] = span{pos: expr.Pos(), end: expr.End()}
	}
	return t
}
