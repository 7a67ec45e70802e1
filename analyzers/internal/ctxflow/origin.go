package ctxflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
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
	kept    bool // was kept in a field or a package variable
	closed  bool // was captured by a closure, which may run later
}

// A source is a root or a parameter.
type source struct {
	root  *Root
	param *ssa.Parameter
}

// bound says whether the ways from the sources add a deadline.
type bound int

const (
	unbounded bound = iota
	sometimes
	bounded
)

var unknownOrigin = &origin{unknown: true}

// maxSources bounds what is told apart: of a context that comes from more
// places nothing is known.
const maxSources = 64

// origins remembers what is known of values, of what variables, fields and
// package variables hold, and of the results of functions. What depends on
// itself, through a loop or recursion, contributes nothing to itself.
type origins struct {
	memo *budget.Memo[any, *origin]

	roots  map[ssa.CallInstruction]*Root
	remote map[Result]*Root
}

func newOrigins(meter *budget.Meter) origins {
	return origins{
		memo:  budget.NewMemo[any](meter, new(origin), unknownOrigin),
		roots: make(map[ssa.CallInstruction]*Root), remote: make(map[Result]*Root),
	}
}

type resultKey struct {
	fn    *ssa.Function
	index int
}

func (f *flow) originOf(v ssa.Value) *origin {
	return f.origins.memo.Of(v, func() *origin { return f.derive(v) })
}

// derive computes the origin of one value from those of its operands.
func (f *flow) derive(v ssa.Value) *origin {
	switch v := v.(type) {
	case *ssa.Parameter:
		return &origin{sources: []source{{param: v}}}
	case *ssa.Call:
		return f.callResult(v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return f.callResult(call, v.Index)
		}
		return unknownOrigin // from a map, a channel or a type assertion
	case *ssa.Phi:
		return f.phi(v)
	case *ssa.ChangeInterface:
		return f.originOf(v.X)
	case *ssa.ChangeType:
		return f.originOf(v.X)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return f.load(v.X)
		}
		return unknownOrigin // received from a channel
	case *ssa.Field:
		return f.field(fieldOf(v.X.Type(), v.Field))
	}
	return unknownOrigin // nil, a context type of one's own, an element
}

// phi joins the values that meet where branches meet, but for two:
//
//   - what replaces a nil context (if ctx == nil { ctx = context.Background() })
//     is a guard that callers are not expected to need;
//   - an optional override (ctx := context.Background(); if cfg.Context != nil
//     { ctx = cfg.Context }) leaves the default to those who do not use it.
func (f *flow) phi(phi *ssa.Phi) *origin {
	var joined *origin
	for i, edge := range phi.Edges {
		o := f.originOf(edge)
		if tested, nonNil := nilTest(phi.Block().Preds[i]); tested != nil {
			if !nonNil && !o.unknown || nonNil && o.unknown && sameLoad(tested, edge) {
				continue
			}
		}
		joined = join(joined, o)
	}
	if joined == nil {
		return unknownOrigin
	}
	return joined
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
	if !ok || !isNil(cond.Y) || !stub.IsContext(cond.X.Type()) {
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

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

func join(a, b *origin) *origin {
	if a == nil || len(a.sources) == 0 && !a.unknown && a.bound == unbounded {
		return b
	}
	if len(b.sources) == 0 && !b.unknown && b.bound == unbounded {
		return a
	}
	joined := &origin{
		sources: slices.Clone(a.sources),
		bound:   a.bound,
		unknown: a.unknown || b.unknown,
		kept:    a.kept || b.kept,
		closed:  a.closed || b.closed,
	}
	if a.bound != b.bound {
		joined.bound = sometimes
	}
	joined.mixed = a.mixed || b.mixed || a.hasRoot() && b.hasParam() || a.hasParam() && b.hasRoot()
	for _, s := range b.sources {
		if !slices.Contains(joined.sources, s) {
			joined.sources = append(joined.sources, s)
		}
	}
	if len(joined.sources) > maxSources {
		return unknownOrigin
	}
	return joined
}

func (o *origin) hasRoot() bool {
	return slices.ContainsFunc(o.sources, func(s source) bool { return s.root != nil })
}

func (o *origin) hasParam() bool {
	return slices.ContainsFunc(o.sources, func(s source) bool { return s.param != nil })
}

// load is the origin of what an address holds.
func (f *flow) load(addr ssa.Value) *origin {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		return f.field(fieldOf(addr.X.Type(), addr.Field))
	case *ssa.Global:
		if addr.Pkg == nil || addr.Pkg.Pkg != f.pass.Pkg || token.IsExported(addr.Name()) {
			return unknownOrigin // others may write it
		}
		return f.kept(f.index.globals[addr])
	case *ssa.Alloc, *ssa.FreeVar:
		c := f.localCell(addr)
		if c == nil {
			return unknownOrigin
		}
		o := f.cell(c)
		if _, free := addr.(*ssa.FreeVar); free && !o.closed {
			captured := *o
			captured.closed = true
			return &captured
		}
		return o
	}
	return unknownOrigin // an element of a slice or an array
}

// field is the origin of a struct's context field: of everything that this
// package stores there, if nobody else can store to it.
func (f *flow) field(field *types.Var) *origin {
	if field.Pkg() != f.pass.Pkg || field.Exported() {
		return unknownOrigin
	}
	return f.kept(f.index.fields[field])
}

func (f *flow) kept(c *cell) *origin {
	o := f.cell(c)
	if o.kept {
		return o
	}
	kept := *o
	kept.kept = true
	kept.mixed = false // the writes are to different objects
	return &kept
}

func (f *flow) cell(c *cell) *origin {
	if c == nil || c.escapes || len(c.stored) == 0 {
		return unknownOrigin
	}
	return f.origins.memo.Of(c, func() *origin {
		var joined *origin
		for _, v := range c.stored {
			joined = join(joined, f.originOf(v))
		}
		return joined
	})
}

// callResult is the origin of result number index of a call.
func (f *flow) callResult(call *ssa.Call, index int) *origin {
	obj := calledObject(call)
	if obj != nil {
		if f.isBoundedBy(obj) {
			return &origin{bound: bounded, unknown: true}
		}
		switch transferOf(obj) {
		case makesRoot:
			return &origin{sources: []source{{root: f.root(call, obj)}}}
		case passesOn:
			return f.derived(call, cancelledByTimer(call))
		case addsDeadline:
			return f.derived(call, true)
		}
		if fact := f.summaryOf(obj); fact != nil {
			return f.imported(call, fact, index)
		}
	}
	if obj != nil && f.addsNoDeadline(obj) {
		return f.derived(call, false)
	}
	if call.Common().IsInvoke() {
		return unknownOrigin
	}
	fn, shift := f.function(call.Common().Value)
	if fn == nil {
		return unknownOrigin // a function of another package, or an unknown one
	}
	return f.substitute(f.result(fn, index), func(p *ssa.Parameter) ssa.Value {
		if p.Parent() != fn {
			return p // of a function around a closure
		}
		return argument(call, p, shift)
	})
}

// addsNoDeadline judges a function of a package that does not reach grpc-go
// and so has no facts, by its signature: who adds a deadline returns the
// function that releases its timer as well. One that takes a context and
// returns one without it adds a value, a logger, a span.
func (f *flow) addsNoDeadline(obj *types.Func) bool {
	if obj.Pkg() == nil || obj.Pkg() == f.pass.Pkg || f.facts[obj.Pkg().Path()] != nil || isContextPackage(obj.Pkg()) {
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

// derived is the origin of a context made from a call's context argument.
func (f *flow) derived(call *ssa.Call, addsDeadline bool) *origin {
	for _, arg := range call.Common().Args {
		if !stub.IsContext(arg.Type()) {
			continue
		}
		o := f.originOf(arg)
		if addsDeadline {
			o = withBound(o, bounded)
		}
		return o
	}
	return unknownOrigin
}

func withBound(o *origin, b bound) *origin {
	if o.bound == b || b == unbounded {
		return o
	}
	changed := *o
	changed.bound = b
	return &changed
}

// result is the origin of what a function returns, in its own parameters.
func (f *flow) result(fn *ssa.Function, index int) *origin {
	return f.origins.memo.Of(resultKey{fn, index}, func() *origin {
		var joined *origin
		for _, block := range fn.Blocks {
			ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
			if !ok || index >= len(ret.Results) || isNil(ret.Results[index]) {
				continue // (nil, err)
			}
			joined = join(joined, f.originOf(ret.Results[index]))
		}
		if joined == nil {
			joined = unknownOrigin
		}
		return joined
	})
}

// substitute replaces parameters by what a caller passes for them.
func (f *flow) substitute(o *origin, argument func(*ssa.Parameter) ssa.Value) *origin {
	var joined *origin
	for _, s := range o.sources {
		var from *origin
		if s.root != nil {
			from = &origin{sources: []source{s}}
		} else {
			switch arg := argument(s.param); arg {
			case nil:
				from = unknownOrigin
			case s.param:
				from = &origin{sources: []source{s}}
			default:
				from = f.originOf(arg)
			}
		}
		joined = join(joined, from)
	}
	if joined == nil {
		return o
	}
	result := *withBound(joined, o.bound)
	result.unknown = result.unknown || o.unknown
	result.mixed = result.mixed || o.mixed
	result.kept = result.kept || o.kept
	result.closed = result.closed || o.closed
	return &result
}

// imported is the origin of a context that a function of another package
// returns, by that package's fact.
func (f *flow) imported(call *ssa.Call, summary *FuncSummary, index int) *origin {
	var joined *origin
	for _, r := range summary.Results {
		if r.Index != index {
			continue
		}
		var o *origin
		if r.Param < 0 {
			o = &origin{sources: []source{{root: f.remoteRoot(r, summary.Key)}}}
		} else if arg := program.SignatureArg(call, r.Param); arg != nil {
			o = f.originOf(arg)
		} else {
			o = unknownOrigin
		}
		if r.Bounded {
			o = withBound(o, bounded)
		}
		joined = join(joined, o)
	}
	if joined == nil {
		return unknownOrigin
	}
	return joined
}

// root and remoteRoot give every root one identity.
func (f *flow) root(call *ssa.Call, obj *types.Func) *Root {
	r := f.origins.roots[call]
	if r == nil {
		name := obj.Pkg().Name() + "." + obj.Name() + "()"
		if obj.Signature().Recv() != nil {
			name = "cmd." + obj.Name() + "()"
		}
		r = &Root{Call: call, Is: name}
		f.origins.roots[call] = r
	}
	return r
}

func (f *flow) remoteRoot(r Result, in string) *Root {
	known := f.origins.remote[r]
	if known == nil {
		known = &Root{Remote: r.Root, Is: r.RootIs, In: in, Command: r.Command}
		f.origins.remote[r] = known
	}
	return known
}

// isBoundedBy: the user says that what this function returns, or calls
// back with, has a deadline.
func (f *flow) isBoundedBy(obj *types.Func) bool {
	return obj.Pkg() != nil && slices.Contains(f.boundedBy, obj.Pkg().Path()+"."+funckey.Of(obj))
}

// summaryOf returns the summary of a function of another package.
func (f *flow) summaryOf(obj *types.Func) *FuncSummary {
	if obj.Pkg() == nil || obj.Pkg() == f.pass.Pkg {
		return nil
	}
	fact := f.facts[obj.Pkg().Path()]
	if fact == nil {
		return nil
	}
	return fact.find(funckey.Of(obj))
}
