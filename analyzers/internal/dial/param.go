package dial

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// paramKey names a parameter or a captured variable of a function.
type paramKey struct {
	fn    *ssa.Function
	index int
	kind  uint8 // 0 parameter, 1 captured value, 2 captured variable
}

// param says what fn does with a connection in its parameter i.
func (e *engine) param(fn *ssa.Function, i int) *ParamFact {
	return e.summary(paramKey{fn, i, 0})
}

// paramOf is param for a function of this package, or one that another has told
// of; nil if nothing is known.
func (e *engine) paramOf(fn *ssa.Function, obj *types.Func, i int) *ParamFact {
	if fn != nil && i < len(fn.Params) {
		return e.param(fn, i)
	}
	if fact := e.fact(obj); fact != nil {
		for j := range fact.Params {
			if fact.Params[j].Index == i {
				return &fact.Params[j]
			}
		}
	}
	return nil
}

// freeVar is param for variable i that a function literal captures, by
// reference if it is a cell.
func (e *engine) freeVar(fn *ssa.Function, i int, cell bool) *ParamFact {
	if cell {
		return e.summary(paramKey{fn, i, 2})
	}
	return e.summary(paramKey{fn, i, 1})
}

func (e *engine) summary(k paramKey) *ParamFact {
	if s, ok := e.params[k]; ok {
		return s
	}
	s := &ParamFact{Index: k.index}
	// A recursive call adds nothing to what the function does otherwise.
	e.params[k] = s
	if len(k.fn.Blocks) == 0 {
		s.Escapes = true // no body to look at
		return s
	}
	var f *trail
	switch k.kind {
	case 0:
		p := k.fn.Params[k.index]
		f = e.flowFrom(k.fn, p, e.kindOf(p.Type()))
	case 1:
		v := k.fn.FreeVars[k.index]
		f = e.flowFrom(k.fn, v, e.kindOf(v.Type()))
	default:
		f = e.flowFromCell(k.fn, k.fn.FreeVars[k.index])
	}
	for _, ev := range f.events {
		switch ev.kind {
		case closed:
			s.Closes = true
		case escaped:
			s.Escapes = true
		case unary:
			s.Unary = true
			s.Stream = s.Stream || e.inLoop(ev.instr.Block())
		case streamed:
			s.Stream = true
		case checked:
			s.Probe = true
		case unclear:
			s.Unclear = true
		case connected:
			s.Connects = true
		case returned:
			s.addResult(ev.result)
		}
	}
	slices.SortFunc(s.Results, func(a, b Result) int { return a.Index - b.Index })
	return s
}

// addResult notes a result; of two kinds at one index, the one that is nearer
// to the connection counts.
func (s *ParamFact) addResult(r Result) {
	for i := range s.Results {
		if s.Results[i].Index == r.Index {
			s.Results[i].Kind = min(s.Results[i].Kind, r.Kind)
			return
		}
	}
	s.Results = append(s.Results, r)
}
