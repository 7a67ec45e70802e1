package mdflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// throughFacts tells which results are what a function gets, or the values of a
// key of that, about which nobody has looked how many there are.
func (e *engine) throughFacts(fn *ssa.Function) []ThroughFact {
	var list []ThroughFact
	for i := range fn.Signature.Results().Len() {
		t := fn.Signature.Results().At(i).Type()
		if !IsMD(t) && !isStrings(t) {
			continue
		}
		k := e.kinds.Result(fn, i)
		if k.Own != nothing || len(k.Params) != 1 || !IsMD(k.Params[0].Type()) {
			continue
		}
		fact := ThroughFact{Result: i, Param: slices.Index(fn.Params, k.Params[0])}
		if fact.Param >= 0 && (IsMD(t) && e.givesAll(fn, i) || isStrings(t) && e.givesKey(fn, i, &fact)) {
			list = append(list, fact)
		}
	}
	return list
}

// givesAll: nobody takes keys out of the metadata that a function returns.
func (e *engine) givesAll(fn *ssa.Function, i int) bool {
	return !slices.ContainsFunc(program.Returned(fn, i), func(r program.Return) bool {
		return slices.ContainsFunc(e.Sources(r.Value), e.edited)
	})
}

// givesKey notes which key it is whose values a function returns.
func (e *engine) givesKey(fn *ssa.Function, i int, fact *ThroughFact) bool {
	returned := program.Returned(fn, i)
	if len(returned) != 1 || measured(returned[0].Value) {
		return false
	}
	s := e.subject(returned[0].Value)
	if p, ok := s.dyn.(*ssa.Parameter); ok {
		fact.KeyParam = 1 + slices.Index(fn.Params, p)
	}
	fact.Key = s.key
	return s.md == ssa.Value(fn.Params[fact.Param]) && (s.key != "" || fact.KeyParam > 0)
}

// through is what another package tells about a result of a call, and the
// metadata that the call passes; nil for nothing.
func (e *engine) through(call *ssa.Call, i int) (*ThroughFact, ssa.Value) {
	told, args := e.told(call, program.CalledObject(&call.Call)), program.Args(&call.Call)
	if told == nil {
		return nil, nil
	}
	for j := range told.Through {
		if f := &told.Through[j]; f.Result == i && f.Param < len(args) && f.KeyParam <= len(args) {
			return f, args[f.Param]
		}
	}
	return nil, nil
}
