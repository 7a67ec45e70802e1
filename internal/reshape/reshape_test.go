package reshape

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// example has a site in each function: the call of make or open.
const example = `package example

import "strings"

type file struct{ name string }

func open(name string, mode int) (*file, error) { return &file{name}, nil }

func (f *file) read() int { return len(f.name) }

func value(prefix string) string {
	return strings.Repeat(prefix, 2)
}

func pair(name string) error {
	f, err := open(name, 1)
	if err != nil {
		return err
	}
	_ = f.read()
	return nil
}

func loop(names []string) int {
	total := 0
	for _, name := range names {
		if name == "" {
			continue
		}
		total += len(strings.ToUpper(name))
	}
	return total
}

func branch(a, b string) (s string) {
	if n := len(a); n > 1 {
		s = strings.ToLower(a)
	}
	if b == "" {
		return s
	}
	s += strings.TrimSpace(b)
	return s
}

func set(a string) (n int) {
	if n = len(a); strings.Repeat(a, n) != "" {
		n++
	}
	return n
}

func wait(left int) {
	for left > 0 {
		left -= strings.Count("a", "a")
	}
}
`

func load(t *testing.T, text string) *Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "example.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	p := &Package{Path: "example.com/example", Fset: fset, Files: []*ast.File{file}, Text: map[*ast.File][]byte{file: []byte(text)}, Info: &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}}
	conf := types.Config{Importer: importer.Default()}
	if p.Types, err = conf.Check(p.Path, fset, p.Files, p.Info); err != nil {
		t.Fatal(err)
	}
	return p
}

// site returns the site of a piece of the example's text.
func (p *Package) site(t *testing.T, text string, index int) *Site {
	t.Helper()
	file := p.Files[0]
	at := strings.Index(string(p.Text[file]), text)
	if at < 0 {
		t.Fatalf("%s is not there", text)
	}
	pos := file.FileStart + token.Pos(at)
	return p.Site(pos, pos+token.Pos(len(text)), index)
}

// fits type-checks a variant.
func fits(t *testing.T, v *Variant) bool {
	t.Helper()
	fset := token.NewFileSet()
	imports := standard{importer.Default(), make(map[string]*types.Package)}
	check := func(path string, texts map[string][]byte) bool {
		var files []*ast.File
		for name, text := range texts {
			f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
			if err != nil {
				t.Logf("%v in\n%s", err, text)
				return false
			}
			files = append(files, f)
		}
		conf := types.Config{Importer: imports}
		p, err := conf.Check(path, fset, files, nil)
		if err != nil {
			t.Log(err)
		}
		imports.known[path] = p
		return err == nil
	}
	if v.Helper != nil && !check("example.com/example/"+HelperName, map[string][]byte{"helper.go": v.Helper}) {
		return false
	}
	return check("example.com/example", v.Files)
}

type standard struct {
	types.Importer
	known map[string]*types.Package
}

func (s standard) Import(path string) (*types.Package, error) {
	if p := s.known[path]; p != nil {
		return p, nil
	}
	return s.Importer.Import(path)
}

// Each shape writes something that type-checks, and is what it says.
func TestShapes(t *testing.T) {
	const (
		inValue  = "strings.Repeat(prefix, 2)"
		inPair   = "open(name, 1)"
		inLoop   = "strings.ToUpper(name)"
		inIf     = "strings.ToLower(a)"
		behindIf = "strings.TrimSpace(b)"
		inSet    = "strings.Repeat(a, n)"
		inWait   = `strings.Count("a", "a")`
	)
	tests := []struct{ shape, site, want string }{
		{"function", inValue, "return reshaped1(prefix)"},
		{"function", inValue, "func reshaped1(prefix string) string { return strings.Repeat(prefix, 2) }"},
		{"function", inPair, "f, err := reshaped1(name)"},
		{"function", inPair, "func reshaped1(name string) (*file, error) { return open(name, 1) }"},
		{"generic", inPair, "f, err := reshaped1(0, name)"},
		{"generic", inPair, "func reshaped1[X any](_ X, name string) (*file, error) { return open(name, 1) }"},
		{"method", inPair, "f, err := reshaped1T{name}.do()"},
		{"method", inPair, "func (x reshaped1T) do() (*file, error) { name := x.name; return open(name, 1) }"},
		{"closure", inPair, "reshaped1 := func() (*file, error) { return open(name, 1) }\nf, err := reshaped1()"},
		{"called closure", inValue, "return func() string { return strings.Repeat(prefix, 2) }()"},
		{"field", inPair, "reshaped1 := reshaped1New()\nf, err := reshaped1.do(name)"},
		{"field", inPair, "return &reshaped1T{do: func(name string) (*file, error) { return open(name, 1) }}"},
		{"function variable", inPair, "var reshaped1 = func(name string) (*file, error) { return open(name, 1) }"},
		{"bound method", inPair, "reshaped1 := reshaped1T{}.do\nf, err := reshaped1(name)"},
		{"callback", inPair, "f, err := reshaped1Run(func() (*file, error) { return open(name, 1) })"},
		{"callback", inPair, "func reshaped1Run(f func() (*file, error)) (*file, error) { return f() }"},
		{"interface", inPair, "f, err := reshaped1New().do(name)"},
		{"interface", inPair, "func reshaped1New() reshaped1I { return reshaped1T{} }"},
		{"struct parameter", inPair, "f, err := reshaped1(reshaped1P{name})"},
		{"pointer parameter", inPair, "f, err := reshaped1(&reshaped1P{name})"},
		{"named result", inPair, "func reshaped1(name string) (result0 *file, result1 error) { result0, result1 = open(name, 1); return }"},
		{"other package", inValue, "return reshapehelper.Reshaped1(prefix)"},
		{"other package", inPair, ""}, // it needs what only this package has
		{"variable", inValue, "reshaped1 := strings.Repeat(prefix, 2)\nreturn reshaped1"},
		{"variable", inPair, ""}, // no value, but two
		{"variable", inSet, ""},  // n is another one before
		{"local struct", inValue, "reshaped1 := struct{ v string }{strings.Repeat(prefix, 2)}\nreturn reshaped1.v"},
		{"package variable", inWait, `var reshaped1 int = strings.Count("a", "a")`},
		{"package variable", inValue, ""}, // it depends on the call
		{"slice", inValue, "reshaped1 := []string{strings.Repeat(prefix, 2)}\nreturn reshaped1[0]"},
		{"map", inValue, `return reshaped1["k"]`},
		{"ranged slice", inIf, "for _, reshaped1 := range []string{strings.ToLower(a)} {\ns = reshaped1\n}"},
		{"ranged slice", inValue, ""}, // the function would not return
		{"split if", inIf, "{\nn := len(a)\nif n > 1 {"},
		{"split if", inLoop, ""},
		{"switch for if", inIf, "switch n := len(a); {\ncase n > 1:\n"},
		{"switch for if", inLoop, ""},
		{"else for return", behindIf, "if !(b == \"\") {\n\ts += strings.TrimSpace(b)\n\treturn s\n} else {\n\t\treturn s\n\t}"},
		{"endless loop", inWait, "for  {\nif !(left > 0) {\nbreak\n}\n"},
		{"labelled loop", inLoop, "reshaped1:\nfor _, name := range names {\n\t\tif name == \"\" {\n\t\t\tcontinue reshaped1"},
		{"labelled loop", inWait, ""}, // nothing to label
	}
	p := load(t, example)
	shapes := make(map[string]Shape)
	for _, s := range Shapes() {
		shapes[s.Name] = s
	}
	tested := make(map[string]bool)
	for _, test := range tests {
		t.Run(test.shape+" of "+test.site, func(t *testing.T) {
			tested[test.shape] = true
			site := p.site(t, test.site, 1)
			if site == nil {
				t.Fatal("no site")
			}
			v := Rewrite(p, []Move{{site, shapes[test.shape]}}, func(v *Variant) bool { return fits(t, v) })
			if v == nil {
				if test.want != "" {
					t.Error("not rewritten")
				}
				return
			}
			var text strings.Builder
			for _, content := range v.Files {
				text.Write(content)
			}
			text.Write(v.Helper)
			if test.want == "" || !strings.Contains(dense(text.String()), dense(test.want)) {
				t.Errorf("want %q in\n%s", test.want, &text)
			}
		})
	}
	for name := range shapes {
		if !tested[name] {
			t.Errorf("no test of %s", name)
		}
	}
}

// dense is text without indentation.
func dense(text string) string { return strings.ReplaceAll(text, "\t", "") }

// What would not mean the same elsewhere is no site.
func TestNoSite(t *testing.T) {
	p := load(t, `package example

type counter struct{ n int }

func (c *counter) next() int { c.n++; return c.n }

func use(...any) int { return 0 }

func f[T any](x T, given int) {
	var c counter
	n := 0
	use(c.next())
	use(use(&n))
	use(use(x))
	use(func() int { n++; return n })
	use(func() int { return n })
	n = 1
	use(func() int { return given })
	given = 1
	type local struct{}
	use(local{})
	defer func() { use(recover()) }()
	use(use(1))
}
`)
	for text, want := range map[string]bool{
		"c.next()": false, "use(&n)": false, "use(x)": false, "func() int { n++; return n }": false, "func() int { return n }": false,
		"func() int { return given }": false,
		"local{}":                     false, "func() { use(recover()) }": false, "use(1)": true,
	} {
		site := p.site(t, text, 1)
		got := site != nil && site.Expr.Pos() == p.Files[0].FileStart+token.Pos(strings.Index(string(p.Text[p.Files[0]]), text))
		if got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// functions moves expressions into functions of their own.
func (p *Package) functions(t *testing.T, texts ...string) []Move {
	t.Helper()
	function := Shapes()[slices.IndexFunc(Shapes(), func(s Shape) bool { return s.Name == "function" })]
	var moves []Move
	for i, text := range texts {
		moves = append(moves, Move{p.site(t, text, i+1), function})
	}
	return moves
}

// Of several moves those that do not fit are left out.
func TestSeveralSites(t *testing.T) {
	p := load(t, example)
	moves := p.functions(t, "strings.Repeat(prefix, 2)", "open(name, 1)", "strings.ToUpper(name)")
	var last *Variant
	v := Rewrite(p, moves, func(v *Variant) bool {
		last = v
		return fits(t, v) && !strings.Contains(string(v.Files["reshape_example.go"]), "reshaped2") // as if it did not
	})
	if v == nil || v != last || len(v.Moves) != 2 || v.Moves[0].Index() != 1 || v.Moves[1].Index() != 3 {
		t.Errorf("%+v", v)
	}
}

// Two moves that fit alone and not together cost one of them, not all.
func TestClash(t *testing.T) {
	p := load(t, example)
	moves := p.functions(t, "strings.Repeat(prefix, 2)", "open(name, 1)", "strings.ToUpper(name)")
	v := Rewrite(p, moves, func(v *Variant) bool {
		text := string(v.Files["reshape_example.go"])
		return fits(t, v) && !(strings.Contains(text, "reshaped1") && strings.Contains(text, "reshaped3")) // as if these two clashed
	})
	if v == nil || len(v.Moves) != 2 || v.Moves[0].Index() != 1 || v.Moves[1].Index() != 2 {
		t.Errorf("%+v", v)
	}
}

// A field that is named as an import is does not use it.
func TestFieldNamedAsImport(t *testing.T) {
	d := newDeclarations()
	d.add("func f(s *server) { s.log.put(1) }")
	if d.names("log") {
		t.Error("the field s.log is taken for the package log")
	}
	d.add("func g() { log.Print(1) }")
	if !d.names("log") {
		t.Error("log.Print does not use the package log")
	}
}
