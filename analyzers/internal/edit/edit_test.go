package edit

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// A fixture is a file of a package, and the first nodes of it that are called
// "it".
type fixture struct {
	pass *analysis.Pass
	text string
	id   *ast.Ident    // it
	call *ast.CallExpr // it(...) or x.it(...)
}

func load(t *testing.T, text string) *fixture {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "f.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object), Implicits: make(map[ast.Node]types.Object),
		Types: make(map[ast.Expr]types.TypeAndValue), Scopes: make(map[ast.Node]*types.Scope),
	}
	config := types.Config{Importer: clock{}, Error: func(error) {}}
	pkg, _ := config.Check("example.com/p", fset, []*ast.File{file}, info) // what is wrong with it is of no interest
	files := []*ast.File{file}
	f := &fixture{text: text, pass: &analysis.Pass{
		Fset: fset, Files: files, Pkg: pkg, TypesInfo: info,
		ReadFile: func(string) ([]byte, error) { return []byte(text), nil },
		ResultOf: map[*analysis.Analyzer]any{syntax.Analyzer: syntax.New(files)},
	}}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if n.Name == "it" && f.id == nil {
				f.id = n
			}
		case *ast.CallExpr:
			name, _ := n.Fun.(*ast.Ident)
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				name = sel.Sel
			}
			if name != nil && name.Name == "it" && f.call == nil {
				f.call = n
			}
		}
		return true
	})
	if f.id == nil {
		t.Fatalf("nothing is called it in %s", text)
	}
	return f
}

// A clock imports a package of a few constants, whatever its path.
type clock struct{}

func (clock) Import(path string) (*types.Package, error) {
	pkg := types.NewPackage(path, path)
	for _, name := range []string{"Second", "Hour"} {
		pkg.Scope().Insert(types.NewConst(token.NoPos, pkg, name, types.Typ[types.Int], constant.MakeInt64(1)))
	}
	pkg.MarkComplete()
	return pkg, nil
}

// apply returns the text with edits made.
func (f *fixture) apply(edits ...finding.Edit) string {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b finding.Edit) int { return cmp.Compare(b.Pos, a.Pos) })
	text := f.text
	at := f.pass.Fset.File(f.id.Pos()).Offset
	for _, e := range edits {
		text = text[:at(e.Pos)] + e.NewText + text[at(e.End):]
	}
	return text
}

// stmt returns the innermost statement around it.
func (f *fixture) stmt() ast.Stmt {
	for _, n := range syntax.Of(f.pass).AroundPos(f.id.Pos()) {
		if stmt, ok := n.(ast.Stmt); ok {
			return stmt
		}
	}
	return nil
}

const failed = "no edit"

// one is what one edit makes of the text, or failed.
func (f *fixture) one(e finding.Edit, ok bool) string {
	if !ok {
		return failed
	}
	return f.apply(e)
}

// A test says what becomes of the body of a function.
type test struct{ name, before, after string }

func run(t *testing.T, tests []test, change func(f *fixture) string) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const head, foot = "package p\n\n", "\n"
			want := failed
			if test.after != failed {
				want = head + test.after + foot
			}
			if got := change(load(t, head+test.before+foot)); got != want {
				t.Errorf("is\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	run(t, []test{
		{"none", "var _ = it()", "var _ = it(x)"},
		{"one", "var _ = it(1)", "var _ = it(x, 1)"},
	}, func(f *fixture) string { return f.apply(PrependArgument(f.call, "x")) })
	run(t, []test{
		{"none", "var _ = it()", "var _ = it(x)"},
		{"two", "var _ = it(1, 2)", "var _ = it(1, 2, x)"},
		{"comma", "var _ = it(\n\t1,\n)", "var _ = it(\n\t1, x,\n)"},
	}, func(f *fixture) string { return f.apply(AppendArgument(f.call, "x")) })
}

func TestRename(t *testing.T) {
	run(t, []test{
		{"selected", "var _ = a.it(1)", "var _ = a.other(1)"},
		{"parentheses", "var _ = (a.it)", "var _ = (a.other)"},
		{"alone", "var _ = it(1)", failed},
	}, func(f *fixture) string {
		if f.call != nil {
			return f.one(Rename(f.call.Fun, "other"))
		}
		return f.one(Rename(syntax.Enclosing[*ast.ParenExpr](syntax.Of(f.pass), f.id.Pos()), "other"))
	})
}

func TestReplace(t *testing.T) {
	run(t, []test{{"call", "var _ = a(it(1), 2)", "var _ = a(x, 2)"}}, func(f *fixture) string { return f.apply(Replace(f.call, "x")) })
}

func TestDeleteElement(t *testing.T) {
	run(t, []test{
		{"only", "var _ = f(it)", "var _ = f()"},
		{"first", "var _ = f(it, a)", "var _ = f(a)"},
		{"middle", "var _ = f(a, it, b)", "var _ = f(a, b)"},
		{"last", "var _ = f(a, it)", "var _ = f(a)"},
		{"literal", "var _ = []any{a, it}", "var _ = []any{a}"},
		{"line", "var _ = f(\n\ta,\n\tit,\n\tb,\n)", "var _ = f(\n\ta,\n\tb,\n)"},
		{"last line", "var _ = f(\n\ta,\n\tit,\n)", "var _ = f(\n\ta,\n)"},
		{"its comment", "var _ = f(\n\ta,\n\tit, // why\n\tb,\n)", "var _ = f(\n\ta,\n\tb,\n)"},
		{"closed on its line", "var _ = f(\n\ta,\n\tit)", "var _ = f(\n\ta)"},
		{"comment goes on", "var _ = f(\n\ta,\n\tit, /* why\n\tb */\n)", "var _ = f(\n\ta, /* why\n\tb */\n)"},
		{"comment between", "var _ = f(a, /* why */ it)", failed},
		{"comment of the next", "var _ = f(it, /* why */ a)", failed},
		{"parentheses", "var _ = f((it))", failed},
		{"no list", "var _ = it", failed},
	}, func(f *fixture) string { return f.one(DeleteElement(f.pass, f.id)) })
}

func TestDeleteStatement(t *testing.T) {
	run(t, []test{
		{"line", "func f() {\n\ta()\n\tit()\n\tb()\n}", "func f() {\n\ta()\n\tb()\n}"},
		{"its comment", "func f() {\n\tit() // why\n}", "func f() {\n}"},
		{"comment goes on", "func f() {\n\tit() /* why\n\tb */\n\tc()\n}", "func f() {\n\t /* why\n\tb */\n\tc()\n}"},
		{"several lines", "func f() {\n\tit(\n\t\t1,\n\t)\n\tb()\n}", "func f() {\n\tb()\n}"},
	}, func(f *fixture) string { return f.one(DeleteStatement(f.pass, f.stmt())) })
}

func TestBeside(t *testing.T) {
	run(t, []test{
		{"block", "func f() {\n\tit()\n}", "func f() {\n\tx\n\ty\n\tit()\n}"},
		{"deep", "func f() {\n\tif a {\n\t\tit()\n\t}\n}", "func f() {\n\tif a {\n\t\tx\n\t\ty\n\t\tit()\n\t}\n}"},
		{"condition", "func f() {\n\tif it() {\n\t}\n}", "func f() {\n\tx\n\ty\n\tif it() {\n\t}\n}"},
		{"else", "func f() {\n\tif a {\n\t} else if it() {\n\t}\n}", "func f() {\n\tx\n\ty\n\tif a {\n\t} else if it() {\n\t}\n}"},
		{"label", "func f() {\nl:\n\tit()\n\tgoto l\n}", "func f() {\nx\ny\nl:\n\tit()\n\tgoto l\n}"},
		{"case", "func f() {\n\tswitch {\n\tcase a:\n\t\tit()\n\t}\n}", "func f() {\n\tswitch {\n\tcase a:\n\t\tx\n\t\ty\n\t\tit()\n\t}\n}"},
		{"of a case", "func f() {\n\tswitch {\n\tcase it():\n\t}\n}", "func f() {\n\tx\n\ty\n\tswitch {\n\tcase it():\n\t}\n}"},
		{"communication", "func f() {\n\tselect {\n\tcase a <- it():\n\t}\n}", "func f() {\n\tx\n\ty\n\tselect {\n\tcase a <- it():\n\t}\n}"},
		{"literal", "var f = func() {\n\tit()\n}", "var f = func() {\n\tx\n\ty\n\tit()\n}"},
		{"outside", "var _ = it()", failed},
	}, func(f *fixture) string {
		stmt, _ := Statement(f.pass, f.call)
		if stmt == nil {
			return failed
		}
		return f.apply(Before(f.pass, stmt, "x", "y"))
	})
	run(t, []test{{"after", "func f() {\n\tit()\n\tb()\n}", "func f() {\n\tit()\n\tx\n\tb()\n}"}}, func(f *fixture) string {
		return f.apply(After(f.pass, f.stmt(), "x"))
	})
}

func TestHoist(t *testing.T) {
	run(t, []test{
		{"loop", "func f() {\n\tfor {\n\t\tit()\n\t\ta()\n\t}\n}", "func f() {\n\tit()\n\tfor {\n\t\ta()\n\t}\n}"},
		{"several lines", "func f() {\n\tfor {\n\t\tit(\n\t\t\t1)\n\t}\n}", failed},
	}, func(f *fixture) string {
		outer, _ := Statement(f.pass, syntax.Enclosing[*ast.ForStmt](syntax.Of(f.pass), f.id.Pos()))
		edits, ok := Hoist(f.pass, f.stmt(), outer)
		if !ok {
			return failed
		}
		return f.apply(edits...)
	})
}

func TestImports(t *testing.T) {
	run(t, []test{
		{"list", "import (\n\t\"time\"\n)\n\nvar it int", "import (\n\t\"time\"\n\t_ \"x/y\"\n)\n\nvar it int"},
		{"single", "import \"time\"\n\nvar it int", failed},
		{"none", "var it int", failed},
	}, func(f *fixture) string { return f.one(AddImport(f.pass, f.id.Pos(), "_", "x/y")) })

	run(t, []test{
		{"list", "import (\n\t\"os\"\n\t\"time\"\n)\n\nvar it = time.Second", "import (\n\t\"os\"\n)\n\nvar it = time.Second"},
		{"single", "import \"time\"\n\nvar it = time.Second", failed},
	}, func(f *fixture) string {
		name, ok := Meaning(f.pass, "time", f.id.Pos()).(*types.PkgName)
		if !ok {
			return "time is no package"
		}
		return f.one(DeleteImport(f.pass, f.id.Pos(), name))
	})

	for src, want := range map[string]string{
		"import \"time\"\n\nvar it int":       "time",
		"import clock \"time\"\n\nvar it int": "clock",
		"import _ \"time\"\n\nvar it int":     "",
		"import . \"time\"\n\nvar it int":     "",
		"var it int":                          "",
	} {
		f := load(t, "package p\n\n"+src+"\n")
		if got := ImportName(f.pass, f.id.Pos(), "time"); got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
	f := load(t, "package p\n\nvar it int\n")
	if got := ImportName(f.pass, token.NoPos, "time"); got != "" {
		t.Errorf("nowhere it is %q", got)
	}
}

func TestLeftUnused(t *testing.T) {
	for body, want := range map[string]string{
		"n := 1; it(n)":                           "n",
		"n := 1; it(n, n)":                        "n",
		"n := 1; it(n); _ = n":                    "",
		"it(time.Second)":                         "time",
		"it(time.Second); _ = time.Second":        "",
		"it(arg)":                                 "arg",
		"it(global, s.field)":                     "s",
		"it(s.field); _ = s":                      "",
		"b, a := 1, 2; it(a, time.Hour, b, a, b)": "it a time b",
	} {
		src := "package p\n\nimport \"time\"\n\nvar global int\n\ntype t struct{ field int }\n\nfunc f(arg int, s t) {\n" + body + "\n}\n"
		if !strings.Contains(want, "it") {
			src += "func it(...any) {}\n"
		} else {
			src = strings.Replace(src, "arg int", "it func(...any)", 1)
		}
		f := load(t, src)
		var names []string
		for _, obj := range LeftUnused(f.pass, callIn(f)) {
			names = append(names, obj.Name())
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func callIn(f *fixture) ast.Expr { return f.call }

func TestMeaning(t *testing.T) {
	f := load(t, "package p\n\nvar x, y int\n\nfunc f() {\n\tx := \"\"\n\tit(x)\n\ty := x\n\t_ = y\n}\n\nfunc it(any) {}\n")
	at := f.call.Pos()
	if x := Meaning(f.pass, "x", at); x == nil || x.Type().String() != "string" {
		t.Errorf("x is %v", x)
	}
	if y := Meaning(f.pass, "y", at); y == nil || y.Type().String() != "int" {
		t.Errorf("y, which is declared anew below, is %v", y)
	}
	if nothing := Meaning(f.pass, "z", at); nothing != nil {
		t.Errorf("z is %v", nothing)
	}
	if nothing := Meaning(f.pass, "x", token.NoPos); nothing != nil {
		t.Errorf("nowhere x is %v", nothing)
	}
}

func TestReturnError(t *testing.T) {
	run(t, []test{
		{"error", "func f() error {\n\tit()\n\treturn nil\n}", "func f() error {\n\tif err := it(); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"},
		{"blank", "func f() error {\n\t_ = it()\n\treturn nil\n}", "func f() error {\n\tif err := it(); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}"},
		{"zeros", "func f() (a, b int, s string, c bool, p *int, _ error) {\n\tit()\n\treturn\n}", "func f() (a, b int, s string, c bool, p *int, _ error) {\n\tif err := it(); err != nil {\n\t\treturn 0, 0, \"\", false, nil, err\n\t}\n\treturn\n}"},
		{"a struct", "func f() (struct{}, error) {\n\tit()\n\treturn struct{}{}, nil\n}", failed},
		{"no error", "func f() int {\n\tit()\n\treturn 0\n}", failed},
		{"no result", "func f() {\n\tit()\n}", failed},
		{"empty results", "func f() () {\n\tit()\n}", failed},
		{"part of a statement", "func f() error {\n\ta(it())\n\treturn nil\n}", failed},
		{"kept", "func f() error {\n\te := it()\n\treturn e\n}", failed},
		{"outside", "var _ = it()", failed},
	}, func(f *fixture) string {
		lone, ok := LoneCall(f.pass, f.call)
		if !ok {
			return failed
		}
		return f.apply(lone.ReturnError()...)
	})
}

func TestListenTo(t *testing.T) {
	run(t, []test{
		{"deep", "func f() error {\n\tfor {\n\t\tit(1)\n\t}\n}",
			"func f() error {\n\tfor {\n\t\tselect {\n\t\tcase <-ctx.Done():\n\t\t\treturn ctx.Err()\n\t\tcase <-time.After(1):\n\t\t}\n\t}\n}"},
	}, func(f *fixture) string {
		lone, ok := LoneCall(f.pass, f.call)
		if !ok {
			return failed
		}
		return f.apply(lone.ListenTo("ctx", "time", "1"))
	})
}

func TestLoneCallAround(t *testing.T) {
	f := load(t, "package p\n\nfunc f() {\n\t_ = func() error {\n\t\tfor {\n\t\t\tit()\n\t\t}\n\t}\n}\n")
	lone, ok := LoneCall(f.pass, f.call)
	if !ok || !lone.InLiteral {
		t.Fatalf("lone %v, %v", lone, ok)
	}
	if len(lone.Around) == 0 || lone.Around[0] != ast.Node(lone.Stmt) || lone.Around[len(lone.Around)-1] != ast.Node(f.pass.Files[0]) {
		t.Errorf("around it is %v", lone.Around)
	}
	f = load(t, "package p\n\nfunc f() error {\n\tit()\n}\n")
	if lone, ok := LoneCall(f.pass, f.call); !ok || lone.InLiteral {
		t.Errorf("of a declared function: %v, %v", lone, ok)
	}
}

// What a driver has no file for, or another one, is not known.
func TestText(t *testing.T) {
	f := load(t, "package p\n\nfunc f() {\n\t  it()\n}\n")
	if in := Indent(f.pass, f.call.Pos()); in != "\t  " {
		t.Errorf("indent %q", in)
	}
	if text, ok := Source(f.pass, f.call.Pos(), f.call.End()); !ok || text != "it()" {
		t.Errorf("source %q, %v", text, ok)
	}
	f.pass.ReadFile = func(string) ([]byte, error) { return []byte("another"), nil }
	if _, ok := Source(f.pass, f.call.Pos(), f.call.End()); ok {
		t.Error("the source of a file that is another one now")
	}
	if in := Indent(f.pass, f.call.Pos()); in != "\t\t\t" {
		t.Errorf("guessed indent %q", in)
	}
}
