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
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/packed"
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
// say of errors. It is sorted by key; packages without one have none.
type Fact struct {
	Predicates []Predicate
}

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

// packedFact is a Fact as gob alone encodes it.
type packedFact Fact

// GobEncode makes the fact small.
func (f *Fact) GobEncode() ([]byte, error) { return packed.Encode((*packedFact)(f)) }

// GobDecode is the reverse of GobEncode.
func (f *Fact) GobDecode(data []byte) error { return packed.Decode(data, (*packedFact)(f)) }

func (f *Fact) String() string {
	keys := make([]string, len(f.Predicates))
	for i, p := range f.Predicates {
		keys[i] = p.Key
	}
	return "codeflow(" + strings.Join(keys, " ") + ")"
}

func (f *Fact) predicate(key string, param int) *Predicate {
	i := slices.IndexFunc(f.Predicates, func(p Predicate) bool { return p.Key == key && p.Param == param })
	if i < 0 {
		return nil
	}
	return &f.Predicates[i]
}

// A Flow answers for one package.
type Flow struct {
	Values

	pass       *analysis.Pass
	facts      map[string]*Fact
	predicates map[predicateKey]*Predicate
	mappings   map[mappingKey]Kind
}

func run(pass *analysis.Pass) (any, error) {
	f := &Flow{
		pass: pass, facts: make(map[string]*Fact),
		predicates: make(map[predicateKey]*Predicate), mappings: make(map[mappingKey]Kind),
	}
	for _, pf := range pass.AllPackageFacts() {
		f.facts[pf.Package.Path()] = pf.Fact.(*Fact)
	}
	if !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == CodesPath || p.Path() == StatusPath || f.facts[p.Path()] != nil
	}) {
		return f, nil
	}
	f.Build()
	fact := new(Fact)
	for _, fn := range f.Program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Synthetic != "" || !IsPredicate(fn.Signature) {
			continue
		}
		for i, param := range fn.Params {
			k, ok := CarriesCode(param.Type())
			if !ok {
				continue
			}
			if _, ok := f.PredicateOf(fn, i, k); ok {
				p := *f.predicates[predicateKey{fn, i}]
				p.Key, p.Param = funckey.Of(obj), i
				fact.Predicates = append(fact.Predicates, p)
			}
		}
	}
	if len(fact.Predicates) > 0 {
		slices.SortStableFunc(fact.Predicates, func(a, b Predicate) int { return strings.Compare(a.Key, b.Key) })
		pass.ExportPackageFact(fact)
	}
	return f, nil
}

// Build makes the view of the package, for those who walk.
func (f *Flow) Build() {
	if f.Program == nil {
		f.Program = f.pass.ResultOf[program.Analyzer].(*program.Package).Build()
	}
}

// factOf returns what the package of a function has told, nil for nothing.
func (f *Flow) factOf(obj *types.Func) *Fact {
	if obj == nil || obj.Pkg() == nil || obj.Pkg() == f.pass.Pkg {
		return nil
	}
	return f.facts[obj.Pkg().Path()]
}
