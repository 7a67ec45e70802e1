package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
)

// Sources are what a value may be. The zero Sources are not known.
type Sources struct {
	values   []ssa.Value
	Complete bool // there are no others
}

func newSources(meter *budget.Meter) *budget.Memo[ssa.Value, Sources] {
	return budget.NewMemo[ssa.Value](meter, Sources{Complete: true}, Sources{})
}

// forget drops what was found of values, because more calls are resolved now.
func (p *Program) forget() {
	p.sources, p.mapped = newSources(p.Meter), make(map[*ssa.MakeMap]Held)
}

// maxSources bounds what is told apart.
const maxSources = 16

// Sources follows a value back as far as the package shows where it comes
// from: through variables, fields, parameters of functions whose callers are
// known, results of functions, and where branches meet. It returns the ends
// of the ways; v itself where nothing is to be seen. Nil is none of them.
//
// It knows nothing of who calls: a function's parameter is what any of its
// callers passes.
func (p *Program) Sources(v ssa.Value) []ssa.Value {
	if s := p.sourcesOf(v); s.Complete {
		return s.values
	}
	return []ssa.Value{v}
}

func (p *Program) sourcesOf(v ssa.Value) Sources {
	return p.sources.Of(v, func() Sources {
		ways, through := p.Ways(v)
		if !through {
			return Sources{[]ssa.Value{v}, true}
		}
		all := Sources{Complete: true}
		for _, way := range ways {
			if c, ok := way.(*ssa.Const); ok && c.IsNil() {
				continue
			}
			s := p.sourcesOf(way)
			if !s.Complete {
				return Sources{}
			}
			for _, source := range s.values {
				if !slices.Contains(all.values, source) {
					all.values = append(all.values, source)
				}
			}
			if len(all.values) > maxSources {
				return Sources{}
			}
		}
		return all
	})
}

// Ways are the values of which v is one or another, one step back; false if v
// is an end.
func (p *Program) Ways(v ssa.Value) ([]ssa.Value, bool) {
	switch v := v.(type) {
	case *ssa.ChangeType:
		return []ssa.Value{v.X}, true
	case *ssa.ChangeInterface:
		return []ssa.Value{v.X}, true
	case *ssa.Phi:
		return v.Edges, true
	case *ssa.Parameter:
		if _, isFunc := v.Type().Underlying().(*types.Signature); isFunc {
			return nil, false // each caller hands over another one
		}
		return p.held(p.Passed(v))
	case *ssa.Call:
		return p.returned(v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return p.returned(call, v.Index)
		}
	}
	if h, ok := p.Read(v); ok {
		return p.held(h)
	}
	return nil, false
}

func (p *Program) held(h Held) ([]ssa.Value, bool) {
	return h.Values, h.Complete && len(h.Values) > 0
}

func (p *Program) returned(call *ssa.Call, i int) ([]ssa.Value, bool) {
	var values []ssa.Value
	for _, f := range p.Forwards(call) {
		if f.Result == i {
			for _, ret := range Returned(f.Func, f.Of) {
				values = append(values, ret.Value)
			}
			return values, len(values) > 0
		}
	}
	callees := p.Callees(call)
	for _, fn := range callees {
		if len(fn.Blocks) == 0 {
			return nil, false
		}
		for _, ret := range Returned(fn, i) {
			values = append(values, ret.Value)
		}
	}
	return values, len(values) > 0
}
