package bodies

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Builder builds bodies for the package that imports them. They may name what
// that imports, too, and functions of the standard library that it need not
// import: what else there is, drivers do not tell alike.
type Builder struct {
	prog  *ssa.Program
	known map[string]*types.Package
}

// NewBuilder makes a builder for a package, whose imports the program has.
func NewBuilder(prog *ssa.Program, pkg *types.Package) *Builder {
	b := &Builder{prog: prog, known: make(map[string]*types.Package)}
	for _, imported := range pkg.Imports() {
		b.known[imported.Path()] = imported
	}
	return b
}

// Build returns the function of a body; nil if it cannot be built.
func (b *Builder) Build(fn *types.Func, body *Body) *ssa.Function {
	var text strings.Builder
	fmt.Fprintf(&text, "package %s\n", fn.Pkg().Name())
	for _, imported := range body.Imports {
		fmt.Fprintf(&text, "import %s %q\n", imported.Name, imported.Path)
	}
	text.WriteString(body.Text)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text.String(), parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	unplace(file)
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Instances: make(map[*ast.Ident]types.Instance), Scopes: make(map[ast.Node]*types.Scope),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), FileVersions: make(map[*ast.File]string),
	}
	config := types.Config{Importer: b}
	pkg, err := config.Check(fn.Pkg().Path(), fset, []*ast.File{file}, info)
	if err != nil {
		return nil
	}
	built := b.prog.CreatePackage(pkg, []*ast.File{file}, info, false)
	built.Build()
	return built.Func(name)
}

// Import returns a package that a body names.
func (b *Builder) Import(path string) (*types.Package, error) {
	if known := b.known[path]; known != nil {
		return known, nil
	}
	source, ok := standard[path]
	if !ok {
		return nil, fmt.Errorf("%s is not known", path)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", "package "+path+"\n"+source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	config := types.Config{IgnoreFuncBodies: true}
	pkg, err := config.Check(path, fset, []*ast.File{file}, nil)
	if err != nil {
		return nil, err
	}
	b.prog.CreatePackage(pkg, nil, nil, true)
	b.known[path] = pkg
	return pkg, nil
}

// standard declares functions that bodies may name though the package that
// imports them does not.
var standard = map[string]string{
	"errors": "func New(text string) error; func Is(err, target error) bool; func Unwrap(err error) error",
	"fmt": "func Errorf(format string, a ...any) error; func Sprintf(format string, a ...any) string; " +
		"func Sprint(a ...any) string; func Sprintln(a ...any) string",
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
