package streams

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
)

// Steps from a slice, an array or a map to what it holds, in the chain of
// fields that leads to a place. No field can have such a name.
const (
	eachElement = "[]"    // one after the other
	oneElement  = "[key]" // the one of some index
)

// Place returns where a value comes from. The elements of a list or a map are
// one place, those that a loop visits another.
func (info *Info) Place(v ssa.Value) place.Place { return info.normal(info.resolver.Of(v)) }

// field returns the place of what a chain of fields of p holds.
func (info *Info) field(p place.Place, fields []*types.Var) place.Place {
	return info.normal(info.resolver.Field(p, fields...))
}

func (info *Info) normal(p place.Place) place.Place {
	holder, name := holderOf(p.Root)
	if holder == nil {
		return p
	}
	of := p.Root.Type()
	if tuple, ok := of.(*types.Tuple); ok {
		of = tuple.At(0).Type() // v, ok := m[k]
	}
	key := step{of, name}
	element, _ := info.steps.LoadOrStore(key, types.NewField(token.NoPos, nil, name, of, false))
	q := info.Place(holder).With(append([]*types.Var{element.(*types.Var)}, p.Fields()...)...)
	if q.IsZero() {
		return p
	}
	return q
}

type step struct {
	of   types.Type
	name string
}

// holderOf returns what holds a value as an element, and how it was taken out.
func holderOf(v ssa.Value) (holder ssa.Value, name string) {
	switch v := v.(type) {
	case *ssa.Lookup:
		if _, isMap := v.X.Type().Underlying().(*types.Map); isMap {
			return v.X, oneElement
		}
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Lookup:
			if v.Index == 0 {
				return tuple.X, oneElement
			}
		case *ssa.Next:
			if loop, ok := tuple.Iter.(*ssa.Range); ok && v.Index > 0 {
				return loop.X, eachElement
			}
		}
	case *ssa.IndexAddr:
		if strings.HasPrefix(v.Block().Comment, "rangeindex") {
			return v.X, eachElement
		}
		return v.X, oneElement
	}
	return nil, ""
}

// Held reports whether a place is an element of a list or a map, or in one;
// each says that it is one after the other of them.
func Held(p place.Place) (held, each bool) {
	for _, f := range p.Fields() {
		if f.Pkg() == nil && strings.HasPrefix(f.Name(), "[") {
			return true, f.Name() == eachElement
		}
	}
	return false, false
}
