package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Part is what is known of a value, and the parameters that it may be, too.
// It is for domains that do not care what way a parameter took.
type Part[O any] struct {
	Own    O
	Params []*ssa.Parameter
}

// Open reports whether the value may be a parameter, whatever that is.
func (p Part[O]) Open() bool { return len(p.Params) > 0 }

// Parts makes a domain of parts, of what is known if there are no parameters.
// Source, Call and the like are still to be said.
func Parts[O comparable](nothing, unknown O, join func(a, b O) O) Domain[Part[O]] {
	either := func(a, b Part[O]) Part[O] {
		joined := Part[O]{join(a.Own, b.Own), a.Params}
		for _, p := range b.Params {
			if !slices.Contains(joined.Params, p) {
				joined.Params = append(slices.Clip(joined.Params), p)
			}
		}
		return joined
	}
	return Domain[Part[O]]{
		Nothing: Part[O]{Own: nothing},
		Unknown: func(ssa.Value) Part[O] { return Part[O]{Own: unknown} },
		Join:    either,
		Param:   func(p *ssa.Parameter) Part[O] { return Part[O]{nothing, []*ssa.Parameter{p}} },
		Same: func(a, b Part[O]) bool {
			return a.Own == b.Own && len(a.Params) == len(b.Params) && !slices.ContainsFunc(a.Params, func(p *ssa.Parameter) bool { return !slices.Contains(b.Params, p) })
		},
		Bind: func(t Trace[Part[O]], o Part[O], call *ssa.Call) Part[O] {
			bound := Part[O]{Own: o.Own}
			for _, p := range o.Params {
				if arg := t.Arg(call, p); arg != nil {
					bound = either(bound, t.Of(arg))
				} else {
					bound = either(bound, Part[O]{Own: unknown})
				}
			}
			return bound
		},
	}
}

// Sole makes a domain of parts of which one thing is known at the most: what
// comes from two different ones, or from elsewhere, is several. The zero O is
// what comes from nowhere.
func Sole[O comparable](several O) Domain[Part[O]] {
	var nothing O
	return Parts(nothing, several, func(a, b O) O {
		switch {
		case a == b || b == nothing:
			return a
		case a == nothing:
			return b
		}
		return several
	})
}
