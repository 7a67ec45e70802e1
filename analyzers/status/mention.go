package status

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A mention says which errors a text is made of, or an error that holds it.
type mention struct {
	errs    []ssa.Value // what calls returned, choices of that, and parameters
	unknown bool        // there may be others
}

func (m mention) join(other mention) mention {
	const most = 8
	joined := mention{slices.Clip(m.errs), m.unknown || other.unknown}
	for _, err := range other.errs {
		if !slices.Contains(joined.errs, err) {
			joined.errs = append(joined.errs, err)
		}
	}
	if len(joined.errs) > most {
		return mention{unknown: true}
	}
	return joined
}

// newMentionTracer makes what follows texts and errors to the errors that are
// in them.
func newMentionTracer(f *errflow.Flow) *flow.Tracer[mention] {
	p := f.Program
	itself := func(v ssa.Value) mention {
		if v == nil || !isError(v.Type()) {
			return mention{unknown: v == nil}
		}
		return mention{errs: []ssa.Value{v}}
	}
	all := func(t flow.Trace[mention], values []ssa.Value) mention {
		var m mention
		for _, v := range values {
			m = m.join(t.Of(v))
		}
		return m
	}
	return flow.New(p, flow.Domain[mention]{
		Unknown: itself,
		Bodies:  true,
		Join:    mention.join,
		Param:   func(p *ssa.Parameter) mention { return mention{errs: []ssa.Value{p}} },
		Source: func(t flow.Trace[mention], v ssa.Value) (mention, bool) {
			switch v := v.(type) {
			case *ssa.Phi:
				return itself(v), isError(v.Type())
			case *ssa.BinOp:
				return all(t, []ssa.Value{v.X, v.Y}), true
			case *ssa.Slice:
				elements := p.Elements(v)
				return all(t, elements.Values).join(mention{unknown: !elements.Complete}), true
			}
			return mention{}, !mayHoldError(v.Type())
		},
		Call: func(t flow.Trace[mention], call *ssa.Call, i int) (mention, bool) {
			if err := textOf(call); err != nil {
				return t.Of(err), true
			}
			fn, args := calledFunc(call), call.Call.Args
			switch {
			case isFunc(fn, "fmt", "Sprint", "Sprintf", "Sprintln", "Errorf"):
				return all(t, args), true
			case makesStatus(fn) || isFunc(fn, statusPath, "New", "Newf"):
				return all(t, args[1:]), true
			case fn != nil && isStatusMethod(fn):
				return t.Of(args[0]), true
			}
			result := program.Result(call, i)
			if fn == nil || result == nil || !isError(result.Type()) || isMadeStatus(f.Of(result)) {
				return mention{}, false
			}
			return itself(result), true
		},
		Bind: func(t flow.Trace[mention], m mention, call *ssa.Call) mention {
			bound := mention{unknown: m.unknown}
			for _, err := range m.errs {
				p, ok := err.(*ssa.Parameter)
				switch {
				case !ok:
					bound = bound.join(mention{errs: []ssa.Value{err}})
				case t.Arg(call, p) == nil:
					bound.unknown = true
				default:
					bound = bound.join(t.Of(t.Arg(call, p)))
				}
			}
			return bound
		},
	})
}

// isMadeStatus: an error is made of texts, wherever that is.
func isMadeStatus(o *errflow.Origin) bool {
	return len(o.Sources) > 0 && !slices.ContainsFunc(o.Sources, func(s errflow.Source) bool { return s.Kind != errflow.Status })
}

// mayHoldError: values of a type may be errors, or texts of some.
func mayHoldError(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Slice:
		return mayHoldError(u.Elem())
	case *types.Tuple:
		return true
	}
	return isString(t) || isStatus(t)
}

// mentionedIn returns the errors in texts and other values. What a function's
// own parameter holds that is no error, is not seen.
func (b *blamer) mentionedIn(values []ssa.Value) mention {
	var m mention
	for _, v := range values {
		m = m.join(b.mentions.Of(v))
	}
	return m
}

// named returns the error that is in a variable, if that is one.
func (b *blamer) named(err ssa.Value) ssa.Value {
	if m := b.mentions.Of(err); len(m.errs) == 1 && !m.unknown && errflow.ContextError(err) == "" {
		return m.errs[0]
	}
	return err
}
