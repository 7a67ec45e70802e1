package serviceconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A kind of JSON value, named by its first byte as in jsontext.
type kind byte

const (
	null   kind = 'n'
	truth  kind = 't'
	lie    kind = 'f'
	text   kind = '"'
	number kind = '0'
	object kind = '{'
	array  kind = '['
)

// isBool reports whether the value is true or false.
func (k kind) isBool() bool { return k == truth || k == lie }

func (k kind) String() string {
	switch k {
	case null:
		return "null"
	case truth, lie:
		return "a boolean"
	case text:
		return "a string"
	case number:
		return "a number"
	case object:
		return "an object"
	case array:
		return "a list"
	}
	return "nothing"
}

// A node is a JSON value and where it stands.
type node struct {
	kind       kind
	start, end int      // byte offsets
	text       string   // a string's value, a number's digits
	members    []member // of an object, in their order, duplicates included
	elements   []*node  // of a list
}

// A member of an object.
type member struct {
	key   *node // a string
	value *node
}

// isNull reports whether the value is null or not there.
func (n *node) isNull() bool { return n == nil || n.kind == null }

// A SyntaxError says why a text is no JSON document.
type SyntaxError struct {
	Message string // what is wrong, without a position
	Offset  int    // of the first byte that cannot be read
}

func (e *SyntaxError) Error() string { return e.Message }

// maxDepth is how deep encoding/json, and so grpc-go, lets values nest.
const maxDepth = 10_000

// parse reads one JSON document, as strictly and as leniently as
// encoding/json does: repeated keys and invalid UTF-8 are no errors. Its
// error is always a [*SyntaxError].
func parse(src []byte) (*node, error) {
	if err := foreign(src); err != nil {
		return nil, err
	}
	p := &parser{
		src: src,
		decoder: jsontext.NewDecoder(bytes.NewBuffer(src),
			jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
	}
	root, err := p.value(0)
	if err != nil {
		return nil, p.explain(err)
	}
	if end := int(p.decoder.InputOffset()); len(bytes.TrimLeft(src[end:], " \t\r\n")) > 0 {
		start := len(src) - len(bytes.TrimLeft(src[end:], " \t\r\n"))
		return nil, &SyntaxError{afterDocument(src[start:]), start}
	}
	return root, nil
}

// foreign finds what comes from another encoding, or from nowhere.
func foreign(src []byte) error {
	switch {
	case bytes.HasPrefix(src, []byte("\xef\xbb\xbf")):
		return &SyntaxError{"it begins with a byte order mark, which JSON does not allow", 0}
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")),
		bytes.HasPrefix(src, []byte("{\x00")), bytes.HasPrefix(src, []byte("\x00{")):
		return &SyntaxError{"it is UTF-16; JSON is UTF-8", 0}
	case len(src) == 0:
		return &SyntaxError{"it is empty; an empty config is {}", 0}
	case len(bytes.Trim(src, " \t\r\n")) == 0:
		return &SyntaxError{"it is blank; an empty config is {}", 0}
	}
	return nil
}

func afterDocument(rest []byte) string {
	if isComment(rest) {
		return "JSON has no comments"
	}
	return fmt.Sprintf("more text after the document's end: %s", quoteByte(rest))
}

func isComment(text []byte) bool {
	return bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte("/*")) || bytes.HasPrefix(text, []byte("#"))
}

type parser struct {
	src     []byte
	decoder *jsontext.Decoder
}

var errDepth = errors.New("exceeded max depth")

// value reads the next value; depth counts the objects and lists around it.
func (p *parser) value(depth int) (*node, error) {
	switch next := p.decoder.PeekKind(); next {
	case '{', '[':
		if depth == maxDepth {
			return nil, errDepth
		}
		if _, err := p.decoder.ReadToken(); err != nil {
			return nil, err
		}
		n := &node{kind: kind(next), start: int(p.decoder.InputOffset()) - 1}
		if err := p.contents(n, depth+1); err != nil {
			return nil, err
		}
		if _, err := p.decoder.ReadToken(); err != nil { // the closing bracket
			return nil, err
		}
		n.end = int(p.decoder.InputOffset())
		return n, nil
	default:
		return p.scalar()
	}
}

// contents reads members or elements up to the closing bracket.
func (p *parser) contents(n *node, depth int) error {
	for {
		switch p.decoder.PeekKind() {
		case '}', ']':
			return nil
		}
		if n.kind == array {
			element, err := p.value(depth)
			if err != nil {
				return err
			}
			n.elements = append(n.elements, element)
			continue
		}
		key, err := p.scalar()
		if err != nil {
			return err
		}
		value, err := p.value(depth)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{key, value})
	}
}

func (p *parser) scalar() (*node, error) {
	raw, err := p.decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(p.decoder.InputOffset())
	n := &node{kind: kind(raw.Kind()), start: end - len(raw), end: end}
	switch n.kind {
	case text:
		n.text = unquote(raw)
	case number:
		n.text = string(raw)
	}
	return n, nil
}

// unquote returns the value of a JSON string as encoding/json has it, which
// puts U+FFFD where there is no character.
func unquote(raw []byte) string {
	inner := raw[1 : len(raw)-1]
	for _, b := range inner {
		if b == '\\' || b >= utf8.RuneSelf {
			var s string
			if err := json.Unmarshal(raw, &s); err == nil { // raw was read as a string before
				return s
			}
		}
	}
	return string(inner)
}

// explain says in a line what jsontext says in more.
func (p *parser) explain(err error) error {
	if errors.Is(err, errDepth) {
		return &SyntaxError{fmt.Sprintf("it nests more than %d levels deep", maxDepth), int(p.decoder.InputOffset())}
	}
	offset := len(p.src)
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset = min(int(syntactic.ByteOffset), len(p.src))
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || offset == len(p.src) {
		return &SyntaxError{"it ends in the middle of a value", len(p.src)}
	}
	rest := p.src[offset:]
	after := bytes.TrimLeft(rest[1:], " \t\r\n")
	switch {
	case isComment(rest):
		return &SyntaxError{"JSON has no comments", offset}
	case rest[0] == '\'':
		return &SyntaxError{"JSON strings stand in double quotes", offset}
	case rest[0] == ',' && (bytes.HasPrefix(after, []byte("}")) || bytes.HasPrefix(after, []byte("]"))):
		return &SyntaxError{"JSON has no comma after the last item", offset}
	}
	return &SyntaxError{fmt.Sprintf("unexpected %s", quoteByte(rest)), offset}
}

// quoteByte shows the first character of a text that is not empty.
func quoteByte(text []byte) string {
	r, size := utf8.DecodeRune(text)
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("byte 0x%02x", text[0])
	}
	return fmt.Sprintf("%q", r)
}
