package program

import (
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// maxSame bounds how many values are looked at to find one.
const maxSame = 64

// Is tells of a value whether it is, or may be, another one: the same, a
// choice that includes it, or what is read from where that is kept: a variable
// that a literal shares, a field, an element, a parameter.
func (p *Program) Is(of ssa.Value) func(ssa.Value) bool {
	return func(v ssa.Value) bool {
		return of != nil && (control.MayBe(v, of) || p.leadsTo(v, of))
	}
}

func (p *Program) leadsTo(v, of ssa.Value) bool {
	work := []ssa.Value{v}
	seen := map[ssa.Value]bool{v: true}
	for len(work) > 0 && len(seen) < maxSame {
		v, work = work[0], work[1:]
		if v == of {
			return true
		}
		if made, ok := v.(*ssa.MakeInterface); ok {
			v = made.X
		}
		ways, _ := p.Ways(v)
		for _, way := range ways {
			if !seen[way] {
				seen[way] = true
				work = append(work, way)
			}
		}
	}
	return false
}
