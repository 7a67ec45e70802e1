package source

import (
	"bytes"
	"strings"

	"github.com/bufbuild/protocompile/ast"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck"
)

// A Change replaces a piece of a file.
type Change struct {
	Place
	NewText string
}

// Change returns what an edit does to the text. It is false where nothing is
// to be done, or nobody knows where.
func (s *Set) Change(e protocheck.Edit) (Change, bool) {
	f := s.File(e.At.Descriptor)
	if f == nil || f.builtin != "" {
		return Change{}, false
	}
	t := s.texts.of(f)
	if t.tree == nil {
		return Change{}, false
	}
	c := changer{t}
	var start, end int
	text := e.NewText
	var ok bool
	switch {
	case e.At.Part == protocheck.Option:
		start, end, text, ok = c.option(e.At, e.NewText)
	case e.At.Part == protocheck.Import:
		start, end, text, ok = c.addImport(e.At.Option)
	case e.At.Part == protocheck.Whole && e.NewText == "":
		if node := t.element(e.At); node != nil {
			start, end = c.withLine(t.span(node))
			ok = true
		}
	default:
		if node := t.element(e.At); node != nil {
			start, end = t.span(node)
			ok = true
		}
	}
	return Change{Place{f, start, end}, text}, ok
}

type changer struct{ *text }

// newline is how the file ends its lines.
func (c changer) newline() string {
	if bytes.Contains(c.text.text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// indent is what the line of an offset begins with.
func (c changer) indent(offset int) string {
	line := c.text.text[c.lines[c.line(offset)]:offset]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// inside is the indentation of what follows an opening brace, which ends at
// an offset of a line that is indented so far.
func (c changer) inside(brace int, indent string) string {
	if next := c.line(brace) + 1; next < len(c.lines) {
		line := c.code[c.lines[next]:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		own := string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
		if len(bytes.TrimSpace(line)) > 0 && len(own) > len(indent) {
			return own
		}
	}
	return deeper(indent)
}

// deeper is the indentation inside a block.
func deeper(indent string) string {
	if strings.Contains(indent, "\t") {
		return indent + "\t"
	}
	return indent + "  "
}

// withLine adds the line, or the blanks in front, that would be left empty.
func (c changer) withLine(start, end int) (int, int) {
	text := c.text.text
	from, to := start, end
	for from > 0 && (text[from-1] == ' ' || text[from-1] == '\t') {
		from--
	}
	for to < len(text) && (text[to] == ' ' || text[to] == '\t' || text[to] == '\r') {
		to++
	}
	if (from == 0 || text[from-1] == '\n') && (to == len(text) || text[to] == '\n') {
		return from, min(to+1, len(text))
	}
	return start, end
}

// option replaces, takes away or adds an option.
func (c changer) option(e protocheck.Element, text string) (start, end int, newText string, ok bool) {
	node := ast.Node(nil)
	if _, isFile := e.Descriptor.(protoreflect.FileDescriptor); isFile {
		if file, isNode := c.tree.FileNode().(*ast.FileNode); isNode {
			node = file
		}
	} else {
		node = c.node(e.Descriptor)
	}
	if node == nil {
		return 0, 0, "", false
	}
	found := optionOf(node, e.Option)
	switch {
	case found == nil && text == "":
		return 0, 0, "", false
	case found == nil:
		return c.addOption(node, text)
	case text != "":
		start, end = c.span(between{found.Name, found.Val})
		return start, end, text, true
	}
	compact := compactOf(node)
	if compact == nil {
		start, end = c.withLine(c.span(found))
		return start, end, "", true
	}
	start, end = c.span(found)
	if len(compact.Options) == 1 {
		start, end = c.span(compact)
		for start > 0 && (c.code[start-1] == ' ' || c.code[start-1] == '\t') {
			start--
		}
		return start, end, "", true
	}
	for i, o := range compact.Options {
		if o != found {
			continue
		}
		if i > 0 {
			_, start = c.span(compact.Options[i-1]) // with the comma
		} else {
			end, _ = c.span(compact.Options[1])
		}
	}
	return start, end, "", true
}

// compactOf returns the options in brackets, or nil.
func compactOf(node ast.Node) *ast.CompactOptionsNode {
	switch n := node.(type) {
	case ast.FieldDeclNode:
		return n.GetOptions()
	case *ast.EnumValueNode:
		return n.Options
	}
	return nil
}

func (c changer) addOption(node ast.Node, text string) (start, end int, newText string, ok bool) {
	insert := func(at int, text string) (int, int, string, bool) { return at, at, text, true }
	statement := "option " + text + ";"
	nl := c.newline()
	// first puts the statement behind an opening brace.
	first := func(brace ast.Node, closing ast.Node) (int, int, string, bool) {
		_, at := c.span(brace)
		from, _ := c.span(node)
		indent := c.indent(from)
		added := nl + c.inside(at, indent) + statement
		if shut, _ := c.span(closing); len(bytes.TrimSpace(c.text.text[at:shut])) == 0 && c.line(at) == c.line(shut) {
			return at, shut, added + nl + indent, true
		}
		if rest := c.text.text[at:]; len(rest) > 0 && c.line(at) < len(c.lines)-1 {
			restOfLine := c.text.text[at:c.lines[c.line(at)+1]]
			if len(bytes.TrimSpace(restOfLine)) > 0 && len(bytes.TrimSpace(c.code[at:c.lines[c.line(at)+1]])) > 0 {
				return insert(at, " "+statement)
			}
		}
		return insert(at, added)
	}
	switch n := node.(type) {
	case *ast.RPCNode:
		if n.OpenBrace != nil {
			return first(n.OpenBrace, n.CloseBrace)
		}
		start, end = c.span(n.Semicolon)
		from, _ := c.span(node)
		indent := c.indent(from)
		return start, end, " {" + nl + deeper(indent) + statement + nl + indent + "}", true
	case *ast.MessageNode:
		return first(n.OpenBrace, n.CloseBrace)
	case *ast.EnumNode:
		return first(n.OpenBrace, n.CloseBrace)
	case *ast.ServiceNode:
		return first(n.OpenBrace, n.CloseBrace)
	case *ast.OneofNode:
		return first(n.OpenBrace, n.CloseBrace)
	case *ast.FileNode:
		at, found := c.afterHead(n)
		if !found {
			return insert(at, statement+nl)
		}
		return insert(at, nl+statement)
	case ast.FieldDeclNode:
		if compact := n.GetOptions(); compact != nil {
			_, at := c.span(compact.Options[len(compact.Options)-1])
			return insert(at, ", "+text)
		}
		if n.FieldTag() == nil {
			return 0, 0, "", false
		}
		_, at := c.span(n.FieldTag())
		return insert(at, " ["+text+"]")
	case *ast.EnumValueNode:
		if n.Options != nil {
			_, at := c.span(n.Options.Options[len(n.Options.Options)-1])
			return insert(at, ", "+text)
		}
		_, at := c.span(n.Number)
		return insert(at, " ["+text+"]")
	}
	return 0, 0, "", false
}

// afterHead returns the end of the last of a file's syntax, package, imports
// and options; false and the beginning if it has none.
func (c changer) afterHead(file *ast.FileNode) (at int, found bool) {
	for _, child := range file.Children() {
		switch child.(type) {
		case *ast.SyntaxNode, *ast.EditionNode, *ast.PackageNode, *ast.ImportNode, *ast.OptionNode:
			_, end := c.span(child)
			at, found = max(at, end), true
		}
	}
	return at, found
}

// addImport adds an import behind the last one, else behind the package or
// the syntax.
func (c changer) addImport(path string) (start, end int, newText string, ok bool) {
	if c.importNode(path) != nil {
		return 0, 0, "", false
	}
	file, isNode := c.tree.FileNode().(*ast.FileNode)
	if !isNode {
		return 0, 0, "", false
	}
	statement := `import "` + path + `";`
	nl := c.newline()
	var head, last ast.Node
	for _, child := range file.Children() {
		switch child.(type) {
		case *ast.ImportNode:
			last = child
		case *ast.SyntaxNode, *ast.EditionNode, *ast.PackageNode:
			head = child
		}
	}
	switch {
	case last != nil:
		_, at := c.span(last)
		return at, at, nl + statement, true
	case head != nil:
		_, at := c.span(head)
		return at, at, nl + nl + statement, true
	}
	return 0, 0, statement + nl, true
}
