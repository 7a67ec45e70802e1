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
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// A source knows where the constants of a package are written, and which
// files are embedded in it.
type source struct {
	pass     *analysis.Pass
	exprs    map[string][]ast.Expr     // whole constant expressions, by value
	declared map[types.Object]ast.Expr // values of constants
	embedded map[types.Object]string   // variable to the pattern of its //go:embed
	files    map[string]*Text          // embedded files by name
}

func newSource(pass *analysis.Pass) *source {
	s := &source{
		pass: pass, exprs: make(map[string][]ast.Expr), declared: make(map[types.Object]ast.Expr),
		embedded: make(map[types.Object]string), files: make(map[string]*Text),
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				s.noteEmbed(n)
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if len(n.Values) == len(n.Names) {
						s.declared[pass.TypesInfo.Defs[name]] = n.Values[i]
					}
				}
			case ast.Expr:
				if value := s.value(n); value != nil {
					s.exprs[constant.StringVal(value)] = append(s.exprs[constant.StringVal(value)], n)
					return false
				}
			}
			return true
		})
	}
	return s
}

// value is that of a constant expression that is a string, else nil.
func (s *source) value(expr ast.Expr) constant.Value {
	value := s.pass.TypesInfo.Types[expr].Value
	if value == nil || value.Kind() != constant.String {
		return nil
	}
	return value
}

// constant finds where the string is written that a function uses: among the
// arguments of the call that is given it, if there is one, else in the
// function, or else anywhere in the package.
func (s *source) constant(value string, call *ast.CallExpr, fn *ssa.Function) Text {
	exprs := s.exprs[value]
	if len(exprs) == 0 {
		return Text{Bytes: []byte(value)}
	}
	at := exprs[0]
	if call != nil { // the values of package variables are made in no function
		if i := slices.IndexFunc(exprs, func(e ast.Expr) bool { return slices.Contains(call.Args, e) }); i >= 0 {
			return s.written(exprs[i], value, make(map[types.Object]bool))
		}
	}
	for ; fn != nil; fn = fn.Parent() {
		syntax := fn.Syntax()
		if syntax == nil {
			break
		}
		if i := slices.IndexFunc(exprs, func(e ast.Expr) bool { return syntax.Pos() <= e.Pos() && e.End() <= syntax.End() }); i >= 0 {
			at = exprs[i]
			break
		}
	}
	return s.written(at, value, make(map[types.Object]bool))
}

// written maps a constant expression to the literals that it is made of.
func (s *source) written(expr ast.Expr, value string, visiting map[types.Object]bool) Text {
	switch e := ast.Unparen(expr).(type) {
	case *ast.BasicLit:
		if t, ok := literal(e); ok {
			return t
		}
	case *ast.BinaryExpr:
		var whole Text
		for _, part := range operands(e) {
			v := s.value(part)
			if v == nil {
				return constantText(value, expr)
			}
			whole.append(s.written(part, constant.StringVal(v), visiting))
		}
		return whole
	case *ast.CallExpr: // a conversion
		return s.written(e.Args[0], value, visiting)
	case *ast.Ident:
		return s.named(s.pass.TypesInfo.Uses[e], expr, value, visiting)
	case *ast.SelectorExpr:
		return s.named(s.pass.TypesInfo.Uses[e.Sel], expr, value, visiting)
	}
	return constantText(value, expr)
}

func (s *source) named(obj types.Object, expr ast.Expr, value string, visiting map[types.Object]bool) Text {
	if declared := s.declared[obj]; declared != nil && !visiting[obj] {
		visiting[obj] = true
		return s.written(declared, value, visiting)
	}
	return constantText(value, expr) // of another package
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

// noteEmbed: //go:embed pattern, then var name string or []byte.
func (s *source) noteEmbed(decl *ast.GenDecl) {
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
				s.embedded[s.pass.TypesInfo.Defs[spec.Names[0]]] = strings.TrimSpace(pattern)
			}
		}
	}
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
			t.spans = append(t.spans, span{pos: pos + token.Pos(i), end: pos + token.Pos(i) + 1})
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
			t.spans = append(t.spans, span{pos: pos, end: pos + token.Pos(width)})
		} else {
			for _, b := range []byte(string(r)) {
				t.Bytes = append(t.Bytes, b)
				t.spans = append(t.spans, span{pos: pos, end: pos + token.Pos(width)})
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
func (s *source) embeddedFile(v types.Object, pattern string) *Text {
	if strings.ContainsAny(pattern, "*?[ \"`") {
		return nil
	}
	dir := filepath.Dir(s.pass.Fset.File(v.Pos()).Name())
	name := filepath.Join(dir, filepath.FromSlash(pattern))
	if t, ok := s.files[name]; ok {
		return t
	}
	content, err := wholefile.Read(name, wholefile.Settings)
	if err != nil {
		s.files[name] = nil
		return nil
	}
	file := s.pass.Fset.AddFile(name, -1, len(content))
	file.SetLinesForContent(content)
	t := &Text{Bytes: content, spans: make([]span, len(content))}
	for i := range content {
		t.spans[i] = span{pos: file.Pos(i), end: file.Pos(i + 1)}
	}
	s.files[name] = t
	return t
}
