package bodies

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Builder builds bodies for the package that imports them. They may name what
// that imports, and what these mention; of some packages, functions that none
// mentions.
type Builder struct {
	prog    *ssa.Program
	pkg     *types.Package
	known   map[string]*types.Package // nil until something is built
	made    map[string]*types.Package // of what is declared here
	declare bool
}

// NewBuilder makes a builder for a package, whose imports the program has.
func NewBuilder(prog *ssa.Program, pkg *types.Package) *Builder {
	return &Builder{prog: prog, pkg: pkg, made: make(map[string]*types.Package)}
}

// Build returns the function of a body; nil if it cannot be built.
func (b *Builder) Build(fn *types.Func, body *Body) *ssa.Function {
	var text strings.Builder
	fmt.Fprintf(&text, "package %s\n", fn.Pkg().Name())
	for _, imported := range body.Imports {
		fmt.Fprintf(&text, "import %s %q\n", imported.Name, cmp.Or(imported.Path, fn.Pkg().Path()))
	}
	text.WriteString(prefix + body.Text)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text.String(), parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	unplace(file)
	for _, b.declare = range []bool{false, true} {
		info := &types.Info{
			Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
			Implicits: make(map[ast.Node]types.Object), Instances: make(map[*ast.Ident]types.Instance), Scopes: make(map[ast.Node]*types.Scope),
			Selections: make(map[*ast.SelectorExpr]*types.Selection), FileVersions: make(map[*ast.File]string),
		}
		config := types.Config{Importer: b}
		if pkg, err := config.Check(fn.Pkg().Path(), fset, []*ast.File{file}, info); err == nil {
			built := b.prog.CreatePackage(pkg, []*ast.File{file}, info, false)
			built.Build()
			return built.Func(name)
		}
	}
	return nil
}

// Import returns a package that a body names.
func (b *Builder) Import(name string) (*types.Package, error) {
	if b.known == nil {
		b.known = make(map[string]*types.Package)
		b.add(b.pkg)
	}
	known, source := b.known[name], declared[name]
	switch {
	case source != "" && (b.declare || known == nil):
		return b.make(name, source)
	case known == nil:
		return nil, fmt.Errorf("%s is not known", name)
	}
	if b.prog.Package(known) == nil {
		b.prog.CreatePackage(known, nil, nil, true)
	}
	return known, nil
}

// add adds what a package imports, and what that mentions: drivers do not tell
// alike how much of it there is.
func (b *Builder) add(pkg *types.Package) {
	for _, imported := range pkg.Imports() {
		if b.known[imported.Path()] == nil {
			b.known[imported.Path()] = imported
			b.add(imported)
		}
	}
}

// make returns a package that has what is declared.
func (b *Builder) make(name, source string) (*types.Package, error) {
	if made := b.made[name]; made != nil {
		return made, nil
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", "package "+path.Base(name)+"\n"+source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	config := types.Config{Importer: b, IgnoreFuncBodies: true}
	pkg, err := config.Check(name, fset, []*ast.File{file}, nil)
	if err != nil {
		return nil, err
	}
	b.prog.CreatePackage(pkg, nil, nil, false)
	b.made[name] = pkg
	return pkg, nil
}

// declared has functions that bodies may name though nothing that the package
// imports mentions them. Nobody compares their types.
var declared = map[string]string{
	"errors": "func New(text string) error; func Is(err, target error) bool; func Unwrap(err error) error",
	"fmt": "func Errorf(format string, a ...any) error; func Sprintf(format string, a ...any) string; " +
		"func Sprint(a ...any) string; func Sprintln(a ...any) string",
	"os/exec":                       `import "context"; type Cmd struct{}; func CommandContext(ctx context.Context, name string, arg ...string) *Cmd`,
	"google.golang.org/grpc/health": "type Server struct{}; func NewServer() *Server",
	"strings": "func Contains(s, substr string) bool; func HasPrefix(s, prefix string) bool; func HasSuffix(s, suffix string) bool; " +
		"func EqualFold(s, t string) bool; func Index(s, substr string) int; func ToLower(s string) string; func ToUpper(s string) string; " +
		"func TrimSpace(s string) string",
}

// unplace removes the positions in declarations, which mean nothing to anybody.
func unplace(file *ast.File) {
	for _, decl := range file.Decls {
		if _, ok := decl.(*ast.FuncDecl); !ok {
			continue
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if n == nil {
				return true
			}
			v := reflect.ValueOf(n).Elem()
			for i := range v.NumField() {
				if field := v.Field(i); field.Type() == reflect.TypeFor[token.Pos]() && v.Type().Field(i).Name != "Ellipsis" {
					field.SetInt(int64(token.NoPos))
				}
			}
			return true
		})
	}
}
