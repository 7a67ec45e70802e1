package errflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// A Fact is what a package tells its importers about errors. One that reaches
// grpc-go's status codes only exports one, be it empty.
type Fact struct{ fact.Of[told] }

type told struct {
	Funcs fact.Table[[]Source] // where the error comes from that a function returns
	Vars  fact.Table[Source]   // what a package variable holds, if that is known

	Predicates fact.Table[Question]

	// Fails are the functions whose error is never nil.
	Fails fact.Table[bool]

	// MapsErrors and RebuildsErrors are those of [Flow]; the latter only if
	// importers can get a connection from the package.
	MapsErrors, RebuildsErrors bool
	// Converts are the package's functions that are, or make, interceptors
	// which convert errors. Defines says for which sides there are some, in
	// the package or its imports.
	Converts fact.Table[Sides]
	Defines  Sides
	// Wrapped are generated client interfaces ("import/path.FooClient")
	// that a hand-written type implements which changes errors, sorted.
	Wrapped []string
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// Limits of what a fact tells about one function.
const (
	maxPlaces  = 2 // per kind and code
	maxSummary = 16
)

// summaries fills the fact with what is known of exported functions and
// variables. What comes from unknown sources only is left out.
func (f *Flow) summaries(own *told) {
	for _, fn := range f.Program.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || !obj.Exported() || !returnsError(fn) || f.IsGenerated(fn.Pos()) || testcode.Is(f.pass, fn.Pos()) {
			continue
		}
		sources := abridged(fn, f.Result(fn).Sources)
		if slices.ContainsFunc(sources, func(s Source) bool { return s.Kind != Unknown }) || len(sources) == 0 {
			own.Funcs.AddFunc(obj, sources)
			if f.alwaysFails(fn) {
				own.Fails.AddFunc(obj, true)
			}
		}
	}
	own.Funcs.Sort()
	own.Fails.Sort()
	for name, member := range f.Program.Pkg.Members {
		g, ok := member.(*ssa.Global)
		if !ok || !token.IsExported(name) || !isErrorVar(g) {
			continue
		}
		stored, _ := f.Program.Stored(g)
		if len(stored) != 1 || f.IsGenerated(g.Pos()) {
			continue // none, or which of them is not known
		}
		o := f.Of(stored[0])
		if len(o.Sources) == 1 && o.Sources[0].Kind != Unknown && o.Sources[0].Kind != Param {
			s := o.Sources[0]
			s.Pos, s.entered = token.NoPos, nil
			own.Vars.Add(name, s)
		}
	}
	own.Vars.Sort()
}

func isErrorVar(g *ssa.Global) bool {
	pointer, ok := g.Type().Underlying().(*types.Pointer)
	return ok && types.Identical(pointer.Elem(), types.Universe.Lookup("error").Type())
}

func returnsError(fn *ssa.Function) bool {
	results := fn.Signature.Results()
	return results.Len() > 0 && types.Identical(results.At(results.Len()-1).Type(), types.Universe.Lookup("error").Type())
}

// abridged keeps a few places of each kind, code and name, and makes one of
// all that is unknown.
func abridged(fn *ssa.Function, sources []Source) []Source {
	type key struct {
		kind    Kind
		code    int
		lost    bool
		tested  bool
		wrapped bool
		opaque  bool
		param   int
		nil     int
		text    int
		codeOf  int
		name    string
	}
	count := make(map[key]int)
	var kept []Source
	for _, s := range sources {
		if s.param != nil && s.param.Parent() != fn { // of another function
			if s.Kind == Param {
				s = Source{Code: NoCode, Name: "argument"}
			}
			s.TextOf, s.CodeOf = 0, 0
		}
		if s.nilParam != nil && s.nilParam.Parent() != fn {
			s.NilParam = 0
		}
		s.entered, s.param, s.nilParam = nil, nil, nil
		k := key{s.Kind, s.Code, s.Lost, s.Tested, s.Wrapped, s.Opaque, s.Param, s.NilParam, s.TextOf, s.CodeOf, ""}
		if s.Kind == RPC || s.Kind == Param {
			k.name = s.Name
		}
		limit := maxPlaces
		if s.Kind == Unknown || s.Kind == Param {
			limit = 1
		}
		if count[k]++; count[k] > limit {
			continue
		}
		s.Pos = token.NoPos
		kept = append(kept, s)
	}
	if len(kept) > maxSummary {
		kept = append(kept[:maxSummary-1], Source{Code: NoCode, Name: "too many"})
	}
	slices.SortFunc(kept, compareSources)
	return kept
}

func compareSources(a, b Source) int {
	for _, c := range []int{
		int(a.Kind) - int(b.Kind), a.Code - b.Code, a.Param - b.Param, a.NilParam - b.NilParam, a.TextOf - b.TextOf, a.CodeOf - b.CodeOf, strings.Compare(a.Name, b.Name),
		strings.Compare(a.Place.Package, b.Place.Package), strings.Compare(a.Place.File, b.Place.File),
		a.Place.Line - b.Place.Line, a.Place.Column - b.Place.Column, boolOrder(a.Tested, b.Tested), boolOrder(a.Lost, b.Lost), boolOrder(a.Wrapped, b.Wrapped), boolOrder(a.Loop, b.Loop), boolOrder(a.Opaque, b.Opaque), int(a.Sides) - int(b.Sides),
	} {
		if c != 0 {
			return c
		}
	}
	return 0
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
