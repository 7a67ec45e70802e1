package source

import (
	"bytes"
	"go/token"
	"strings"
	"sync"

	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/parser"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/grpclint/grpclint/finding/directive"
	"github.com/grpclint/grpclint/protocheck"
)

// A Place is a piece of a file's text, by byte offsets.
type Place struct {
	File       *File
	Start, End int
}

// Locate returns where an element stands. An option that is not in the text
// is where its declaration's name is; what stands nowhere has no place.
func (s *Set) Locate(e protocheck.Element) (Place, bool) {
	f := s.File(e.Descriptor)
	if f == nil {
		return Place{}, false
	}
	t := s.texts.of(f)
	if t.tree == nil {
		return Place{}, false
	}
	node := t.element(e)
	if node == nil {
		return Place{File: f}, false
	}
	start, end := t.span(node)
	return Place{f, start, end}, true
}

// Content returns the text of a file, as it is now.
func (s *Set) Content(f *File) []byte { return s.texts.of(f).text }

// Comment implements [protocheck.Source]: what stands above a declaration
// without a blank line between, and behind it on its line.
func (s *Set) Comment(d protoreflect.Descriptor) string {
	f := s.File(d)
	if f == nil || f.builtin != "" {
		return ""
	}
	t := s.texts.of(f)
	if t.tree == nil {
		return ""
	}
	node := t.node(d)
	if node == nil {
		return ""
	}
	var parts []string
	for _, c := range t.commentsOf(t.span(node)) {
		parts = append(parts, stripComment(string(t.text[c.start:c.end])))
	}
	return strings.Join(parts, "\n")
}

// Mentions implements [protocheck.Source].
func (s *Set) Mentions(file protoreflect.FileDescriptor, words string) bool {
	f := s.byDescriptor[file]
	if f == nil {
		return true
	}
	return bytes.Contains(s.texts.raw(f), []byte(words))
}

// declaredAt returns where something is declared that has this full name,
// the last time if it is declared again; the beginning of the file if nothing
// has the name.
func (s *Set) declaredAt(f *File, name string) int {
	t := s.texts.of(f)
	if t.tree == nil {
		return 0
	}
	offset := 0
	eachDeclaration(t.tree.FileDescriptorProto(), func(full string, m proto.Message) {
		if full == name {
			if node := nameOf(t.tree.Node(m)); node != nil {
				start, _ := t.span(node)
				offset = max(offset, start)
			}
		}
	})
	return offset
}

// mentionedAt returns where a declaration mentions a type.
func (s *Set) mentionedAt(f *File, by protoreflect.Descriptor, name string) int {
	t := s.texts.of(f)
	if t.tree == nil {
		return 0
	}
	node := t.node(by)
	if node == nil {
		return 0
	}
	start, end := t.span(node)
	if field, ok := node.(ast.FieldDeclNode); ok && field.FieldExtendee() != nil {
		if from, to := t.span(field.FieldExtendee()); string(t.text[from:to]) == name {
			return from
		}
	}
	if i := bytes.Index(t.code[start:end], []byte(name)); i >= 0 {
		return start + i
	}
	return start
}

// importOffset returns where a path is imported.
func (s *Set) importOffset(f *File, path string) int {
	t := s.texts.of(f)
	if t.tree == nil {
		return 0
	}
	if node := t.importNode(path); node != nil {
		start, _ := t.span(node.Name)
		return start
	}
	return 0
}

// A text is a file's text with its syntax tree.
type text struct {
	text, code []byte // as it is; with comments blanked
	comments   []span
	tree       parser.Result // nil if it does not parse
	lines      []int

	extentsOnce sync.Once
	extents     map[int]int // last line of what is declared from a line on

	statementsOnce sync.Once
	statements     *directive.Set
	fset           *token.FileSet
	file           *token.File // of the statements
}

// texts keeps the few that were asked for last: what is asked about one
// file comes in a row, one row for each worker.
type texts struct {
	mu     sync.Mutex
	recent []*cachedText
}

type cachedText struct {
	file *File
	once sync.Once
	text *text
	raw  []byte
}

const keptTexts = 8

func (ts *texts) entry(f *File) *cachedText {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for i, c := range ts.recent {
		if c.file == f {
			copy(ts.recent[1:i+1], ts.recent[:i])
			ts.recent[0] = c
			return c
		}
	}
	c := &cachedText{file: f}
	ts.recent = append([]*cachedText{c}, ts.recent[:min(len(ts.recent), keptTexts-1)]...)
	return c
}

// of returns a file's text with its tree.
func (ts *texts) of(f *File) *text {
	c := ts.entry(f)
	c.once.Do(func() { c.text = newText(f) })
	return c.text
}

// raw returns a file's text.
func (ts *texts) raw(f *File) []byte {
	ts.mu.Lock()
	for _, c := range ts.recent {
		if c.file == f && c.raw != nil {
			ts.mu.Unlock()
			return c.raw
		}
	}
	ts.mu.Unlock()
	c := ts.entry(f)
	raw := textOf(f)
	ts.mu.Lock()
	c.raw = raw
	ts.mu.Unlock()
	return raw
}

// textOf reads a file without noting errors: that was done the first time.
func textOf(f *File) []byte {
	if f.builtin != "" {
		return []byte(f.builtin)
	}
	again := &File{Path: f.Path, overlay: f.overlay}
	content, _ := again.read()
	return content
}

func newText(f *File) *text {
	t := &text{text: textOf(f)}
	scanned := withoutComments(t.text, true)
	t.code, t.comments = scanned.code, scanned.comments
	t.lines = lineStarts(t.text)
	for _, flaw := range scanned.flaws {
		if flaw.fatal {
			return t
		}
	}
	t.tree, _ = parseText(f.Path, t.code)
	return t
}

// span returns the offsets of a node, the end exclusive.
func (t *text) span(node ast.Node) (start, end int) {
	info := t.tree.FileNode().NodeInfo(node)
	// The offset of the end is that of the last byte; only the end of the
	// file has none.
	return info.Start().Offset, min(info.End().Offset+1, len(t.text))
}

// element returns the node of an element.
func (t *text) element(e protocheck.Element) ast.Node {
	if file, ok := e.Descriptor.(protoreflect.FileDescriptor); ok {
		return t.fileElement(file, e)
	}
	node := t.node(e.Descriptor)
	if node == nil {
		return nil
	}
	name := nameOf(node)
	switch e.Part {
	case protocheck.Whole:
		return node
	case protocheck.Type:
		return typeOf(node, name)
	case protocheck.Input:
		if rpc, ok := node.(*ast.RPCNode); ok {
			return rpc.Input.MessageType
		}
	case protocheck.Output:
		if rpc, ok := node.(*ast.RPCNode); ok {
			return rpc.Output.MessageType
		}
	case protocheck.Option:
		if o := optionOf(node, e.Option); o != nil {
			return between{o.Name, o.Val}
		}
	}
	return name
}

func (t *text) fileElement(_ protoreflect.FileDescriptor, e protocheck.Element) ast.Node {
	file, ok := t.tree.FileNode().(*ast.FileNode)
	if !ok {
		return nil
	}
	var name ast.Node
	for _, decl := range file.Decls {
		if p, ok := decl.(*ast.PackageNode); ok {
			name = p.Name
			break
		}
	}
	if name == nil { // no package: the first statement
		switch {
		case file.Syntax != nil:
			name = file.Syntax
		case file.Edition != nil:
			name = file.Edition
		case len(file.Decls) > 0:
			name = file.Decls[0]
		default:
			return nil
		}
	}
	switch e.Part {
	case protocheck.Whole:
		return file
	case protocheck.Option:
		if o := optionOf(file, e.Option); o != nil {
			return between{o.Name, o.Val}
		}
	case protocheck.Import:
		if node := t.importNode(e.Option); node != nil {
			return node.Name
		}
	}
	return name
}

func (t *text) importNode(path string) *ast.ImportNode {
	file, ok := t.tree.FileNode().(*ast.FileNode)
	if !ok {
		return nil
	}
	for _, decl := range file.Decls {
		if i, ok := decl.(*ast.ImportNode); ok && i.Name.AsString() == path {
			return i
		}
	}
	return nil
}

// between is a node from the beginning of one to the end of another.
type between struct{ first, last ast.Node }

func (b between) Start() ast.Token { return b.first.Start() }
func (b between) End() ast.Token   { return b.last.End() }

// node returns the node of a declaration, or nil.
func (t *text) node(d protoreflect.Descriptor) ast.Node {
	if d == nil {
		return nil
	}
	m := protoOf(t.tree.FileDescriptorProto(), d)
	if m == nil {
		return nil
	}
	return t.tree.Node(m)
}

// nameOf returns the name in a declaration.
func nameOf(node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.FileNode:
		return nil
	case *ast.EnumNode:
		return n.Name
	case *ast.ServiceNode:
		return n.Name
	case ast.FieldDeclNode:
		return n.FieldName()
	case ast.MessageDeclNode:
		return n.MessageName()
	case ast.OneofDeclNode:
		return n.OneofName()
	case ast.EnumValueDeclNode:
		return n.GetName()
	case ast.RPCDeclNode:
		return n.GetName()
	}
	return node
}

// typeOf returns a field's type with its label.
func typeOf(node, name ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.FieldNode:
		if n.Label.IsPresent() {
			return between{n.Label.KeywordNode, n.FldType}
		}
		return n.FldType
	case *ast.MapFieldNode:
		return n.MapType
	case *ast.GroupNode:
		if n.Label.IsPresent() {
			return between{n.Label.KeywordNode, n.Keyword}
		}
		return n.Keyword
	}
	return name
}

// optionOf returns the option of that name. Custom options may be written
// relative to the package, or set one field at a time.
func optionOf(node ast.Node, name string) *ast.OptionNode {
	var found *ast.OptionNode
	visit := func(o *ast.OptionNode) bool {
		if isNamed(o, name) {
			found = o
		}
		return found == nil
	}
	switch n := node.(type) {
	case ast.FieldDeclNode, *ast.EnumValueNode:
		// RangeOptions fails if there are none.
		if compact := compactOf(n); compact != nil {
			for _, o := range compact.Options {
				visit(o)
			}
		}
	case ast.NodeWithOptions:
		n.RangeOptions(visit)
	}
	return found
}

func isNamed(o *ast.OptionNode, name string) bool {
	if len(o.Name.Parts) == 0 {
		return false
	}
	var parts []string
	for _, p := range o.Name.Parts {
		word := string(p.Name.AsIdentifier())
		if p.IsExtension() {
			word = "(" + word + ")"
		}
		parts = append(parts, word)
	}
	if strings.Join(parts, ".") == name {
		return true
	}
	if first, rest, nested := strings.Cut(name, ")."); nested {
		// One field of a custom option.
		return strings.Join(parts[1:], ".") == rest && isCustom(o, first[1:])
	}
	custom, ok := strings.CutPrefix(name, "(")
	custom, closed := strings.CutSuffix(custom, ")")
	if !ok || !closed {
		return parts[0] == name
	}
	return isCustom(o, custom)
}

// isCustom reports whether an option is, or is part of, the custom option
// with a full name.
func isCustom(o *ast.OptionNode, custom string) bool {
	if !o.Name.Parts[0].IsExtension() {
		return false
	}
	written := strings.TrimPrefix(string(o.Name.Parts[0].Name.AsIdentifier()), ".")
	return written == custom || strings.HasSuffix(custom, "."+written)
}

// protoOf finds the message of a declaration by where it stands.
func protoOf(file *descriptorpb.FileDescriptorProto, d protoreflect.Descriptor) proto.Message {
	i := d.Index()
	switch d := d.(type) {
	case protoreflect.FileDescriptor:
		return file
	case protoreflect.MessageDescriptor:
		switch parent := protoOf(file, d.Parent()).(type) {
		case *descriptorpb.FileDescriptorProto:
			return at(parent.MessageType, i)
		case *descriptorpb.DescriptorProto:
			return at(parent.NestedType, i)
		}
	case protoreflect.FieldDescriptor:
		switch parent := protoOf(file, d.Parent()).(type) {
		case *descriptorpb.FileDescriptorProto:
			return at(parent.Extension, i)
		case *descriptorpb.DescriptorProto:
			if d.IsExtension() {
				return at(parent.Extension, i)
			}
			return at(parent.Field, i)
		}
	case protoreflect.OneofDescriptor:
		if parent, ok := protoOf(file, d.Parent()).(*descriptorpb.DescriptorProto); ok {
			return at(parent.OneofDecl, i)
		}
	case protoreflect.EnumDescriptor:
		switch parent := protoOf(file, d.Parent()).(type) {
		case *descriptorpb.FileDescriptorProto:
			return at(parent.EnumType, i)
		case *descriptorpb.DescriptorProto:
			return at(parent.EnumType, i)
		}
	case protoreflect.EnumValueDescriptor:
		if parent, ok := protoOf(file, d.Parent()).(*descriptorpb.EnumDescriptorProto); ok {
			return at(parent.Value, i)
		}
	case protoreflect.ServiceDescriptor:
		if parent, ok := protoOf(file, d.Parent()).(*descriptorpb.FileDescriptorProto); ok {
			return at(parent.Service, i)
		}
	case protoreflect.MethodDescriptor:
		if parent, ok := protoOf(file, d.Parent()).(*descriptorpb.ServiceDescriptorProto); ok {
			return at(parent.Method, i)
		}
	}
	return nil
}

// at is nil where the file has changed since it was compiled.
func at[M proto.Message](list []M, i int) proto.Message {
	if i < 0 || i >= len(list) {
		return nil
	}
	return list[i]
}

// eachDeclaration visits what a file declares, with full names.
func eachDeclaration(file *descriptorpb.FileDescriptorProto, visit func(name string, m proto.Message)) {
	w := declarations{visit}
	pkg := file.GetPackage()
	w.messages(pkg, file.MessageType)
	w.enums(pkg, file.EnumType)
	w.fields(pkg, file.Extension)
	for _, s := range file.Service {
		w.visit(join(pkg, s.GetName()), s)
		for _, m := range s.Method {
			w.visit(join(join(pkg, s.GetName()), m.GetName()), m)
		}
	}
}

type declarations struct{ visit func(string, proto.Message) }

func (w declarations) messages(scope string, messages []*descriptorpb.DescriptorProto) {
	for _, m := range messages {
		name := join(scope, m.GetName())
		w.visit(name, m)
		w.fields(name, m.Field)
		w.fields(name, m.Extension)
		for _, o := range m.OneofDecl {
			w.visit(join(name, o.GetName()), o)
		}
		w.enums(name, m.EnumType)
		w.messages(name, m.NestedType)
	}
}

func (w declarations) fields(scope string, fields []*descriptorpb.FieldDescriptorProto) {
	for _, f := range fields {
		w.visit(join(scope, f.GetName()), f)
	}
}

func (w declarations) enums(scope string, enums []*descriptorpb.EnumDescriptorProto) {
	for _, e := range enums {
		w.visit(join(scope, e.GetName()), e)
		for _, v := range e.Value {
			w.visit(join(scope, v.GetName()), v) // values are siblings of their enum
		}
	}
}

// Position returns the line and column of an offset, both 1-based, the
// column in bytes.
func (s *Set) Position(f *File, offset int) (line, column int) {
	t := s.texts.of(f)
	offset = max(0, min(offset, len(t.text)))
	i := t.line(offset)
	return i + 1, offset - t.lines[i] + 1
}
