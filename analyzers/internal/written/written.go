// Package written knows the functions that return what is written in them:
//
//	func Pings() keepalive.ClientParameters {
//		return keepalive.ClientParameters{Time: 30 * time.Second}
//	}
//
//	func State(conn *grpc.ClientConn) connectivity.State { return conn.GetState() }
//
// It is for importers, which do not see their bodies. Only what some rule asks
// for is told: it is read in the syntax of every package, and kept.
package written

import (
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
)

// Analyzer's result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintwritten",
	Doc:        "find functions that return what is written in them\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	ResultType: reflect.TypeFor[*Index](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells its importers, if it has such functions.
type Fact struct{ fact.Of[told] }

type told struct{ Funcs fact.Table[Result] }

// A Result is the one thing that a function does: what it returns, a struct or a
// call, or a call that gives nothing.
type Result struct {
	Fields []Field
	// Call is the name of a method or, with its package's path before it, of
	// a function: "os/exec.CommandContext".
	Call string
	Args []Value // what it is given, the receiver first
}

// A Field of a struct that is not set is not among them.
type Field struct {
	Name string
	Is   Value
}

// A Value is a parameter, a constant, or something else, the zero Value.
type Value struct {
	Param int // one more than its index
	// Const is a whole number, or 1 for true, if it is Known.
	Const int64
	Known bool
}

// An Index answers for the imports of one package.
type Index struct{ imports fact.Index[told] }

// Of returns what a function of another package returns, or nil.
func (x *Index) Of(fn *types.Func) *Result {
	if told := x.imports.Of(fn); told != nil {
		return told.Funcs.Of(fn)
	}
	return nil
}

func run(pass *analysis.Pass) (any, error) {
	own, x := new(told), &Index{fact.Known[told](pass)}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Recv != nil || !decl.Name.IsExported() || decl.Body == nil || len(decl.Body.List) != 1 {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			r := reader{x, pass.TypesInfo, fn.Signature().Params()}
			if result, ok := r.read(only(decl.Body.List[0])); ok {
				own.Funcs.AddFunc(fn, result)
			}
		}
	}
	if len(own.Funcs.Rows) > 0 {
		own.Funcs.Sort()
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return x, nil
}

// only returns what a statement returns, or the call that it is; else nil.
func only(stmt ast.Stmt) ast.Expr {
	switch stmt := stmt.(type) {
	case *ast.ReturnStmt:
		if len(stmt.Results) == 1 {
			return ast.Unparen(stmt.Results[0])
		}
	case *ast.ExprStmt:
		return ast.Unparen(stmt.X)
	}
	return nil
}

type reader struct {
	imports *Index
	info    *types.Info
	params  *types.Tuple
}

func (r reader) read(expr ast.Expr) (Result, bool) {
	switch expr := expr.(type) {
	case *ast.CompositeLit:
		return r.literal(expr)
	case *ast.CallExpr:
		return r.call(expr)
	}
	return Result{}, false
}

// literal reads the parameters of keepalive, whose fields are named.
func (r reader) literal(lit *ast.CompositeLit) (Result, bool) {
	named, ok := types.Unalias(r.info.TypeOf(lit)).(*types.Named)
	if !ok || pathOf(named.Obj()) != "google.golang.org/grpc/keepalive" {
		return Result{}, false
	}
	var result Result
	for _, element := range lit.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return Result{}, false
		}
		result.Fields = append(result.Fields, Field{pair.Key.(*ast.Ident).Name, r.value(pair.Value)})
	}
	return result, len(result.Fields) > 0
}

// contexts are packages with functions that bind what they return to a context.
var contexts = []string{"os/exec", "nhooyr.io/websocket", "github.com/coder/websocket"}

// call reads calls of connections, of RPCs, and of packages that bind something
// to a context.
func (r reader) call(call *ast.CallExpr) (Result, bool) {
	var name *ast.Ident
	var args []ast.Expr
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		name = fun.Sel
		if r.info.Selections[fun] != nil {
			args = append(args, fun.X)
		}
	case *ast.Ident:
		name = fun
	default:
		return Result{}, false
	}
	fn, ok := r.info.Uses[name].(*types.Func)
	if !ok || call.Ellipsis.IsValid() {
		return Result{}, false
	}
	if told := r.imports.Of(fn); told != nil && len(args) == 0 {
		return r.through(told, call.Args)
	}
	result := Result{Call: fn.Name()}
	switch isMethod := fn.Signature().Recv() != nil; {
	case isMethod != (len(args) == 1):
		return Result{}, false // a method expression
	case !slices.Contains(contexts, pathOf(fn)) && !(isMethod && (isConn(fn.Signature().Recv().Type()) || takesCallOptions(fn))):
		return Result{}, false
	case !isMethod:
		result.Call = fn.Pkg().Path() + "." + fn.Name()
	}
	known := false
	for _, arg := range append(args, call.Args...) {
		v := r.value(arg)
		result.Args = append(result.Args, v)
		known = known || v.Param > 0
	}
	if len(args) == 1 && result.Args[0].Param == 0 {
		return Result{}, false // of what cannot be named elsewhere
	}
	if takesCallOptions(fn) && (len(result.Args) < 2 || result.Args[1].Param == 0) {
		return Result{}, false // an RPC with a context of its own
	}
	return result, known
}

// through is what a function of another package does with what it is given
// here.
func (r reader) through(told *Result, args []ast.Expr) (Result, bool) {
	result := Result{Fields: told.Fields, Call: told.Call}
	known := told.Call == ""
	for _, v := range told.Args {
		if v.Param > len(args) {
			return Result{}, false
		}
		if v.Param > 0 {
			v = r.value(args[v.Param-1])
		}
		result.Args = append(result.Args, v)
		known = known || v.Param > 0
	}
	return result, known
}

func (r reader) value(expr ast.Expr) (v Value) {
	switch c := r.info.Types[expr].Value; {
	case c == nil:
	case c.Kind() == constant.Bool:
		v.Known = true
		if constant.BoolVal(c) {
			v.Const = 1
		}
	case c.Kind() == constant.Int || c.Kind() == constant.Float:
		v.Const, v.Known = constant.Int64Val(constant.ToInt(c))
	}
	if id, ok := ast.Unparen(expr).(*ast.Ident); ok {
		for i := range r.params.Len() {
			if r.info.Uses[id] == types.Object(r.params.At(i)) {
				v.Param = i + 1
			}
		}
	}
	return v
}

func pathOf(obj types.Object) string {
	if obj.Pkg() == nil {
		return ""
	}
	path := obj.Pkg().Path()
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		path = path[i+len("/vendor/"):]
	}
	return path
}

// isConn: t is *grpc.ClientConn.
func isConn(t types.Type) bool { return isGRPC(t, "ClientConn") }

// takesCallOptions: a method takes grpc.CallOptions, as those of generated
// clients do.
func takesCallOptions(fn *types.Func) bool {
	sig := fn.Signature()
	if !sig.Variadic() {
		return false
	}
	return isGRPC(sig.Params().At(sig.Params().Len()-1).Type().(*types.Slice).Elem(), "CallOption")
}

func isGRPC(t types.Type, name string) bool {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && pathOf(named.Obj()) == "google.golang.org/grpc"
}
