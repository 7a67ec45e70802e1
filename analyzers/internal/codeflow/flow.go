// Package codeflow knows which status codes an error can have at each place of
// a program.
//
//	_, err := c.Get(ctx, req)        every code
//	if err == nil { return }         every code but OK
//	switch status.Code(err) {
//	case codes.NotFound:             NotFound
//	default:
//		if !isDown(err) { return }   what isDown lets through
//		...                          Unavailable
//	}
//
// A [Walk] follows control from where an error becomes known and carries the
// set of its codes along; conditions on the error divide it. So a switch, a
// chain of comparisons, a deny list, a map and a predicate in another package
// all come to the same. What is not understood is doubtful.
package codeflow

import (
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// Analyzer's result is a *Flow.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintcodeflow",
	Doc:        "tell which status codes errors can have\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{program.Analyzer},
	ResultType: reflect.TypeFor[*Flow](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells its importers: what its exported functions
// say of errors in their parameters. Packages without one have none.
type Fact struct{ fact.Of[told] }

type told struct {
	Predicates fact.Table[[]Predicate]
	Made       fact.Table[[]Made]
}

// A Made says what a function returns of the error that it gets, or of the
// status or the code of it.
type Made struct {
	Param, Result int // the receiver counted
	Kind          Kind
}

// A Flow answers for one package.
type Flow struct {
	Values

	pass       *analysis.Pass
	imports    fact.Index[told]
	predicates map[entry]*Predicate
	mappings   map[mappingKey]Kind
}

func run(pass *analysis.Pass) (any, error) {
	f := &Flow{
		pass: pass, imports: fact.Known[told](pass),
		predicates: make(map[entry]*Predicate), mappings: make(map[mappingKey]Kind),
	}
	if !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == CodesPath || p.Path() == StatusPath || f.imports.Has(p.Path())
	}) || !judgesErrors(pass) {
		return f, nil // nothing to tell: who walks builds the view
	}
	f.Build()
	own := new(told)
	for _, fn := range f.Program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Synthetic != "" || !tells(fn.Signature) {
			continue
		}
		var predicates []Predicate
		var made []Made
		for i, param := range fn.Params {
			k, ok := CarriesCode(param.Type())
			if !ok {
				continue
			}
			e := entry{param, nil, k}
			if !IsPredicate(fn.Signature) {
				for result := range fn.Signature.Results().Len() {
					if kind := f.mapping(e, result); kind != Related {
						made = append(made, Made{i, result, kind})
					}
				}
			} else if _, ok := f.predicateOf(e); ok {
				p := *f.predicates[e]
				p.Param = i
				predicates = append(predicates, p)
			}
		}
		if len(made) > 0 {
			own.Made.AddFunc(obj, made)
		}
		if len(predicates) > 0 {
			own.Predicates.AddFunc(obj, predicates)
		}
	}
	if len(own.Predicates.Rows)+len(own.Made.Rows) > 0 {
		own.Predicates.Sort()
		own.Made.Sort()
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return f, nil
}

// judgesErrors: importers can call functions that may be predicates, or return
// something of the error that they get.
func judgesErrors(pass *analysis.Pass) bool {
	for _, obj := range pass.TypesInfo.Defs {
		if fn, ok := obj.(*types.Func); ok && fn.Exported() && tells(fn.Signature()) {
			return true
		}
	}
	return false
}

// tells: a function gets an error, or what tells its code, and returns one or
// the other, or a bool.
func tells(sig *types.Signature) bool {
	if IsPredicate(sig) {
		return true
	}
	among := func(list *types.Tuple) bool {
		for v := range list.Variables() {
			if _, ok := CarriesCode(v.Type()); ok {
				return true
			}
		}
		return false
	}
	return among(sig.Params()) && among(sig.Results())
}

// Build makes the view of the package, for those who walk.
func (f *Flow) Build() {
	if f.Program == nil {
		f.Program = f.pass.ResultOf[program.Analyzer].(*program.Package).Build()
	}
}

// imported returns what a function of another package says of a parameter, and
// whether its package has told anything.
func (f *Flow) imported(obj *types.Func, param int) (p *Predicate, told bool) {
	tells := f.imports.Of(obj)
	if tells == nil || obj.Pkg() == f.pass.Pkg {
		return nil, false
	}
	if predicates := tells.Predicates.Of(obj); predicates != nil {
		for i := range *predicates {
			if p := &(*predicates)[i]; p.Param == param {
				return p, true
			}
		}
	}
	return nil, true
}
