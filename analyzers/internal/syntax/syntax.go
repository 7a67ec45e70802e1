// Package syntax finds the nodes of a package's files: by position, by what is
// around them, and by kind.
//
// The files are indexed once, when the first rule or summary asks: most
// packages have nothing to look at.
package syntax

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// Analyzer's result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintsyntax",
	Doc:        "find the nodes of a package's files on demand\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        func(pass *analysis.Pass) (any, error) { return New(pass.Files), nil },
	ResultType: reflect.TypeFor[*Index](),
}

// Of returns the index of a pass whose analyzer requires [Analyzer].
func Of(pass *analysis.Pass) *Index { return pass.ResultOf[Analyzer].(*Index) }

// An Index knows the nodes of a list of files.
type Index struct {
	files []*ast.File

	mu        sync.Mutex
	inspector *inspector.Inspector
	generated map[*ast.File]bool
}

// New returns the index of files.
func New(files []*ast.File) *Index { return &Index{files: files} }

// Release drops what the index holds once nothing will ask for it any more.
func (x *Index) Release() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.files, x.inspector, x.generated = nil, nil, nil
}

func (x *Index) nodes() *inspector.Inspector {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.inspector == nil {
		x.inspector = inspector.New(x.files)
	}
	return x.inspector
}

// File returns the file that holds pos, or nil.
func (x *Index) File(pos token.Pos) *ast.File {
	i := slices.IndexFunc(x.files, func(file *ast.File) bool { return file.FileStart <= pos && pos < file.FileEnd })
	if i < 0 {
		return nil
	}
	return x.files[i]
}

// Generated reports whether a generator makes the file that holds pos.
func (x *Index) Generated(pos token.Pos) bool {
	file := x.File(pos)
	if file == nil {
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	generated, known := x.generated[file]
	if !known {
		if x.generated == nil {
			x.generated = make(map[*ast.File]bool)
		}
		generated = ast.IsGenerated(file)
		x.generated[file] = generated
	}
	return generated
}

// Written reports whether people write the file that holds pos: neither a
// generator nor the compiler, whose positions are in no file.
func (x *Index) Written(pos token.Pos) bool { return x.File(pos) != nil && !x.Generated(pos) }

// Cursor returns the innermost node around the text from one position to
// another.
func (x *Index) Cursor(from, to token.Pos) (inspector.Cursor, bool) {
	if x.File(from) == nil {
		return inspector.Cursor{}, false // no need to index
	}
	return x.nodes().Root().FindByPos(from, to)
}

// At returns the innermost node around what is written at pos, or nil. Where a
// token is, be it a name, an operator, a bracket or a keyword, that is the node
// whose token it is.
func (x *Index) At(pos token.Pos) ast.Node {
	c, ok := x.Cursor(pos, pos+1)
	if !ok {
		return nil
	}
	return c.Node()
}

// Around returns the nodes around the text from one position to another,
// innermost first.
func (x *Index) Around(from, to token.Pos) []ast.Node {
	c, ok := x.Cursor(from, to)
	if !ok {
		return nil
	}
	var path []ast.Node
	for around := range c.Enclosing() {
		path = append(path, around.Node())
	}
	return path
}

// AroundPos returns the nodes around what is written at pos, innermost first.
func (x *Index) AroundPos(pos token.Pos) []ast.Node { return x.Around(pos, pos+1) }

// Enclosing returns the innermost node of a kind around what is written at
// pos, or nil.
func Enclosing[N interface {
	*S
	ast.Node
}, S any](x *Index, pos token.Pos) N {
	c, ok := x.Cursor(pos, pos+1)
	if !ok {
		return nil
	}
	for around := range c.Enclosing(N(nil)) {
		return around.Node().(N)
	}
	return nil
}

// Selector returns the selector whose name is at pos, where SSA says that a
// field is read, or nil.
func (x *Index) Selector(pos token.Pos) *ast.SelectorExpr {
	if sel := Enclosing[*ast.SelectorExpr](x, pos); sel != nil && sel.Sel.Pos() == pos {
		return sel
	}
	return nil
}

// Value returns the expression that a field is given in a literal or an
// assignment at pos, where SSA says that it is stored, or nil.
func (x *Index) Value(pos token.Pos) ast.Expr {
	switch n := x.At(pos).(type) {
	case *ast.KeyValueExpr:
		return n.Value
	case *ast.Ident:
		if assign := Enclosing[*ast.AssignStmt](x, pos); assign != nil {
			if sel := Enclosing[*ast.SelectorExpr](x, pos); sel != nil {
				if v := assigned(assign, sel); v != nil {
					return v
				}
			}
		}
		return n
	case ast.Expr:
		return n
	}
	return nil
}

// assigned returns what an assignment gives to an expression, or nil.
func assigned(assign *ast.AssignStmt, to ast.Expr) ast.Expr {
	i := slices.Index(assign.Lhs, to)
	if i < 0 || len(assign.Lhs) != len(assign.Rhs) {
		return nil
	}
	return assign.Rhs[i]
}

// DeclaredAs returns the expression that a variable is declared with, or nil
// if there is none, or one for several variables.
func (x *Index) DeclaredAs(v *types.Var) ast.Expr {
	around := x.AroundPos(v.Pos())
	if len(around) < 2 {
		return nil
	}
	var names, values []ast.Expr
	switch parent := around[1].(type) {
	case *ast.AssignStmt:
		names, values = parent.Lhs, parent.Rhs
	case *ast.ValueSpec:
		for _, name := range parent.Names {
			names = append(names, name)
		}
		values = parent.Values
	}
	i := slices.IndexFunc(names, func(name ast.Expr) bool { return name.Pos() == v.Pos() })
	if i < 0 || len(names) != len(values) {
		return nil
	}
	if assertion, ok := values[i].(*ast.TypeAssertExpr); ok && assertion.Type == nil {
		return nil // of a type switch: another one in each case
	}
	return values[i]
}

// Main returns the name of func main, or nil if the package has none.
func Main(pass *analysis.Pass) *ast.Ident {
	fn, ok := pass.Pkg.Scope().Lookup("main").(*types.Func)
	if !ok || pass.Pkg.Name() != "main" {
		return nil
	}
	name, _ := Of(pass).At(fn.Pos()).(*ast.Ident)
	return name
}

// Mentions reports whether an object is named in a node.
func Mentions(info *types.Info, n ast.Node, obj types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && info.Uses[id] == obj
		return !found
	})
	return found
}

// All returns the nodes of a kind, in the order of the files.
func All[N interface {
	*S
	ast.Node
}, S any](x *Index) iter.Seq[N] {
	return inspector.All[N](x.nodes())
}
