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

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/packed"
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

// A Fact is what a package tells its importers. Every package but those of
// the standard library exports one, be it empty.
type Fact struct {
	Never   []string   // keys of functions that never return, sorted
	OnError []Function // that do not return if they get an error, sorted
}

// A Function does not return if one of its parameters, counted without the
// receiver, is an error other than nil.
type Function struct {
	Key   string
	Param int
}

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

// packedFact is a Fact as gob alone encodes it.
type packedFact Fact

// GobEncode makes the fact small.
func (f *Fact) GobEncode() ([]byte, error) { return packed.Encode((*packedFact)(f)) }

// GobDecode is the reverse of GobEncode.
func (f *Fact) GobDecode(data []byte) error { return packed.Decode(data, (*packedFact)(f)) }

func (f *Fact) String() string { return "noreturn(" + strings.Join(f.Never, " ") + ")" }

// An Index answers for one package. Several goroutines may ask it.
type Index struct {
	pkg   *types.Package
	info  *types.Info
	facts map[string]*Fact // by package path

	mu      sync.Mutex
	decls   map[*types.Func]*ast.FuncDecl
	never   map[*types.Func]bool // false while it is found out
	onError map[parameter]bool
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
		facts:   make(map[string]*Fact),
		decls:   make(map[*types.Func]*ast.FuncDecl),
		never:   make(map[*types.Func]bool),
		onError: make(map[parameter]bool),
	}
	for _, f := range pass.AllPackageFacts() {
		x.facts[f.Package.Path()] = f.Fact.(*Fact)
	}
	var exported []*types.Func
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
				x.decls[fn] = decl
				if fn.Exported() {
					exported = append(exported, fn)
				}
			}
		}
	}
	fact := new(Fact)
	for _, fn := range exported {
		if x.Never(fn) {
			fact.Never = append(fact.Never, funckey.Of(fn))
			continue
		}
		for i := range fn.Signature().Params().Len() {
			if x.OnError(fn, i) {
				fact.OnError = append(fact.OnError, Function{funckey.Of(fn), i})
			}
		}
	}
	slices.Sort(fact.Never)
	slices.SortFunc(fact.OnError, compareFunctions)
	if !isStandard(pass.Pkg) || len(fact.Never)+len(fact.OnError) > 0 {
		pass.ExportPackageFact(fact)
	}
	return x, nil
}

func compareFunctions(a, b Function) int {
	if a.Key != b.Key {
		return strings.Compare(a.Key, b.Key)
	}
	return a.Param - b.Param
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

// Doubtful reports whether nobody has told what fn does: it is a method of an
// interface, or its package has not been looked at.
func (x *Index) Doubtful(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false // error.Error
	}
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return true
	}
	return fn.Pkg() != x.pkg && !isStandard(fn.Pkg()) && x.facts[fn.Pkg().Path()] == nil
}

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
		fact := x.facts[fn.Pkg().Path()]
		if fact == nil {
			return false
		}
		_, found := slices.BinarySearch(fact.Never, funckey.Of(fn))
		return found
	}
	ends, ok := x.never[fn]
	if decl := x.decls[fn]; !ok && decl != nil {
		x.never[fn] = false // of a function that calls itself
		ends = (&body{index: x}).ends(decl.Body)
		x.never[fn] = ends
	}
	return ends
}

func (x *Index) endsOnError(fn *types.Func, i int) bool {
	fn = fn.Origin()
	params := fn.Signature().Params()
	if i >= params.Len() || !types.Identical(params.At(i).Type(), types.Universe.Lookup("error").Type()) {
		return false
	}
	if x.ends(fn) || knownOnError(fn) {
		return true
	}
	if fn.Pkg() != nil && fn.Pkg() != x.pkg {
		fact := x.facts[fn.Pkg().Path()]
		if fact == nil {
			return false
		}
		_, found := slices.BinarySearchFunc(fact.OnError, Function{funckey.Of(fn), i}, compareFunctions)
		return found
	}
	at := parameter{fn, i}
	ends, ok := x.onError[at]
	if decl := x.decls[fn]; !ok && decl != nil {
		x.onError[at] = false
		ends = !x.assigned(decl.Body, params.At(i)) && (&body{index: x, err: params.At(i)}).ends(decl.Body)
		x.onError[at] = ends
	}
	return ends
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
