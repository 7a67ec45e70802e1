package ctxflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// An origin says where a context comes from.
type origin struct {
	sources []source
	bound   bound
	unknown bool // also comes from somewhere that cannot be followed
	mixed   bool // from a root on one branch, from a parameter on another
	kept    bool // was kept in a field, an element or a package variable
	closed  bool // was captured by a closure, which may run later
	plain   bool // where it was kept there is nothing but a root, for nobody to end
}

// A source is a root, a parameter, or what a parameter returns that is a
// function: its result number result-1.
type source struct {
	root   *Root
	param  *ssa.Parameter
	result int
}

// bound says whether the ways from the sources add a deadline.
type bound int

const (
	unbounded bound = iota
	sometimes
	bounded
)

// maxSources bounds what is told apart: of a context that comes from more
// places nothing is known.
const maxSources = 64

type trace = flow.Trace[*origin]

// newTracer makes what follows the contexts of a package. What is nil comes
// from nowhere.
func (f *follower) newTracer() *flow.Tracer[*origin] {
	return flow.New(f.Program, flow.Domain[*origin]{
		Nothing: new(origin),
		Unknown: func(ssa.Value) *origin { return unknown },
		Join:    join,
		Source: func(t trace, v ssa.Value) (*origin, bool) {
			if _, own := v.(*ssa.MakeInterface); own {
				return unknown, true // a context type of one's own
			}
			if f.isCommandContext(v) {
				return &origin{sources: []source{{root: f.givenRoot(v, CommandLine, "c.Context")}}}, true
			}
			e, ok := entryOf(v)
			if !ok {
				return nil, false
			}
			put := f.put(e)
			if len(put) == 0 {
				return nil, false
			}
			o := *t.Union(put)
			o.kept, o.mixed = true, false
			return &o, true
		},
		Call:    f.call,
		Through: f.through,
		Param:   func(p *ssa.Parameter) *origin { return &origin{sources: []source{{param: p}}} },
		Bind:    bind,
		Edge:    edge,
		Kept:    f.kept,
		Seen: func(v ssa.Value, o *origin) *origin {
			if made, ok := v.(*ssa.Extract); ok && !o.isNothing() && f.cancelledByTimer(made) {
				return o.withDeadline()
			}
			return o
		},
	})
}

var unknown = &origin{unknown: true}

func (o *origin) isNothing() bool {
	return len(o.sources) == 0 && !o.unknown && o.bound == unbounded
}

// join is what comes from either. None of the two is changed.
func join(a, b *origin) *origin {
	if a.isNothing() {
		return b
	}
	if b.isNothing() {
		return a
	}
	joined := &origin{
		sources: slices.Clone(a.sources),
		bound:   a.bound,
		unknown: a.unknown || b.unknown,
		mixed:   a.mixed || b.mixed || a.hasRoot() && b.hasParam() || a.hasParam() && b.hasRoot(),
		kept:    a.kept || b.kept,
		closed:  a.closed || b.closed,
		plain:   a.plain && b.plain,
	}
	if a.bound != b.bound {
		joined.bound = sometimes
	}
	for _, s := range b.sources {
		if !slices.Contains(joined.sources, s) {
			joined.sources = append(joined.sources, s)
		}
	}
	if len(joined.sources) > maxSources {
		return unknown
	}
	return joined
}

func (o *origin) hasRoot() bool {
	return slices.ContainsFunc(o.sources, func(s source) bool { return s.root != nil })
}

func (o *origin) hasParam() bool {
	return slices.ContainsFunc(o.sources, func(s source) bool { return s.param != nil })
}

func (o *origin) withDeadline() *origin {
	changed := *o
	changed.bound = bounded
	return &changed
}

// kept says how a context got to where it is read.
func (f *follower) kept(load ssa.Value, o *origin, stored program.Held) *origin {
	changed := *o
	if program.InLiteral(load) {
		return o // as good as a variable
	}
	if load, ok := load.(*ssa.UnOp); ok {
		switch addr := load.X.(type) {
		case *ssa.Alloc:
			return o
		case *ssa.FieldAddr:
			if owner, ok := addr.X.(*ssa.Alloc); ok && isFilledHere(owner) {
				return o // as good as a variable
			}
			if f.isPassed(addr.X) {
				return o // as good as a parameter
			}
		case *ssa.FreeVar:
			changed.closed = true
			return &changed
		case *ssa.Global:
			changed.plain = !slices.ContainsFunc(stored.Values, func(v ssa.Value) bool { return !f.makesRoot(v) })
		}
	}
	changed.kept, changed.mixed = true, false // the writes are to different objects
	return &changed
}

// makesRoot: a value is context.Background() or its like itself.
func (f *follower) makesRoot(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	obj := program.CalledObject(&call.Call)
	return obj != nil && TransferOf(obj) == MakesRoot
}

// isFilledHere: a struct is made where it is read, is a copy of no other but of
// a composite literal, and goes nowhere: nothing in it is kept for later.
func isFilledHere(owner *ssa.Alloc) bool {
	return !slices.ContainsFunc(*owner.Referrers(), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef:
			return false
		case *ssa.Store:
			if user.Addr != owner {
				return true
			}
			load, ok := user.Val.(*ssa.UnOp)
			if !ok {
				return true
			}
			literal, ok := load.X.(*ssa.Alloc)
			return !ok || literal.Comment != "complit" || literal == owner || !isFilledHere(literal)
		}
		return true
	})
}

// isPassed: a struct is a parameter, and each caller passes one that it makes for
// nothing but the call.
func (f *follower) isPassed(owner ssa.Value) bool {
	if alloc, ok := owner.(*ssa.Alloc); ok {
		stores := f.StoresTo(alloc)
		if len(stores) != 1 {
			return false
		}
		owner = stores[0].Val
	}
	param, ok := owner.(*ssa.Parameter)
	if !ok {
		return false
	}
	passed := f.Passed(param)
	return passed.Complete && !slices.ContainsFunc(passed.Values, func(v ssa.Value) bool {
		if load, ok := v.(*ssa.UnOp); ok {
			v = load.X
		}
		literal, ok := v.(*ssa.Alloc)
		return !ok || literal.Comment != "complit" || slices.ContainsFunc(*literal.Referrers(), func(user ssa.Instruction) bool {
			switch user.(type) {
			case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef, *ssa.Call:
				return false
			}
			return true
		})
	})
}

// edge leaves out two of the values that meet where branches meet:
//
//   - what replaces a nil context (if ctx == nil { ctx = context.Background() })
//     is a guard that callers are not expected to need;
//   - an optional override (ctx := context.Background(); if cfg.Context != nil
//     { ctx = cfg.Context }) leaves the default to those who do not use it.
func edge(t trace, phi *ssa.Phi, i int) (*origin, bool) {
	o := t.Of(phi.Edges[i])
	tested, nonNil := nilTest(phi.Block().Preds[i])
	if tested == nil {
		return o, true
	}
	return o, !(!nonNil && !o.unknown || nonNil && o.unknown && sameLoad(tested, phi.Edges[i]))
}

// nilTest returns the context that a block was entered for, after it was
// compared with nil, and the outcome.
func nilTest(block *ssa.BasicBlock) (tested ssa.Value, nonNil bool) {
	if len(block.Preds) != 1 {
		return nil, false
	}
	before := block.Preds[0]
	test, ok := before.Instrs[len(before.Instrs)-1].(*ssa.If)
	if !ok {
		return nil, false
	}
	cond, ok := test.Cond.(*ssa.BinOp)
	if !ok || !stub.IsContext(cond.X.Type()) {
		return nil, false
	}
	if c, ok := cond.Y.(*ssa.Const); !ok || !c.IsNil() {
		return nil, false
	}
	switch cond.Op {
	case token.EQL:
		return cond.X, before.Succs[1] == block
	case token.NEQ:
		return cond.X, before.Succs[0] == block
	}
	return nil, false
}

// sameLoad: two reads of the same field of the same variable, or the same
// value.
func sameLoad(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok1 := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	if !ok1 || !ok2 || x.Op != token.MUL || y.Op != token.MUL {
		return false
	}
	fx, ok1 := x.X.(*ssa.FieldAddr)
	fy, ok2 := y.X.(*ssa.FieldAddr)
	return ok1 && ok2 && fx.X == fy.X && fx.Field == fy.Field
}

// call knows the functions that make contexts, and those of other packages
// that return one.
func (f *follower) call(t trace, call *ssa.Call, index int) (*origin, bool) {
	obj := program.CalledObject(&call.Call)
	if obj == nil {
		p := t.Parameter(call)
		return &origin{sources: []source{{param: p, result: index + 1}}}, p != nil
	}
	if f.isBoundedBy(obj) {
		return &origin{bound: bounded, unknown: true}, true
	}
	switch TransferOf(obj) {
	case MakesRoot:
		return &origin{sources: []source{{root: f.root(call, obj)}}}, true
	case PassesOn:
		return derived(t, call), true
	case AddsDeadline:
		return derived(t, call).withDeadline(), true
	}
	if summary := f.summaryOf(obj); summary != nil {
		return f.imported(t, call, obj, summary, index)
	}
	if f.addsNoDeadline(obj) {
		return derived(t, call), true
	}
	return nil, false
}

// derived is the origin of a context made from a call's context argument.
func derived(t trace, call *ssa.Call) *origin {
	for _, arg := range call.Common().Args {
		if stub.IsContext(arg.Type()) {
			return t.Of(arg)
		}
	}
	return unknown
}

// through knows the same functions where they are called by a helper that is
// not in sight.
func (f *follower) through(o *origin, name string, helper ssa.CallInstruction, v callback.Value) (*origin, bool) {
	switch transferNamed(name) {
	case MakesRoot:
		r := Result{Index: -1, Param: -1, Root: v.Place, RootIs: shortName(name) + "()"}
		return &origin{sources: []source{{root: f.remoteRoot(r, funckey.Of(program.CalledObject(helper.Common())))}}}, true
	case PassesOn:
		return o, true
	case AddsDeadline:
		return o.withDeadline(), true
	}
	return nil, false
}

// addsNoDeadline judges a function of a package that does not reach grpc-go
// and so has no facts, by its signature: who adds a deadline returns the
// function that releases its timer as well. One that takes a context and
// returns one without it adds a value, a logger, a span.
func (f *follower) addsNoDeadline(obj *types.Func) bool {
	if obj.Pkg() == nil || obj.Pkg() == f.pass.Pkg || isContextPackage(obj.Pkg()) {
		return false
	}
	if told := f.known.Of(obj); told != nil && !told.Apart {
		return false
	}
	if stub.Reaches(obj.Pkg()) {
		return false // its fact is missing
	}
	sig := obj.Signature()
	contexts := 0
	for p := range sig.Params().Variables() {
		if stub.IsContext(p.Type()) {
			contexts++
		}
	}
	if contexts != 1 || sig.Results().Len() == 0 || !stub.IsContext(sig.Results().At(0).Type()) {
		return false
	}
	for r := range sig.Results().Variables() {
		if _, isFunc := r.Type().Underlying().(*types.Signature); isFunc {
			return false
		}
	}
	return true
}

func isContextPackage(pkg *types.Package) bool {
	return pkg.Path() == "context" || pkg.Path() == "golang.org/x/net/context"
}

// bind replaces parameters by what a caller passes for them.
func bind(t trace, o *origin, call *ssa.Call) *origin {
	if !o.hasParam() {
		return o
	}
	bound := new(origin)
	for _, s := range o.sources {
		from := &origin{sources: []source{s}}
		if s.param != nil {
			switch arg := t.Arg(call, s.param); {
			case arg == s.param: // of a function around a closure
			case arg == nil || s.result > 0:
				from = unknown
			default:
				from = t.Of(arg)
			}
		}
		bound = join(bound, from)
	}
	result := *bound
	if o.bound != unbounded {
		result.bound = o.bound
	}
	result.unknown = result.unknown || o.unknown
	result.mixed = result.mixed || o.mixed
	result.kept = result.kept || o.kept
	result.closed = result.closed || o.closed
	result.plain = result.plain || o.plain && !bound.kept
	return &result
}

// imported is the origin of a context that a function of another package
// returns, by that package's fact; false if that says nothing of it.
func (f *follower) imported(t trace, call *ssa.Call, obj *types.Func, summary *FuncSummary, index int) (*origin, bool) {
	joined, some := new(origin), false
	for _, r := range summary.Results {
		if r.Index != index {
			continue
		}
		o := unknown
		if r.Param < 0 {
			o = &origin{sources: []source{{root: f.remoteRoot(r, funckey.Of(obj))}}}
		} else if arg := program.SignatureArg(call, r.Param); arg != nil {
			o = t.Of(arg)
		}
		if r.Bounded {
			o = o.withDeadline()
		}
		joined, some = join(joined, o), true
	}
	return joined, some
}

// root and remoteRoot give every root one identity.
func (f *follower) root(call *ssa.Call, obj *types.Func) *Root {
	r := f.roots[call]
	if r == nil {
		name := obj.Pkg().Name() + "." + obj.Name() + "()"
		if obj.Signature().Recv() != nil {
			name = "cmd." + obj.Name() + "()"
		}
		r = &Root{Call: call, Is: name}
		f.roots[call] = r
	}
	return r
}

func (f *follower) remoteRoot(r Result, in string) *Root {
	known := f.remote[r]
	if known == nil {
		known = &Root{Remote: r.Root, Is: r.RootIs, In: in, Command: r.Command, Stored: r.Stored}
		f.remote[r] = known
	}
	return known
}

// isBoundedBy: the user says that what this function returns, or calls
// back with, has a deadline.
func (f *follower) isBoundedBy(obj *types.Func) bool {
	return obj.Pkg() != nil && slices.Contains(f.boundedBy, obj.Pkg().Path()+"."+funckey.Of(obj))
}

// summaryOf returns the summary of a function of another package.
func (f *follower) summaryOf(obj *types.Func) *FuncSummary {
	if told := f.known.Of(obj); told != nil && obj.Pkg() != f.pass.Pkg {
		return told.Funcs.Of(obj)
	}
	return nil
}
