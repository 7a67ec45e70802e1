package callback

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// source holds helpers, each with what is known of it as a comment.
const source = `package p

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

func Plain(f func()) { f() }                                    // only 0()
func Loop(f func() error) { for f() != nil { } }                // only 0() loop
func LoopInit(f func() int) { for i := f(); i > 0; i-- { } }    // only 0()
func Range(f func() []int) { for range f() { } }                // only 0()
func Go(f func()) { go f() }                                    // only 0() go
func GoLiteral(f func()) { go func() { f() }() }                // only 0() go
func GoVariable(f func()) { g := func() { f() }; go g() }       // only 0() go
func Variable(f func()) { g := func() { f() }; g() }            // only 0()
func Never(f func()) { }                                        // nothing
func Compared(f func()) { if f != nil { f() } }                 // only 0()
func Kept(f func()) { kept = f; f() }                           // 0()
func Paren(f func()) { (f)() }                                  // only 0()
func Through(f func()) { Plain(f) }                             // only 0()
func ThroughLoop(f func() error) { Loop(f) }                    // only 0() loop
func ThroughLiteral(f func() error) { Loop(func() error { return f() }) } // only 0() loop
func Second(n int, f func(int)) { f(n) }                        // only 1(0)
func Derived(ctx context.Context, f func(context.Context)) { ctx, cancel := context.WithTimeout(ctx, time.Second); defer cancel(); f(ctx) } // only 1(0 context.WithTimeout)
func Perhaps(ctx context.Context, f func(context.Context)) { if d { ctx = context.WithValue(ctx, 1, 2) }; f(ctx) } // only 1(?)
func Later(ctx context.Context, f func(context.Context)) { for { f(ctx); ctx = context.WithValue(ctx, 1, 2) } } // only 1(?) loop
func Made(f func(context.Context)) { f(context.Background()) }  // only 0(context.Background)
func Made2(f func(context.Context)) { ctx, cancel := context.WithCancel(context.Background()); defer cancel(); f(ctx) } // only 0(context.Background context.WithCancel)
func Bound(ctx context.Context, f func(context.Context)) { inner(f, ctx) } // only 1(0 context.WithoutCancel)
func inner(f func(context.Context), ctx context.Context) { f(context.WithoutCancel(ctx)) } // only 0(1 context.WithoutCancel)
func List(fs ...func(int)) { for _, f := range fs { f(1) } }    // only 0(?) loop
func Index(fs []func()) { fs[0]() }                             // only 0()
func Alias(f func()) { g := f; g() }                            // only 0()
func AliasKept(f func()) { g := f; kept = g; g() }              // 0()
func Replaced(f func()) { if f == nil { f = func() {} }; f() }  // only 0()
func Once(f func()) { once.Do(f) }                              // only 0()
func Generic[T any](v T, f func(T) T) T { return f(v) }         // only 1(0); 0=1.0
func Returns(f func() (int, error)) (int, error) { return f() } // only 0(); 0=0.0 1=0.1
func Split(f func() (int, error)) (int, error) { n, err := f(); if err != nil { return 0, err }; return n, nil } // only 0(); 0=0.0+ 1=0.1
func Retry(f func() error) error { var err error; for { if err = f(); err == nil { return nil } }; return err } // only 0() loop; 0=0.0
func Wraps(f func() error) error { if err := f(); err != nil { return fmt.Errorf("%w", err) }; return nil } // only 0()
func Mixed(f func() error) error { if err := f(); err != nil { return err }; return errors.New("x") } // only 0(); 0=0.0+
func Named(f func() error) (err error) { err = f(); return }    // only 0(); 0=0.0
func NamedDefer(f func() error) (err error) { defer func() { err = errors.New("x") }(); err = f(); return } // only 0(); 0=0.0+
func Out(f func() error) error { var err error; Plain(func() { err = f() }); return err } // only 0(); 0=0.0
func ByHelper(f func() error) error { return Retry(func() error { return f() }) } // only 0() loop; 0=0.0
func ByHelper2(f func() error) error { return Retry(f) }        // only 0() loop; 0=0.0
func Cycle(f func()) { Cycle(f) }                               // nothing
type T struct{}
func (*T) Method(ctx context.Context, f func(context.Context)) { f(ctx) } // only 1(0)

var (
	kept func()
	once sync.Once
	d bool
)
`

func TestHelpers(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Uses: make(map[*ast.Ident]types.Object), Defs: make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), Implicits: make(map[ast.Node]types.Object),
	}
	pkg, err := (&types.Config{Importer: importer.ForCompiler(fset, "source", nil)}).Check("example.com/p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	var exported *Fact
	pass := &analysis.Pass{
		Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info,
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
		ExportPackageFact: func(f analysis.Fact) { exported = f.(*Fact) },
	}
	result, err := Analyzer.Run(pass)
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[int]string)
	for _, group := range file.Comments {
		want[fset.Position(group.Pos()).Line] = strings.TrimSpace(group.Text())
	}
	for _, decl := range file.Decls {
		decl, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		fn := info.Defs[decl.Name].(*types.Func)
		helper := result.(*Index).Of(fn)
		if got, want := describe(helper), want[fset.Position(decl.Pos()).Line]; got != want {
			t.Errorf("%s: got %q, want %q", decl.Name.Name, got, want)
		}
		if helper == nil || !decl.Name.IsExported() {
			continue
		}
		if told := exported.Told().Helpers.Of(fn); told == nil || describe(told) != describe(helper) {
			t.Errorf("importers are not told of %s", decl.Name.Name)
		}
	}
}

func describe(h *Helper) string {
	if h == nil {
		return "nothing"
	}
	var parts []string
	for _, p := range h.Params {
		if p.Only {
			parts = append(parts, "only")
		}
		for _, r := range p.Runs {
			var args []string
			for _, v := range r.Args {
				args = append(args, describeValue(v))
			}
			parts = append(parts, fmt.Sprintf("%d(%s)", p.Index, strings.Join(args, ", ")))
			if r.Loop {
				parts = append(parts, "loop")
			}
			if r.Go {
				parts = append(parts, "go")
			}
		}
	}
	text := strings.Join(parts, " ")
	if len(h.Results) > 0 {
		text += ";"
	}
	for _, r := range h.Results {
		text += fmt.Sprintf(" %d=%d.%d", r.Index, r.Func, r.Of)
		if !r.Only {
			text += "+"
		}
	}
	return text
}

func describeValue(v Value) string {
	parts := v.Through
	if v.Param > 0 {
		parts = append([]string{fmt.Sprint(v.Param - 1)}, parts...)
	} else if len(parts) == 0 {
		return "?"
	} else if v.Place.Line == 0 {
		return "nowhere"
	}
	return strings.Join(parts, " ")
}
