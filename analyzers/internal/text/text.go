// Package text evaluates strings that are put together at compile time and
// remembers where each byte of them stands in the source, so that what is
// wrong inside a string literal can be pointed at to the character.
package text

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// A Text is a string known at compile time.
type Text struct {
	Bytes []byte
	spans []span // one per byte
}

// A span is the piece of source that a byte is written as: one character of
// a raw literal, an escape sequence, or the whole expression when the string
// comes from elsewhere.
type span struct{ pos, end token.Pos }

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

// Exact reports whether the bytes from start to end stand in the source one
// after the other as they are, so that an edit of them can be written there.
func (t *Text) Exact(start, end int) bool {
	if start < 0 || end > len(t.spans) || start > end {
		return false
	}
	for i := start; i < end; i++ {
		if t.spans[i].end-t.spans[i].pos != 1 || i > start && t.spans[i].pos != t.spans[i-1].end {
			return false
		}
	}
	return true
}

func (t *Text) append(other Text) {
	t.Bytes = append(t.Bytes, other.Bytes...)
	t.spans = append(t.spans, other.spans...)
}

// constantText is a string of which only the value is known here: all of it
// stands for expr.
func constantText(value string, expr ast.Expr) Text {
	t := Text{Bytes: []byte(value), spans: make([]span, len(value))}
	for i := range t.spans {
		t.spans[i] = span{expr.Pos(), expr.End()}
	}
	return t
}

// A Folder evaluates expressions of one package.
type Folder struct {
	pass     *analysis.Pass
	assigned map[types.Object][]ast.Expr // every value assigned to a variable
	opaque   map[types.Object]bool       // also assigned in a way not followed
	embedded map[types.Object]string     // variable to the pattern of its //go:embed
	files    map[string]*Text            // embedded files by name
	query    *budget.Query               // of the present expression
}

// maxText bounds the length of a string that is evaluated.
const maxText = 1 << 20

// NewFolder reads the package's assignments.
func NewFolder(pass *analysis.Pass) *Folder {
	f := &Folder{
		pass: pass, assigned: make(map[types.Object][]ast.Expr), opaque: make(map[types.Object]bool),
		embedded: make(map[types.Object]string), files: make(map[string]*Text),
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			f.note(n)
			return true
		})
	}
	return f
}

func (f *Folder) note(n ast.Node) {
	switch n := n.(type) {
	case *ast.GenDecl:
		f.noteEmbed(n)
	case *ast.ValueSpec:
		for i, name := range n.Names {
			obj := f.pass.TypesInfo.Defs[name]
			switch {
			case len(n.Values) == len(n.Names):
				f.assigned[obj] = append(f.assigned[obj], n.Values[i])
			case len(n.Values) > 0:
				f.opaque[obj] = true // one of several results of a call
			}
		}
	case *ast.AssignStmt:
		for i, lhs := range n.Lhs {
			id, ok := ast.Unparen(lhs).(*ast.Ident)
			if !ok {
				continue
			}
			obj := f.pass.TypesInfo.ObjectOf(id)
			if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
				f.assigned[obj] = append(f.assigned[obj], n.Rhs[i])
			} else {
				f.opaque[obj] = true
			}
		}
	case *ast.RangeStmt:
		for _, e := range []ast.Expr{n.Key, n.Value} {
			if id, ok := e.(*ast.Ident); ok {
				f.opaque[f.pass.TypesInfo.ObjectOf(id)] = true
			}
		}
	case *ast.UnaryExpr:
		if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND {
			f.opaque[f.pass.TypesInfo.ObjectOf(id)] = true // written through a pointer, maybe
		}
	}
}

// noteEmbed: //go:embed pattern, then var name string or []byte.
func (f *Folder) noteEmbed(decl *ast.GenDecl) {
	if decl.Tok != token.VAR || len(decl.Specs) != 1 {
		return
	}
	spec := decl.Specs[0].(*ast.ValueSpec)
	for _, doc := range []*ast.CommentGroup{decl.Doc, spec.Doc} {
		if doc == nil || len(spec.Names) != 1 {
			continue
		}
		for _, c := range doc.List {
			if pattern, ok := strings.CutPrefix(c.Text, "//go:embed "); ok {
				f.embedded[f.pass.TypesInfo.Defs[spec.Names[0]]] = strings.TrimSpace(pattern)
			}
		}
	}
}

// Fold returns the strings that expr may be: one where it is a constant or
// put together from constants, several where a variable is assigned several.
// What cannot be evaluated is left out; complete says whether anything was.
func (f *Folder) Fold(expr ast.Expr) (texts []Text, complete bool) {
	f.query = new(budget.Meter).Query()
	return f.fold(expr, make(map[types.Object]bool))
}

func (f *Folder) fold(expr ast.Expr, visiting map[types.Object]bool) ([]Text, bool) {
	if !f.query.Step() {
		return nil, false // a string that is used again and again
	}
	expr = ast.Unparen(expr)
	switch e := expr.(type) {
	case *ast.BasicLit:
		if t, ok := literal(e); ok {
			return []Text{t}, true
		}
		return nil, false
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return nil, false
		}
		return f.concatenate(operands(e), visiting)
	case *ast.Ident:
		return f.named(e, f.pass.TypesInfo.Uses[e], visiting)
	case *ast.SelectorExpr:
		return f.named(e, f.pass.TypesInfo.Uses[e.Sel], visiting)
	case *ast.CallExpr:
		return f.call(e, visiting)
	}
	return nil, false
}

// operands returns the parts of a sum, all those of a + b + c in one list.
func operands(sum *ast.BinaryExpr) []ast.Expr {
	parts := []ast.Expr{sum.Y}
	for {
		left, ok := ast.Unparen(sum.X).(*ast.BinaryExpr)
		if !ok || left.Op != token.ADD {
			parts = append(parts, sum.X)
			slices.Reverse(parts)
			return parts
		}
		parts = append(parts, left.Y)
		sum = left
	}
}

// concatenate folds parts that have one value each.
func (f *Folder) concatenate(parts []ast.Expr, visiting map[types.Object]bool) ([]Text, bool) {
	var whole Text
	for _, part := range parts {
		texts, complete := f.fold(part, visiting)
		if !complete || len(texts) != 1 {
			return nil, false
		}
		if whole.append(texts[0]); len(whole.Bytes) > maxText {
			return nil, false
		}
	}
	return []Text{whole}, true
}

// named folds a constant or a variable.
func (f *Folder) named(expr ast.Expr, obj types.Object, visiting map[types.Object]bool) ([]Text, bool) {
	switch obj := obj.(type) {
	case *types.Const:
		if obj.Val().Kind() != constant.String {
			return nil, false
		}
		if values := f.assigned[obj]; len(values) == 1 && !visiting[obj] {
			visiting[obj] = true
			defer delete(visiting, obj)
			if texts, complete := f.fold(values[0], visiting); complete {
				return texts, true
			}
		}
		return []Text{constantText(constant.StringVal(obj.Val()), expr)}, true
	case *types.Var:
		return f.variable(obj, visiting)
	}
	return nil, false
}

// variable folds every value that a variable of this package is assigned.
func (f *Folder) variable(v *types.Var, visiting map[types.Object]bool) ([]Text, bool) {
	if v.Pkg() != f.pass.Pkg || visiting[v] || v.IsField() {
		return nil, false
	}
	if pattern, ok := f.embedded[v]; ok && !f.opaque[v] && len(f.assigned[v]) == 0 {
		if t := f.embeddedFile(v, pattern); t != nil {
			return []Text{*t}, true
		}
		return nil, false
	}
	visiting[v] = true
	defer delete(visiting, v)
	// A package variable that others can write, a parameter, or one that
	// is written in other ways, may hold other values too.
	complete := !f.opaque[v] && len(f.assigned[v]) > 0 && !(v.Exported() && v.Parent() == f.pass.Pkg.Scope())
	var texts []Text
	for _, value := range f.assigned[v] {
		some, all := f.fold(value, visiting)
		texts = append(texts, some...)
		complete = complete && all
	}
	return texts, complete
}

// call folds conversions between strings and bytes, and fmt.Sprintf.
func (f *Folder) call(call *ast.CallExpr, visiting map[types.Object]bool) ([]Text, bool) {
	if tv := f.pass.TypesInfo.Types[call.Fun]; tv.IsType() && len(call.Args) == 1 {
		return f.fold(call.Args[0], visiting) // string(b), ownString(s)
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, false
	}
	fn, ok := f.pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || fn.FullName() != "fmt.Sprintf" || len(call.Args) == 0 || call.Ellipsis.IsValid() {
		return nil, false
	}
	return f.sprintf(call, visiting)
}

// sprintf evaluates a format whose verbs are %s, %q, %v and %d without
// flags, of arguments that are constants or known strings.
func (f *Folder) sprintf(call *ast.CallExpr, visiting map[types.Object]bool) ([]Text, bool) {
	formats, complete := f.fold(call.Args[0], visiting)
	if !complete || len(formats) != 1 {
		return nil, false
	}
	format, args := formats[0], call.Args[1:]
	var out Text
	for i := 0; i < len(format.Bytes); i++ {
		if format.Bytes[i] != '%' {
			out.append(Text{format.Bytes[i : i+1], format.spans[i : i+1]})
			continue
		}
		if i++; i == len(format.Bytes) {
			return nil, false
		}
		if format.Bytes[i] == '%' {
			out.append(Text{format.Bytes[i : i+1], format.spans[i : i+1]})
			continue
		}
		if len(args) == 0 {
			return nil, false
		}
		arg, ok := f.formatted(args[0], format.Bytes[i], visiting)
		if !ok {
			return nil, false
		}
		out.append(arg)
		args = args[1:]
	}
	if len(args) > 0 {
		return nil, false // %!(EXTRA ...)
	}
	return []Text{out}, true
}

func (f *Folder) formatted(arg ast.Expr, verb byte, visiting map[types.Object]bool) (Text, bool) {
	if value := f.pass.TypesInfo.Types[arg].Value; value != nil {
		switch {
		case value.Kind() == constant.String && (verb == 's' || verb == 'v'):
			return constantText(constant.StringVal(value), arg), true
		case value.Kind() == constant.String && verb == 'q':
			return constantText(strconv.Quote(constant.StringVal(value)), arg), true
		case value.Kind() == constant.Int && (verb == 'd' || verb == 'v') && !isStringer(f.pass.TypesInfo.TypeOf(arg)):
			return constantText(value.ExactString(), arg), true
		}
		return Text{}, false
	}
	if verb != 's' && verb != 'v' {
		return Text{}, false
	}
	texts, complete := f.fold(arg, visiting)
	if !complete || len(texts) != 1 {
		return Text{}, false
	}
	return texts[0], true
}

// isStringer: %v of a time.Duration, say, is not its number.
func isStringer(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "String")
	_, ok := obj.(*types.Func)
	return ok
}

// literal maps each byte of a string literal's value to its source.
func literal(lit *ast.BasicLit) (Text, bool) {
	if lit.Kind != token.STRING || len(lit.Value) < 2 {
		return Text{}, false
	}
	var t Text
	body, pos := lit.Value[1:len(lit.Value)-1], lit.Pos()+1
	if lit.Value[0] == '`' {
		// The scanner has removed carriage returns, after which
		// positions in the line shift; such files are rare, and the
		// line stays right.
		for i := range len(body) {
			t.Bytes = append(t.Bytes, body[i])
			t.spans = append(t.spans, span{pos + token.Pos(i), pos + token.Pos(i) + 1})
		}
		return t, true
	}
	for len(body) > 0 {
		r, multibyte, rest, err := strconv.UnquoteChar(body, '"')
		if err != nil {
			return Text{}, false
		}
		width := len(body) - len(rest)
		if r < utf8.RuneSelf || !multibyte {
			t.Bytes = append(t.Bytes, byte(r))
			t.spans = append(t.spans, span{pos, pos + token.Pos(width)})
		} else {
			for _, b := range []byte(string(r)) {
				t.Bytes = append(t.Bytes, b)
				t.spans = append(t.spans, span{pos, pos + token.Pos(width)})
			}
		}
		body, pos = rest, pos+token.Pos(width)
	}
	return t, true
}

// embeddedFile reads the file that a //go:embed directive names and makes it
// a file of the pass's file set. pass.ReadFile refuses embedded files;
// go vet's cache knows them all the same, because they are inputs of the
// package. What cannot be read, or is a pattern for several, is unknown.
func (f *Folder) embeddedFile(v types.Object, pattern string) *Text {
	if strings.ContainsAny(pattern, "*?[ \"`") {
		return nil
	}
	dir := filepath.Dir(f.pass.Fset.File(v.Pos()).Name())
	name := filepath.Join(dir, filepath.FromSlash(pattern))
	if t, ok := f.files[name]; ok {
		return t
	}
	content, err := wholefile.Read(name, wholefile.Settings)
	if err != nil {
		f.files[name] = nil
		return nil
	}
	file := f.pass.Fset.AddFile(name, -1, len(content))
	file.SetLinesForContent(content)
	t := &Text{Bytes: content, spans: make([]span, len(content))}
	for i := range content {
		t.spans[i] = span{file.Pos(i), file.Pos(i + 1)}
	}
	f.files[name] = t
	return t
}
