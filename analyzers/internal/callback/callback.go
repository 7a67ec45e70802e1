// Package callback knows the functions that call functions which they get,
// and what they do with them:
//
//	func Do(ctx context.Context, f func(context.Context) error) error {
//		for range 3 {
//			if err := f(ctx); err == nil { return nil }
//		}
//		...
//	}
//
// calls parameter 1 in a loop, with its own parameter 0, and returns what that
// returns, or something else.
//
// It knows nothing of what the functions are for. They are read in the syntax,
// which costs little and so is done in every package, those included in which
// nothing else is of interest; imports tell by a fact.
package callback

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/finding"
)

// Analyzer's result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintcallbacks",
	Doc:        "find functions that call functions which they get\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	ResultType: reflect.TypeFor[*Index](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells its importers, if it has such functions.
type Fact struct{ fact.Of[told] }

type told struct{ Helpers fact.Table[Helper] }

// A Helper is a function that calls functions which it gets. Parameters are
// counted without the receiver.
type Helper struct {
	Params  []Param
	Results []Result
	// Thin: all that it does is one call.
	Thin bool
}

// A Param is a parameter that is a function or, if it is variadic or a slice,
// holds some.
type Param struct {
	Index int
	// Only: nothing else is done with it than what Runs say.
	Only bool
	Runs []Run
}

// A Run is a call of the function.
type Run struct {
	Loop bool // again and again
	Go   bool // in a goroutine, perhaps after the helper has returned
	Args []Value
}

// A Value is what is passed. The zero Value is not known.
type Value struct {
	// Param is one more than the index of the helper's own parameter that it
	// is or is made of, or 0.
	Param int
	// Through names what it goes through or is made by, as
	// [types.Func.FullName] does, in the order of the calls.
	Through []string
	// Place is where something that is made of no parameter is made.
	Place finding.Remote
}

// A Result says: the helper's result Index is the function's result Of.
type Result struct {
	Index, Func, Of int
	Only            bool // nothing else
}

// An Index answers for one package. Several goroutines may ask it.
type Index struct {
	pkg     *types.Package
	fset    *token.FileSet
	info    *types.Info
	imports fact.Index[told]

	mu    sync.Mutex
	decls map[*types.Func]*ast.FuncDecl // of functions that get some
	known map[*types.Func]*Helper       // nil for others, and while it is found out
}

func run(pass *analysis.Pass) (any, error) {
	x := &Index{
		pkg: pass.Pkg, fset: pass.Fset, info: pass.TypesInfo, imports: fact.Known[told](pass),
		decls: make(map[*types.Func]*ast.FuncDecl), known: make(map[*types.Func]*Helper),
	}
	if isStandard(pass.Pkg) {
		return x, nil // see known.go
	}
	own := new(told)
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok && takesFunctions(fn) {
				x.decls[fn] = decl
			}
		}
	}
	for fn := range x.decls {
		if helper := x.of(fn); helper != nil && fn.Exported() {
			own.Helpers.AddFunc(fn, *helper)
		}
	}
	if len(own.Helpers.Rows) > 0 {
		own.Helpers.Sort()
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return x, nil
}

// Of returns what a function does with the functions that it gets; nil for one
// that calls none, or of which nobody has told what it does.
func (x *Index) Of(fn *types.Func) *Helper {
	if fn == nil {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.of(fn.Origin())
}

// Param returns what is done with a parameter, or nil.
func (h *Helper) Param(index int) *Param {
	i := slices.IndexFunc(h.Params, func(p Param) bool { return p.Index == index })
	if i < 0 {
		return nil
	}
	return &h.Params[i]
}

// Async reports whether the function may be called when the helper has returned.
func (p *Param) Async() bool { return slices.ContainsFunc(p.Runs, func(r Run) bool { return r.Go }) }

// Release drops what keeps the syntax of the package.
func (x *Index) Release() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.decls, x.info = nil, nil
}

func (x *Index) of(fn *types.Func) *Helper {
	helper, ok := x.known[fn]
	if !ok {
		x.known[fn] = nil // of a function that calls itself
		helper = x.find(fn)
		x.known[fn] = helper
	}
	return helper
}

func (x *Index) find(fn *types.Func) *Helper {
	if fn.Pkg() == nil || !takesFunctions(fn) {
		return nil
	}
	if helper, ok := known[fn.FullName()]; ok {
		return &helper
	}
	if decl := x.decls[fn]; decl != nil {
		return x.read(fn, decl)
	}
	if told := x.imports.Of(fn); told != nil {
		return told.Helpers.Of(fn)
	}
	return nil
}

// takesFunctions: a parameter is a function, or a list of functions.
func takesFunctions(fn *types.Func) bool {
	for p := range fn.Signature().Params().Variables() {
		if isFunctions(p.Type()) {
			return true
		}
	}
	return false
}

func isFunctions(t types.Type) bool {
	if list, ok := t.Underlying().(*types.Slice); ok {
		t = list.Elem()
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// isStandard: only paths of modules have a dot in their first element.
func isStandard(pkg *types.Package) bool {
	first, _, _ := strings.Cut(pkg.Path(), "/")
	return !strings.Contains(first, ".")
}
