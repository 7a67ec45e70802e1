package reshape

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// A rewriter rewrites one site.
type rewriter struct {
	*Package
	*Site
	source *source
	own    *declarations // of a file beside the site's
	helper *declarations // of the package below

	failed bool
}

// helperShapes move the expression into a function that returns it.
func helperShapes() []Shape {
	shape := func(name string, rewrite func(*rewriter, *mover)) Shape {
		return Shape{name, "helper", func(w *rewriter) bool {
			m := w.mover(w.own)
			rewrite(w, m)
			return true
		}}
	}
	return []Shape{
		shape("function", func(w *rewriter, m *mover) {
			w.own.add("func %s(%s) %s { %s }", m.name, m.params(), m.results, m.body)
			w.put(m.name + "(" + m.args() + ")")
		}),
		shape("generic", func(w *rewriter, m *mover) {
			w.own.add("func %s[X any](%s) %s { %s }", m.name, join("_ X", m.params()), m.results, m.body)
			w.put(m.name + "(" + join("0", m.args()) + ")")
		}),
		shape("method", func(w *rewriter, m *mover) {
			w.own.add("type %sT struct { %s }", m.name, m.fields())
			w.own.add("func (x %sT) do() %s { %s; %s }", m.name, m.results, m.unpack("x"), m.body)
			w.put(m.name + "T{" + m.args() + "}.do()")
		}),
		shape("closure", func(w *rewriter, m *mover) {
			w.before(m.name + " := func() " + m.local(w) + " { " + m.inPlace + " }")
			w.put(m.name + "()")
		}),
		shape("called closure", func(w *rewriter, m *mover) {
			w.put("func() " + m.local(w) + " { " + m.inPlace + " }()")
		}),
		shape("field", func(w *rewriter, m *mover) {
			w.own.add("type %sT struct { do func(%s) %s }", m.name, m.params(), m.results)
			w.own.add("func %sNew() *%sT { return &%sT{do: func(%s) %s { %s }} }", m.name, m.name, m.name, m.params(), m.results, m.body)
			w.before(m.name + " := " + m.name + "New()")
			w.put(m.name + ".do(" + m.args() + ")")
		}),
		shape("function variable", func(w *rewriter, m *mover) {
			w.own.add("var %s = func(%s) %s { %s }", m.name, m.params(), m.results, m.body)
			w.put(m.name + "(" + m.args() + ")")
		}),
		shape("bound method", func(w *rewriter, m *mover) {
			w.own.add("type %sT struct{}", m.name)
			w.own.add("func (%sT) do(%s) %s { %s }", m.name, m.params(), m.results, m.body)
			w.before(m.name + " := " + m.name + "T{}.do")
			w.put(m.name + "(" + m.args() + ")")
		}),
		shape("callback", func(w *rewriter, m *mover) {
			ret := "return "
			if m.results == "" {
				ret = ""
			}
			w.own.add("func %sRun(f func() %s) %s { %sf() }", m.name, m.results, m.results, ret)
			w.put(m.name + "Run(func() " + m.local(w) + " { " + m.inPlace + " })")
		}),
		shape("interface", func(w *rewriter, m *mover) {
			w.own.add("type %sI interface { do(%s) %s }", m.name, m.params(), m.results)
			w.own.add("type %sT struct{}", m.name)
			w.own.add("func (%sT) do(%s) %s { %s }", m.name, m.params(), m.results, m.body)
			w.own.add("func %sNew() %sI { return %sT{} }", m.name, m.name, m.name)
			w.put(m.name + "New().do(" + m.args() + ")")
		}),
		shape("struct parameter", func(w *rewriter, m *mover) {
			w.own.add("type %sP struct { %s }", m.name, m.fields())
			w.own.add("func %s(x %sP) %s { %s; %s }", m.name, m.name, m.results, m.unpack("x"), m.body)
			w.put(m.name + "(" + m.name + "P{" + m.args() + "})")
		}),
		shape("pointer parameter", func(w *rewriter, m *mover) {
			w.own.add("type %sP struct { %s }", m.name, m.fields())
			w.own.add("func %s(x *%sP) %s { %s; %s }", m.name, m.name, m.results, m.unpack("x"), m.body)
			w.put(m.name + "(&" + m.name + "P{" + m.args() + "})")
		}),
		shape("named result", func(w *rewriter, m *mover) {
			named, assign, ok := m.named()
			if !ok {
				w.failed = true
				return
			}
			w.own.add("func %s(%s) %s { %s; return }", m.name, m.params(), named, assign)
			w.put(m.name + "(" + m.args() + ")")
		}),
		{"other package", "helper", func(w *rewriter) bool {
			if w.usesOwn() {
				return false
			}
			m := w.mover(w.helper)
			name := strings.ToUpper(m.name[:1]) + m.name[1:]
			w.helper.add("func %s(%s) %s { %s }", name, m.params(), m.results, m.body)
			w.put(HelperName + "." + name + "(" + m.args() + ")")
			w.source.usesHelper = true
			return true
		}},
	}
}

// put replaces the expression.
func (w *rewriter) put(text string) { w.source.replace(w.Expr.Pos(), w.Expr.End(), text) }

// before adds a statement before the one that holds the expression.
func (w *rewriter) before(text string) { w.source.replace(w.stmt.Pos(), w.stmt.Pos(), text+"\n") }

// usesOwn reports whether the expression names what its own package declares,
// which a package below cannot import.
func (w *rewriter) usesOwn() bool {
	own := false
	ast.Inspect(w.Expr, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			o := w.Info.Uses[id]
			own = own || o != nil && o.Pkg() == w.Types && o.Parent() == w.Types.Scope()
		}
		return !own
	})
	return own
}

// A mover has the parts of a function that returns the expression.
type mover struct {
	name    string
	vars    []*types.Var
	types   []string // of vars
	results string
	body    string // in another file
	inPlace string // where the expression stands
	expr    string
	tuple   []string // types of the results
}

// mover prepares to move the expression to a file with these declarations.
func (w *rewriter) mover(to *declarations) *mover {
	m := &mover{name: fmt.Sprintf("reshaped%d", w.index), vars: w.free}
	m.expr = w.source.between(w.Expr.Pos(), w.Expr.End())
	for _, v := range w.free {
		m.types = append(m.types, w.typeName(v.Type(), to))
	}
	w.importNames(to)
	m.results, m.tuple = w.resultsOf(to)
	m.body, m.inPlace = "return "+m.expr, "return "+m.expr
	if m.results == "" {
		m.body, m.inPlace = m.expr, m.expr
	}
	return m
}

// local is the results as they are written in the site's own file.
func (m *mover) local(w *rewriter) string {
	d := newDeclarations()
	for _, spec := range w.File.Imports {
		if name := w.importName(spec); name != "" && name != "." && name != "_" {
			d.imports[name] = strings.Trim(spec.Path.Value, `"`)
		}
	}
	known := len(d.imports)
	results, _ := w.resultsOf(d)
	if len(d.imports) != known {
		w.failed = true // the file would need another import
	}
	return results
}

func (w *rewriter) resultsOf(to *declarations) (text string, tuple []string) {
	switch t := w.Info.TypeOf(w.Expr).(type) {
	case *types.Tuple:
		for v := range t.Variables() {
			tuple = append(tuple, w.typeName(v.Type(), to))
		}
	case nil:
	default:
		tuple = []string{w.typeName(types.Default(t), to)}
	}
	switch len(tuple) {
	case 0:
		return "", nil
	case 1:
		return tuple[0], tuple
	}
	return "(" + strings.Join(tuple, ", ") + ")", tuple
}

func (m *mover) params() string {
	var list []string
	for i, v := range m.vars {
		list = append(list, v.Name()+" "+m.types[i])
	}
	return strings.Join(list, ", ")
}

func (m *mover) fields() string { return strings.ReplaceAll(m.params(), ", ", "; ") }

func (m *mover) args() string {
	var list []string
	for _, v := range m.vars {
		list = append(list, v.Name())
	}
	return strings.Join(list, ", ")
}

// unpack takes the variables out of a struct.
func (m *mover) unpack(from string) string {
	var list []string
	for _, v := range m.vars {
		list = append(list, v.Name()+" := "+from+"."+v.Name())
	}
	return strings.Join(list, "; ")
}

func (m *mover) named() (results, assign string, ok bool) {
	if len(m.tuple) == 0 {
		return "", "", false
	}
	var names, list []string
	for i, t := range m.tuple {
		name := fmt.Sprintf("result%d", i)
		names = append(names, name)
		list = append(list, name+" "+t)
	}
	return "(" + strings.Join(list, ", ") + ")", strings.Join(names, ", ") + " = " + m.expr, true
}

// typeName writes a type in a file, which then imports what it names.
func (w *rewriter) typeName(t types.Type, to *declarations) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == w.Types {
			if to == w.helper {
				w.failed = true
			}
			return ""
		}
		for name, path := range to.imports {
			if path == p.Path() {
				return name
			}
		}
		name := w.nameOf(p)
		if !to.use(name, p.Path()) {
			w.failed = true
		}
		return name
	})
}

// nameOf is the name of a package in the site's file, or one of its own.
func (w *rewriter) nameOf(p *types.Package) string {
	for _, spec := range w.File.Imports {
		if strings.Trim(spec.Path.Value, `"`) == p.Path() {
			if name := w.importName(spec); name != "" && name != "." && name != "_" {
				return name
			}
		}
	}
	return p.Name()
}

func (w *rewriter) importName(spec *ast.ImportSpec) string { return importName(w.Info, spec) }

func importName(info *types.Info, spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	if name, ok := info.Implicits[spec].(*types.PkgName); ok {
		return name.Name()
	}
	return ""
}

// importNames imports the packages that the expression names.
func (w *rewriter) importNames(to *declarations) {
	ast.Inspect(w.Expr, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if p, ok := w.Info.Uses[id].(*types.PkgName); ok && !to.use(id.Name, p.Imported().Path()) {
				w.failed = true
			}
		}
		return true
	})
}

func join(first, rest string) string {
	if rest == "" {
		return first
	}
	return first + ", " + rest
}
