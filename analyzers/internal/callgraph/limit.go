package callgraph

import (
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// A limit says how long a context lets calls take. The zero limit is that of
// no context.
type limit struct {
	caller  bool // it is, or is derived from, one that the function was given
	root    bool // from context.Background() or its like
	unknown bool // from somewhere that cannot be followed

	// bounded: a deadline was put on, on each way that leads here. It is at
	// most as far away as timeout, 0 if that is no constant.
	bounded bool
	timeout time.Duration
	at      *ssa.Call // which adds the timeout
}

type trace = flow.Trace[*limit]

func newLimits(p *program.Program) *flow.Tracer[*limit] {
	return flow.New(p, flow.Domain[*limit]{
		Nothing: new(limit),
		Unknown: func(ssa.Value) *limit { return &limit{unknown: true} },
		Join:    join,
		Call:    call,
		Param:   func(*ssa.Parameter) *limit { return &limit{caller: true} },
		Bind:    bind,
	})
}

// join is what comes from either: what may take longer counts.
func join(a, b *limit) *limit {
	switch {
	case *a == (limit{}):
		return b
	case *b == (limit{}):
		return a
	}
	joined := limit{caller: a.caller || b.caller, root: a.root || b.root, unknown: a.unknown || b.unknown, bounded: a.bounded && b.bounded}
	if longer := longer(a, b); joined.bounded {
		joined.timeout, joined.at = longer.timeout, longer.at
	}
	return &joined
}

func longer(a, b *limit) *limit {
	if a.timeout == 0 || b.timeout != 0 && a.timeout >= b.timeout {
		return a
	}
	return b
}

// call knows what known functions make of a context, and what a stream's context
// is.
func call(t trace, call *ssa.Call, _ int) (*limit, bool) {
	obj := program.CalledObject(&call.Call)
	if obj == nil {
		return nil, false
	}
	switch ctxflow.TransferOf(obj) {
	case ctxflow.MakesRoot:
		return &limit{root: true}, true
	case ctxflow.PassesOn:
		return derived(t, call), true
	case ctxflow.AddsDeadline:
		from := *derived(t, call)
		if d, constant := program.Duration(call.Call.Args[1]); constant && d > 0 && (!from.bounded || from.timeout == 0 || d < from.timeout) {
			from.timeout, from.at = d, call
		}
		from.bounded = true
		return &from, true
	}
	switch {
	case codeflow.Qualified(obj) == "context.WithoutCancel":
		return &limit{root: true}, true
	case call.Call.IsInvoke() && obj.Name() == "Context":
		_, given := call.Call.Value.(*ssa.Parameter) // a stream
		return &limit{caller: given, unknown: !given}, true
	}
	return nil, false
}

// bind puts in what a caller passes for the context that a function returns a
// child of.
func bind(t trace, l *limit, call *ssa.Call) *limit {
	if !l.caller {
		return l
	}
	passed, bound := derived(t, call), *l
	bound.caller, bound.root, bound.unknown = passed.caller, l.root || passed.root, l.unknown || passed.unknown
	if passed.bounded && (!l.bounded || longer(l, passed) == l) {
		bound.bounded, bound.timeout, bound.at = true, passed.timeout, passed.at
	}
	return &bound
}

// derived is the limit of the contexts that a call passes.
func derived(t trace, call *ssa.Call) *limit {
	passed := new(limit)
	for _, arg := range call.Call.Args {
		if stub.IsContext(arg.Type()) {
			passed = join(passed, t.Of(arg))
		}
	}
	return passed
}

// tell is the limit as other packages get to know it.
func (w *walker) tell(l *limit) report.Context {
	c := report.Context{Caller: l.caller, Root: l.root, Unknown: l.unknown, Bounded: l.bounded, Timeout: l.timeout}
	if l.at == nil {
		return c
	}
	c.In = program.NameOf(l.at.Parent())
	if expr := w.CallExpr(l.at); expr != nil && len(expr.Args) > 1 {
		at := expr.Args[1]
		c.At = finding.RemoteAt(w.pass.Fset, w.pass.Pkg.Path(), at.Pos(), at.End())
		c.Ignored = w.directives.Ignores(w.pass.Fset, rule.MustLookup("deadline/inverted"), at.Pos())
	}
	return c
}
