// Package noreturn knows the calls after which control does not come back:
// they end the process, the goroutine or the test, panic, or run for ever.
//
// A function of the program is known by its body, those of imports by a fact,
// and a few of which neither says it, such as the loggers that exit through a
// field, by a list. What a function is called says nothing, unless nobody has
// told what it does: then a name such as Fatal puts it in doubt.
//
// Bodies are read in the syntax, which costs little and so can be done in
// every package; package program hands the result to the builder of SSA, in
// which no way then leads on from such a call.
package noreturn

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
)

// Analyzer's result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintnoreturn",
	Doc:        "find functions that never return\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	ResultType: reflect.TypeFor[*Index](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells its importers. A package exports one if it has
// functions of which one would doubt that they return, if nobody told.
type Fact struct{ fact.Of[told] }

type told struct {
	Never   []string          // keys of functions that never return, sorted
	OnError fact.Table[[]int] // parameters, counted without the receiver, with which a function does not return if they are an error
	// Exits are those of them that end the process, and by which call:
	// "log.Fatal".
	Exits fact.Table[string]
}

// An Index answers for one package. Several goroutines may ask it.
type Index struct {
	pkg   *types.Package
	info  *types.Info
	known fact.Index[told]

	mu      sync.Mutex
	decls   map[*types.Func]*ast.FuncDecl
	never   map[*types.Func]bool // false while it is found out
	onError map[parameter]bool
	exits   map[*types.Func]string // of those that were asked for
}

// A parameter is counted without the receiver.
type parameter struct {
	fn    *types.Func
	index int
}

func run(pass *analysis.Pass) (any, error) {
	x := &Index{
		pkg:     pass.Pkg,
		info:    pass.TypesInfo,
		known:   fact.Known[told](pass),
		decls:   make(map[*types.Func]*ast.FuncDecl),
		never:   make(map[*types.Func]bool),
		onError: make(map[parameter]bool),
		exits:   make(map[*types.Func]string),
	}
	var exported []*types.Func
	doubtful := false
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			doubtful = doubtful || fn.Exported() && mayEnd(fn)
			if decl.Body != nil {
				x.decls[fn] = decl
				if fn.Exported() {
					exported = append(exported, fn)
				}
			}
		}
	}
	own := new(told)
	for _, fn := range exported {
		if x.Never(fn) {
			own.Never = append(own.Never, funckey.Of(fn))
			own.addExit(x, fn)
			continue
		}
		var params []int
		for i := range fn.Signature().Params().Len() {
			if x.OnError(fn, i) {
				params = append(params, i)
			}
		}
		if len(params) > 0 {
			own.OnError.AddFunc(fn, params)
			own.addExit(x, fn)
		}
	}
	slices.Sort(own.Never)
	own.OnError.Sort()
	own.Exits.Sort()
	if doubtful && !isStandard(pass.Pkg) || len(own.Never)+len(own.OnError.Rows) > 0 {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return x, nil
}

func (t *told) addExit(x *Index, fn *types.Func) {
	if called := x.Exits(fn); called != "" {
		t.Exits.AddFunc(fn, called)
	}
}

// Exits returns the call by which a function of which control does not come
// back, always or with an error, ends the process: "log.Fatal"; "" for others.
func (x *Index) Exits(fn *types.Func) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.exitOf(fn)
}

func (x *Index) exitOf(fn *types.Func) string {
	fn = fn.Origin()
	if fn.Pkg() == x.pkg || fn.Pkg() == nil {
		return x.exits[fn]
	}
	if told := x.known.Of(fn); told != nil {
		if called := told.Exits.Of(fn); called != nil {
			return *called
		}
	}
	return ""
}

// Never reports whether control never comes back from a call of fn.
func (x *Index) Never(fn *types.Func) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.ends(fn)
}

// OnError reports whether control never comes back from a call of fn whose
// i-th argument, the receiver not counted, is an error other than nil.
func (x *Index) OnError(fn *types.Func, i int) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.endsOnError(fn, i)
}

// Doubtful reports whether fn may end something for all that its signature and
// its name say, and nobody has told what it does: it is a method of an
// interface, or its package has not been looked at.
func (x *Index) Doubtful(fn *types.Func) bool {
	if fn.Pkg() == nil || !mayEnd(fn) {
		return false
	}
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return true
	}
	return fn.Pkg() != x.pkg && !isStandard(fn.Pkg()) && !x.known.Has(fn.Pkg().Path())
}

// mayEnd: a function returns nothing to go on with, and gets an error or is
// named for ending something.
func mayEnd(fn *types.Func) bool {
	if fn.Signature().Results().Len() > 0 {
		return false
	}
	for p := range fn.Signature().Params().Variables() {
		if isError(p.Type()) {
			return true
		}
	}
	return NamedForEnding(fn)
}

// NamedForEnding: the name says that a function ends something.
func NamedForEnding(fn *types.Func) bool {
	name := strings.ToLower(fn.Name())
	return slices.ContainsFunc([]string{"fatal", "exit", "panic", "goexit", "crit", "die", "abort", "failnow"}, func(word string) bool {
		return strings.HasPrefix(name, word)
	})
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// Release drops what keeps the syntax of the package.
func (x *Index) Release() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.decls, x.info = nil, nil
}

func (x *Index) ends(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false // error.Error
	}
	fn = fn.Origin()
	if known(fn) {
		return true
	}
	if fn.Pkg() == nil {
		return false // the method of error
	}
	if fn.Pkg() != x.pkg {
		told := x.known.Of(fn)
		if told == nil {
			return false
		}
		_, found := slices.BinarySearch(told.Never, funckey.Of(fn))
		return found
	}
	ends, ok := x.never[fn]
	if decl := x.decls[fn]; !ok && decl != nil {
		x.never[fn] = false // of a function that calls itself
		b := &body{index: x}
		ends = b.ends(decl.Body)
		x.never[fn] = ends
		x.exit(fn, b, ends)
	}
	return ends
}

func (x *Index) endsOnError(fn *types.Func, i int) bool {
	fn = fn.Origin()
	params := fn.Signature().Params()
	if i >= params.Len() || !isError(params.At(i).Type()) {
		return false
	}
	if x.ends(fn) || knownOnError(fn) {
		return true
	}
	if fn.Pkg() != nil && fn.Pkg() != x.pkg {
		told := x.known.Of(fn)
		if told == nil {
			return false
		}
		params := told.OnError.Of(fn)
		return params != nil && slices.Contains(*params, i)
	}
	at := parameter{fn, i}
	ends, ok := x.onError[at]
	if decl := x.decls[fn]; !ok && decl != nil {
		x.onError[at] = false
		b := &body{index: x, err: params.At(i)}
		ends = !x.assigned(decl.Body, params.At(i)) && b.ends(decl.Body)
		x.onError[at] = ends
		x.exit(fn, b, ends)
	}
	return ends
}

func (x *Index) exit(fn *types.Func, b *body, ends bool) {
	if ends && b.exits != "" {
		x.exits[fn] = b.exits
	}
}

// assigned: something gives the variable another value.
func (x *Index) assigned(in ast.Node, variable *types.Var) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				found = found || x.names(left, variable)
			}
		case *ast.UnaryExpr:
			found = found || x.names(n.X, variable) // its address, and nothing else of an error
		}
		return !found
	})
	return found
}

func (x *Index) names(expr ast.Expr, variable *types.Var) bool {
	id, ok := ast.Unparen(expr).(*ast.Ident)
	return ok && variable != nil && x.info.Uses[id] == variable
}

// isStandard: only paths of modules have a dot in their first element.
func isStandard(pkg *types.Package) bool {
	first, _, _ := strings.Cut(pkg.Path(), "/")
	return !strings.Contains(first, ".")
}
