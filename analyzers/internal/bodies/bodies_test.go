package bodies

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

const source = `package p

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os/exec"
	"strings"
)

type T struct{ err error }

var ErrGone, errGone = errors.New("gone"), errors.New("gone")

func Wrap(err error) error { return fmt.Errorf("wrapped: %w", err) }
func IfAny(err error) error { if err == nil { return nil }; return errors.New(err.Error()) }
func Gone(err error) bool { return errors.Is(err, ErrGone) || strings.HasSuffix(err.Error(), "gone") }
func Both(errs ...error) error { return fmt.Errorf("%w, %w", errs[0], errs[1]) }

func NotAsked(x int) int { return x + 1 }
func notExported(err error) error { return fmt.Errorf("wrapped: %w", err) }
func Hidden(err error) bool { return errors.Is(err, errGone) }
func Logs(err error) error { log.Print(err); return err }
func Calls(err error) error { return Wrap(err) }
func Runs(f func() error) error { return f() }
func Receives(errs chan error) error { return <-errs }
func Makes(err error) func() error { return func() error { return err } }
func Loops(err error) error { for { return err } }
func Named() (err error) { return }
func Generic[X any](err error) error { return err }
func (t T) Err() error { return t.err }
func Long(err error) error { a := err; b := a; return b }
func Name() string { return fmt.Sprint("x") }
func Counts(err error) int { return len(err.Error()) }
func Both2(err error) (error, bool) { return err, true }
func Bound(ctx context.Context) *exec.Cmd { return exec.CommandContext(ctx, "true") }
func Started(ctx context.Context) error { return exec.CommandContext(ctx, "true").Start() }
func Unbound(ctx context.Context) *exec.Cmd { return exec.Command("true") }
func Logged(ctx context.Context) *exec.Cmd { log.Print(ctx); return exec.CommandContext(ctx, "true") }
`

// toldOf returns what a package tells, and who imports it.
func toldOf(t *testing.T) (*told, *types.Package) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := config.Check("example.com/p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	var tells *told
	_, err = Analyzer.Run(&analysis.Pass{
		Analyzer: Analyzer, Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info,
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
		ExportPackageFact: func(f analysis.Fact) { tells = f.(*Fact).Told() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return tells, pkg
}

func TestTold(t *testing.T) {
	tells, _ := toldOf(t)
	want := map[string]bool{"Wrap": true, "IfAny": true, "Gone": true, "Both": true, "Bound": true, "Unbound": true, "Runs": true}
	for _, row := range tells.Funcs.Rows {
		if !want[row.Key] {
			t.Errorf("%s is told: %s", row.Key, row.Is.Text)
		}
		delete(want, row.Key)
	}
	for name := range want {
		t.Errorf("%s is not told", name)
	}
}

func TestBuild(t *testing.T) {
	tells, pkg := toldOf(t)
	importing := types.NewPackage("example.com/q", "q") // neither fmt nor errors
	importing.SetImports([]*types.Package{pkg})
	prog := ssa.NewProgram(token.NewFileSet(), 0)
	prog.CreatePackage(pkg, nil, nil, true)
	builder := NewBuilder(prog, importing)
	for _, row := range tells.Funcs.Rows {
		fn := builder.Build(pkg.Scope().Lookup(row.Key).(*types.Func), &row.Is)
		if fn == nil || len(fn.Blocks) == 0 {
			t.Errorf("%s is not built", row.Key)
			continue
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if instr.Pos().IsValid() {
					t.Errorf("%s: %s has a position", row.Key, instr)
				}
			}
		}
	}
	unknown := &Body{Imports: []Import{{"r", "example.com/r"}}, Text: "() error { return r.ErrGone }"}
	if fn := builder.Build(pkg.Scope().Lookup("Wrap").(*types.Func), unknown); fn != nil {
		t.Error("built of a package that nothing mentions")
	}
}
