package source

import (
	"go/token"

	"github.com/bufbuild/protocompile/ast"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/finding/directive"
	"github.com/grpclint/grpclint/protocheck"
)

// HasDirectives reports whether a file may have directives at all.
func (f *File) HasDirectives() bool { return f.directed }

// Directives returns a file's directives. Their positions are in file, which
// is of the same text.
//
// A directive speaks for what begins on its line, or, if it stands on a line
// of its own, below the comments that it is among: a declaration to its end,
// else that line.
func (s *Set) Directives(f *File, file *token.File) *directive.Set {
	if !f.directed {
		return directive.NewSet(nil)
	}
	t := s.texts.of(f)
	ends := t.groupEnds()
	var all []*directive.Directive
	for i, c := range t.comments {
		if c.end > file.Size() {
			break // the file has changed
		}
		d := directive.Parse(string(t.text[c.start:lineEnd(t.text, c)]), file.Pos(c.start))
		if d == nil {
			continue
		}
		d.File = file
		own := t.line(c.start)
		target := own
		if !t.isTrailing(c) {
			target = ends[i]
			if t.declaredFrom(target) < 0 { // else a comment in front of a declaration ends the group
				target++
			}
		}
		last := max(target, t.declaredFrom(target))
		d.FromLine, d.ToLine = own+1, last+1
		if d.Kind == directive.FileIgnore || d.Kind == directive.NoLint && target == t.firstLine() {
			d.FromLine, d.ToLine = 1, file.LineCount()
		}
		all = append(all, d)
	}
	return directive.NewSet(all)
}

// lineEnd is where a comment ends without the carriage return.
func lineEnd(text []byte, c span) int {
	if c.end > c.start && text[c.end-1] == '\r' {
		return c.end - 1
	}
	return c.end
}

// groupEnds returns, for each comment, the last line of the comments on lines
// that follow each other that it is among.
func (t *text) groupEnds() []int {
	ends := make([]int, len(t.comments))
	for i := len(ends) - 1; i >= 0; i-- {
		ends[i] = t.line(t.comments[i].end)
		if i+1 < len(ends) && t.line(t.comments[i+1].start) == ends[i]+1 && !t.isTrailing(t.comments[i+1]) {
			ends[i] = ends[i+1]
		}
	}
	return ends
}

// declaredFrom returns the line on which a declaration ends that begins on a
// line, or -1.
func (t *text) declaredFrom(line int) int {
	if t.tree == nil {
		return -1
	}
	t.extentsOnce.Do(func() {
		t.extents = make(map[int]int)
		if file, ok := t.tree.FileNode().(*ast.FileNode); ok {
			t.extend(file)
		}
	})
	if end, ok := t.extents[line]; ok {
		return end
	}
	return -1
}

// extend notes the lines of the declarations in a node.
func (t *text) extend(node ast.CompositeNode) {
	for _, child := range node.Children() {
		switch child.(type) {
		case *ast.MessageNode, *ast.EnumNode, *ast.ServiceNode, *ast.ExtendNode, *ast.RPCNode, *ast.OneofNode,
			*ast.GroupNode, *ast.FieldNode, *ast.MapFieldNode, *ast.EnumValueNode, *ast.OptionNode,
			*ast.ImportNode, *ast.PackageNode, *ast.SyntaxNode, *ast.EditionNode:
			start, end := t.span(child)
			from := t.line(start)
			t.extents[from] = max(t.extents[from], t.line(max(end-1, start)))
		}
		if inner, ok := child.(ast.CompositeNode); ok {
			t.extend(inner)
		}
	}
}

// firstLine is the line of the syntax, or of whatever comes first.
func (t *text) firstLine() int {
	for i, c := range t.code {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return t.line(i)
		}
	}
	return -1
}

// Idempotent returns the reason by which a directive declares a method, or
// its whole service, idempotent.
func (s *Set) Idempotent(m protoreflect.MethodDescriptor) (reason string, ok bool) {
	f := s.File(m)
	if f == nil || !f.directed {
		return "", false
	}
	place, ok := s.Locate(protocheck.Element{Descriptor: m})
	if !ok {
		return "", false
	}
	t := s.texts.of(f)
	t.statementsOnce.Do(func() {
		t.fset = token.NewFileSet()
		t.file = t.fset.AddFile(f.Path, -1, len(t.text))
		t.file.SetLinesForContent(t.text)
		t.statements = s.Directives(f, t.file)
	})
	d := t.statements.Statement(t.fset, directive.Idempotent, t.file.Pos(place.Start))
	if d == nil {
		return "", false
	}
	return d.Reason, true
}
