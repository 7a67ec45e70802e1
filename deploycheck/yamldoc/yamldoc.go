// Package yamldoc reads YAML documents of which every part knows its place.
//
//	text -- filled (templates) -- documents -- Node.Get("spec", "ports")
//
// Silence on doubt is built in. What a template decides, what is given twice
// and what an alias leads round in circles to is no value, and a field counts
// as absent only where nothing can put it there.
package yamldoc

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/internal/yamlscalar"
)

// An Error says where a text is no YAML.
type Error struct {
	Line    int // 1-based, in the text; 0 if nobody knows
	Message string
}

func (e *Error) Error() string { return e.Message }

// document is what nodes of one text share.
type document struct {
	text  *source.Text
	read  []byte // what was parsed: the text, or that of the template
	lines yamlscalar.Lines
	open  bool
}

// Read returns the documents of a text. Those before one that cannot be read
// count. A template that is no YAML by itself is read with placeholders.
func Read(text *source.Text) ([]*Node, error) {
	found, err := read(&document{text: text, read: text.Content})
	if err == nil || !bytes.Contains(text.Content, []byte("{{")) {
		return found, err
	}
	d := &document{text: text}
	d.read, d.open = filled(text.Content)
	text.Template = true
	return read(d)
}

func read(d *document) ([]*Node, error) {
	d.lines = yamlscalar.LinesOf(d.read)
	decoder := yaml.NewDecoder(bytes.NewReader(d.read))
	var found []*Node
	for {
		root := new(yaml.Node)
		err := decoder.Decode(root)
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return found, readable(err)
		}
		if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
			found = append(found, &Node{d, root.Content[0]})
		}
	}
}

// readable takes apart what the library says: "yaml: line 3: ...".
func readable(err error) error {
	message := strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " ")
	e := &Error{Message: message}
	if _, rest, ok := strings.Cut(message, "line "); ok {
		digits := rest
		if i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || '9' < r }); i >= 0 {
			digits = rest[:i]
		}
		if line, err := strconv.Atoi(digits); err == nil {
			e.Line = line
		}
	}
	return e
}

// A Node is a part of a document. All methods work on nil, which is a part
// that is not there.
type Node struct {
	in   *document
	yaml *yaml.Node
}

// maxAlias is how many aliases lead to a value: more is a circle.
const maxAlias = 16

func (n *Node) resolved() *yaml.Node {
	if n == nil {
		return nil
	}
	y := n.yaml
	for range maxAlias {
		if y == nil || y.Kind != yaml.AliasNode {
			return y
		}
		y = y.Alias
	}
	return nil
}

// Get returns what keys lead to, one below the other; nil if that is not
// there, or not known.
func (n *Node) Get(keys ...string) *Node {
	for _, key := range keys {
		n, _ = n.field(key)
	}
	return n
}

// field returns the value of a key of a mapping, and whether nobody can have
// put one there otherwise.
func (n *Node) field(key string) (value *Node, certain bool) {
	left := maxMerged
	return n.fieldWithin(key, maxAlias, &left)
}

// maxMerged is how many mappings are looked into for one field: aliases of
// aliases can make billions of a few lines.
const maxMerged = 1000

func (n *Node) fieldWithin(key string, depth int, left *int) (value *Node, certain bool) {
	y := n.resolved()
	if *left--; y == nil || y.Kind != yaml.MappingNode || depth == 0 || *left < 0 {
		return nil, false
	}
	certain = !n.in.open
	var merged []*Node
	count := 0
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		switch {
		case k.Kind == yaml.ScalarNode && k.Value == key:
			value = &Node{n.in, v}
			count++
		case k.Kind == yaml.ScalarNode && k.Value == "<<":
			merged = append(merged, &Node{n.in, v})
		case k.Kind != yaml.ScalarNode || strings.ContainsRune(k.Value, hole):
			certain = false // {{ toYaml .Values.spec }}, say
		}
	}
	if count > 1 {
		return nil, false
	}
	if count == 1 {
		return value, certain
	}
	for _, m := range merged {
		sources := []*Node{m}
		if r := m.resolved(); r != nil && r.Kind == yaml.SequenceNode {
			sources = m.Items()
		}
		for _, s := range sources {
			found, sure := s.fieldWithin(key, depth-1, left)
			if found != nil {
				return found, certain
			}
			certain = certain && sure
		}
	}
	return nil, certain
}

// Lacks reports whether a mapping has no such key, nor can have one by a
// template; null counts as none.
func (n *Node) Lacks(key string) bool {
	value, certain := n.field(key)
	return certain && (value == nil || value.IsNull())
}

// Has reports whether there is something, whatever it is.
func (n *Node) Has(keys ...string) bool {
	found := n.Get(keys...)
	return found != nil && !found.IsNull()
}

// IsNull reports whether the node is null, not the word "None".
func (n *Node) IsNull() bool {
	y := n.resolved()
	return y != nil && y.Kind == yaml.ScalarNode && y.ShortTag() == "!!null"
}

// IsMap and IsList tell kinds apart.
func (n *Node) IsMap() bool {
	y := n.resolved()
	return y != nil && y.Kind == yaml.MappingNode
}

// IsList reports whether the node is a sequence.
func (n *Node) IsList() bool {
	y := n.resolved()
	return y != nil && y.Kind == yaml.SequenceNode
}

// Items returns the elements of a sequence.
func (n *Node) Items() []*Node {
	y := n.resolved()
	if y == nil || y.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]*Node, 0, len(y.Content))
	for _, item := range y.Content {
		items = append(items, &Node{n.in, item})
	}
	return items
}

// A Field is a key of a mapping with its value.
type Field struct {
	Name       string
	Key, Value *Node
}

// Fields returns those of a mapping in their order, but for merged ones.
func (n *Node) Fields() []Field {
	y := n.resolved()
	if y == nil || y.Kind != yaml.MappingNode {
		return nil
	}
	var fields []Field
	for i := 0; i+1 < len(y.Content); i += 2 {
		if key := y.Content[i]; key.Kind == yaml.ScalarNode && key.Value != "<<" {
			fields = append(fields, Field{key.Value, &Node{n.in, key}, &Node{n.in, y.Content[i+1]}})
		}
	}
	return fields
}

// Key returns the key of a field, for what is wrong with all of it.
func (n *Node) Key(name string) *Node {
	for _, f := range n.Fields() {
		if f.Name == name {
			return f.Key
		}
	}
	return nil
}

// Value returns a scalar, if a template decides nothing of it.
func (n *Node) Value() (string, bool) {
	y := n.resolved()
	if y == nil || y.Kind != yaml.ScalarNode || n.IsNull() || strings.ContainsRune(y.Value, hole) || strings.Contains(y.Value, "{{") {
		return "", false
	}
	return y.Value, true
}

// String returns a scalar, "" if it is not known.
func (n *Node) String() string {
	value, _ := n.Value()
	return value
}

// Int returns a scalar that is a number.
func (n *Node) Int() (int, bool) {
	value, ok := n.Value()
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(value)
	return i, err == nil
}

// Open reports whether a template may put more into the mappings and lists of
// the document than is there.
func (n *Node) Open() bool { return n == nil || n.in.open }

// Span returns where the node is. That of a mapping or a list is its beginning.
func (n *Node) Span() source.Span {
	if n == nil {
		return source.Span{}
	}
	y := n.yaml
	start := n.in.lines.Offset(n.in.read, y.Line, y.Column)
	span := source.Span{Text: n.in.text, Start: start, End: start}
	if y.Kind != yaml.ScalarNode {
		return span
	}
	if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		if offsets := yamlscalar.Align(n.in.read, start, y.Value); offsets != nil {
			span.Start, span.End = offsets[0], offsets[len(offsets)-1]
			return span
		}
	}
	span.End = lineEnd(n.in.read, start)
	return span
}

// Line returns the span of the line that the node begins in, from there on.
func (n *Node) Line() source.Span {
	span := n.Span()
	if span.IsValid() {
		span.End = max(span.End, lineEnd(n.in.read, span.Start))
	}
	return span
}

func lineEnd(src []byte, at int) int {
	end := len(src)
	if i := bytes.IndexByte(src[min(at, len(src)):], '\n'); i >= 0 {
		end = at + i
	}
	for end > at && (src[end-1] == ' ' || src[end-1] == '\r' || src[end-1] == '\t') {
		end--
	}
	return end
}

// Text returns a scalar as a text of its own, for what is written in it.
func (n *Node) Text() *source.Text {
	y := n.resolved()
	if y == nil || y.Kind != yaml.ScalarNode {
		return nil
	}
	start := n.in.lines.Offset(n.in.read, y.Line, y.Column)
	outer := source.Span{Text: n.in.text, Start: start, End: lineEnd(n.in.read, start)}
	t := source.Within(outer, y.Value, yamlscalar.Align(n.in.read, start, y.Value))
	t.Template = t.Template || n.in.open
	return t
}
