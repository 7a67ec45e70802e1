// Package bodies knows the small functions of other packages that only make a
// value of what they get, or a call:
//
//	func Wrap(err error) error { return fmt.Errorf("wrapped: %w", err) }
//
//	func IsGone(err error) bool { return strings.Contains(err.Error(), "gone") }
//
//	func Connect(conn *grpc.ClientConn) { conn.Connect() }
//
// A package tells their source, and importers build it anew, without positions:
// so a value is followed through such a function, and a call is seen there, as
// if it were one of their own. What can be reported stands at the importers'
// calls of it.
//
// They are read in the syntax, which costs little and so is done in every
// package, those included in which nothing else is of interest.
package bodies

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/printer"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// Analyzer's result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintbodies",
	Doc:        "find small functions that only make a value of what they get\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	ResultType: reflect.TypeFor[*Index](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells its importers, if it has such functions.
type Fact struct{ fact.Of[told] }

type told struct{ Funcs fact.Table[Body] }

// A Body is the source of a function.
type Body struct {
	Imports []Import // sorted
	Text    string   // its declaration behind the name
}

// An Import is a package that a body names; without a path it is that of the
// function.
type Import struct{ Name, Path string }

// An Index tells of the functions that a package imports.
type Index struct{ imports fact.Index[told] }

// Of returns the body of a function of another package; nil if that has not
// told it.
func (x *Index) Of(fn *types.Func) *Body {
	if fn == nil {
		return nil
	}
	if told := x.imports.Of(fn); told != nil {
		return told.Funcs.Of(fn)
	}
	return nil
}

func run(pass *analysis.Pass) (any, error) {
	x := &Index{imports: fact.Known[told](pass)}
	near := stub.Touches(pass.Pkg)
	if first, _, _ := strings.Cut(pass.Pkg.Path(), "/"); !strings.Contains(first, ".") || !near && !isOwn(pass) {
		return x, nil
	}
	own := new(told)
	for _, file := range pass.Files {
		if ast.IsGenerated(file) || testcode.InTestFile(pass.Fset, file.FileStart) {
			continue
		}
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil || decl.Recv != nil || !decl.Name.IsExported() {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok || len(decl.Body.List) > 1 && !concerns(fn.Signature()) || fn.Signature().TypeParams() != nil || !near && !isSimple(fn.Signature(), decl.Body.List) {
				continue
			}
			if body := read(pass, x, decl); body != nil {
				own.Funcs.AddFunc(fn, *body)
			}
		}
	}
	if len(own.Funcs.Rows) > 0 {
		own.Funcs.Sort()
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return x, nil
}

// concerns: a function takes or gives something that engines follow: an error,
// or something of another package, such as a message or a status.
func concerns(sig *types.Signature) bool {
	for _, list := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range list.Variables() {
			t := types.Unalias(v.Type())
			switch of := t.(type) {
			case *types.Pointer:
				t = types.Unalias(of.Elem())
			case *types.Slice:
				t = types.Unalias(of.Elem())
			}
			if named, ok := t.(*types.Named); ok && (named.Obj().Pkg() == nil || named.Obj().Pkg() != v.Pkg()) {
				return true
			}
		}
	}
	return false
}

// isOwn: the package is of the modules at hand and not of one that they require.
// Others that do not know gRPC are not read by every driver.
func isOwn(pass *analysis.Pass) bool { return pass.Module == nil || pass.Module.Version == "" }

// isSimple: a function only makes an error, or a text or an answer of one, or
// something that ends with a context, as drivers look for it in packages that do
// not know gRPC.
func isSimple(sig *types.Signature, list []ast.Stmt) bool {
	if sig.Results().Len() != 1 || len(list) > 2 {
		return false
	}
	if sig.Params().Len() > 0 && stub.IsContext(sig.Params().At(0).Type()) {
		return true
	}
	result, n := sig.Results().At(0).Type(), sig.Params().Len()
	if control.IsError(result) {
		return true
	}
	basic, ok := result.(*types.Basic)
	return ok && (basic.Kind() == types.Bool || basic.Kind() == types.String) && n > 0 && control.IsError(sig.Params().At(n-1).Type())
}

// Limits of what is told.
const (
	maxStatements = 4
	maxText       = 400
)

// name is that of every function in the source that is told: its own might mean
// something else there.
const (
	name   = "made"
	prefix = "func " + name
)

// read returns the body of a function that does nothing but make a value.
func read(pass *analysis.Pass, known *Index, decl *ast.FuncDecl) *Body {
	r := &reader{info: pass.TypesInfo, pkg: pass.Pkg, known: known, imports: make(map[Import]bool), plain: true}
	if len(decl.Body.List) == 1 {
		r.only = onlyCall(decl.Body.List[0])
	}
	ast.Inspect(decl.Type, r.visit)
	ast.Inspect(decl.Body, r.visit)
	if !r.plain || r.statements > maxStatements {
		return nil
	}
	var text bytes.Buffer
	bare := &ast.FuncDecl{Name: ast.NewIdent(name), Type: decl.Type, Body: decl.Body}
	if err := (&printer.Config{}).Fprint(&text, pass.Fset, bare); err != nil || text.Len() > maxText {
		return nil
	}
	imports := slices.SortedFunc(maps.Keys(r.imports), func(a, b Import) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name))
	})
	return &Body{imports, strings.TrimPrefix(text.String(), prefix)}
}

// A reader looks whether a function only makes a value, of what its importers
// can name, too.
type reader struct {
	info       *types.Info
	pkg        *types.Package
	known      *Index
	only       *ast.CallExpr // the one that the function makes, and returns if it gives anything
	imports    map[Import]bool
	statements int
	plain      bool
}

func (r *reader) visit(n ast.Node) bool {
	switch n := n.(type) {
	case ast.Stmt:
		r.statement(n)
	case *ast.CallExpr:
		r.plain = r.plain && (r.makes(n) || n == r.only && r.isKnown(n))
	case *ast.FuncLit, *ast.FuncType:
		_, isType := n.(*ast.FuncType)
		r.plain = r.plain && isType
	case *ast.UnaryExpr:
		r.plain = r.plain && n.Op != token.ARROW
	case *ast.Ident:
		r.name(n)
	}
	return r.plain
}

func (r *reader) statement(n ast.Stmt) {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return
	case *ast.ReturnStmt:
		r.plain = r.plain && len(n.Results) > 0
	case *ast.AssignStmt:
		r.plain = r.plain && n.Tok == token.DEFINE
	case *ast.IfStmt:
	case *ast.ExprStmt:
		r.plain = r.plain && n.X == r.only
	default:
		r.plain = false
	}
	r.statements++
}

// onlyCall returns the call that a statement is, or gives back; else nil.
func onlyCall(stmt ast.Stmt) *ast.CallExpr {
	switch stmt := stmt.(type) {
	case *ast.ReturnStmt:
		if len(stmt.Results) == 1 {
			call, _ := stmt.Results[0].(*ast.CallExpr)
			return call
		}
	case *ast.ExprStmt:
		call, _ := stmt.X.(*ast.CallExpr)
		return call
	}
	return nil
}

// name: what an identifier stands for is of the function itself, or can be
// named by others.
func (r *reader) name(id *ast.Ident) {
	switch obj := r.info.ObjectOf(id).(type) {
	case *types.PkgName:
		r.imports[Import{id.Name, obj.Imported().Path()}] = true
	case nil:
	case *types.Var:
		if obj.IsField() {
			r.plain = r.plain && (obj.Exported() || obj.Pkg() != r.pkg)
		} else {
			r.own(obj)
		}
	default:
		r.own(obj)
	}
}

func (r *reader) own(obj types.Object) {
	switch {
	case obj.Parent() != r.pkg.Scope():
	case obj.Exported():
		r.imports[Import{Name: "."}] = true
	default:
		r.plain = false
	}
}

// makes: a call makes a value and does nothing else: a conversion, a function of
// a package of such or one that is told, a method without arguments.
func (r *reader) makes(call *ast.CallExpr) bool {
	if tv := r.info.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return tv.IsType()
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return r.only != nil && len(call.Args) == 0 && r.isKnown(call) // a parameter
	}
	fn, ok := r.info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Signature().Results().Len() == 0 {
		return false
	}
	if fn.Signature().Recv() != nil {
		return len(call.Args) == 0 && fn.Signature().Results().Len() == 1
	}
	switch path := fn.Pkg().Path(); path {
	case "context":
		return fn.Name() == "Cause" || r.only != nil
	case "errors", "fmt", "strings", "strconv", "slices", "maps", "time", stub.GRPCPath + "/status", stub.GRPCPath + "/metadata", stub.GRPCPath + "/health",
		"github.com/pkg/errors", "github.com/cockroachdb/errors", "golang.org/x/xerrors":
		return true
	case stub.GRPCPath:
		named, ok := types.Unalias(fn.Signature().Results().At(0).Type()).(*types.Named)
		return ok && strings.HasSuffix(named.Obj().Name(), "Option")
	}
	return r.known.Of(fn) != nil
}

// isKnown: a call is of a function of another package, of a method or of a
// parameter; one that gives nothing is of gRPC.
func (r *reader) isKnown(call *ast.CallExpr) bool {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		fn, ok := r.info.Uses[fun.Sel].(*types.Func)
		return ok && (fn.Signature().Results().Len() > 0 || fn.Pkg() != nil && strings.HasPrefix(fn.Pkg().Path(), stub.GRPCPath))
	case *ast.Ident:
		_, ok := r.info.Uses[fun].(*types.Var)
		return ok
	}
	return false
}
