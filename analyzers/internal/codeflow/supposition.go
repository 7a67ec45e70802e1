package codeflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Supposition is made about what a helper is handed: it is looked at
// without the call that hands it over.
type Supposition struct {
	// Judge is the predicate, or the list of codes, and Answer what it says
	// of every error. Judge is none if nothing is known of it.
	Judge  program.Input
	Answer bool
	// Typed is set where the helper looks for errors of types or variables
	// that gRPC does not know.
	Typed bool
}

// IsJudge: v is the input of which something is supposed.
func (p Values) IsJudge(sup *Supposition, v ssa.Value) bool {
	return sup.judges() && v != nil && p.InputOf(v) == sup.Judge
}

func (sup *Supposition) judges() bool { return sup != nil && sup.Judge != program.Input{} }

func (w *Walk) supposed(v ssa.Value) bool { return w.IsJudge(w.Sup, v) }

// handedOn is what is supposed of a function that a call runs, which gets the
// judge, or shares it; nil for nothing.
func (w *Walk) handedOn(fn *ssa.Function, call *ssa.Call) *Supposition {
	if !w.Sup.judges() {
		return nil
	}
	judge := w.Sup.Judge
	if program.IsWithin(fn.Parent(), judge.Param.Parent()) {
		return w.Sup
	}
	for _, p := range fn.Params {
		arg := w.Program.ArgOf(call, p)
		if arg == nil {
			continue
		}
		if w.supposed(arg) {
			return &Supposition{Judge: program.Input{Param: p}, Answer: w.Sup.Answer}
		}
		for _, field := range fieldsOf(p.Type()) {
			if !types.Identical(field.Type(), judge.Type()) {
				continue
			}
			if _, in := w.Program.Part(arg, field); in == judge {
				return &Supposition{Judge: program.Input{Param: p}.At(field), Answer: w.Sup.Answer}
			}
		}
	}
	return nil
}

// says is the answer for every code.
func (sup *Supposition) says() Judgement {
	if sup.Answer {
		return Judgement{Yes: AllCodes, Named: true}
	}
	return Judgement{No: AllCodes, Named: true}
}

// JudgementOf is what a predicate, or a list of codes, says of errors. sup is
// what is supposed of the function that holds it.
func (f *Flow) JudgementOf(v ssa.Value, sup *Supposition) (Judgement, bool) {
	if v == nil {
		return Judgement{}, false
	}
	if IsListOfCodes(v.Type()) {
		set, ok := f.ListOfCodes(v)
		return Judgement{Yes: set, No: AllCodes &^ set, Named: true}, ok
	}
	fn := f.FunctionOf(v)
	if fn == nil || !IsPredicate(fn.Signature) {
		return Judgement{}, false
	}
	for _, p := range fn.Params {
		k, ok := CarriesCode(p.Type())
		switch {
		case !ok:
		case !sup.judges() || fn.Parent() == nil:
			return f.predicateOf(entry{p, nil, k})
		default:
			p := f.evaluate(entry{p, nil, k}, sup)
			return p.Judgement(), p != nil
		}
	}
	return Judgement{}, false
}

// IsListOfCodes: []codes.Code.
func IsListOfCodes(t types.Type) bool {
	slice, ok := t.Underlying().(*types.Slice)
	return ok && IsCode(slice.Elem())
}

// foreign: an error of gRPC's is none of this type.
func foreign(t types.Type) bool {
	if types.IsInterface(t) {
		return false
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && !slices.Contains([]string{StatusPath, internalPath}, named.Obj().Pkg().Path())
}
