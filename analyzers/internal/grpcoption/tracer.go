package grpcoption

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// Types are names of types of grpc-go that are options: "DialOption".
type Types []string

// Among reports whether t is one of the options, or a slice of them.
func (ts Types) Among(t types.Type) bool {
	option, slice := ts.is(t)
	return option || slice
}

// List reports whether t is a slice of options.
func (ts Types) List(t types.Type) bool {
	_, slice := ts.is(t)
	return slice
}

// Return reports whether a function returns some of the options.
func (ts Types) Return(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if ts.Among(v.Type()) {
			return true
		}
	}
	return false
}

func (ts Types) is(t types.Type) (option, slice bool) {
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Slice:
		option, _ = ts.is(u.Elem())
		return false, option
	case *types.Array:
		option, _ = ts.is(u.Elem())
		return false, option
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && isGRPC(named.Obj()) && slices.Contains(ts, named.Obj().Name()), false
}

// none reports whether t is an option that does nothing, "EmptyDialOption".
func (ts Types) none(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && isGRPC(named.Obj()) && slices.ContainsFunc(ts, func(name string) bool { return "Empty"+name == named.Obj().Name() })
}

func isGRPC(obj types.Object) bool { return obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath }

// A Reader says which options are followed, and what is remembered of them.
type Reader[D any] struct {
	Types Types
	// Fact returns what another package tells about the results of a
	// function.
	Fact func(*types.Func) []Options[D]
	// Remote describes a place of the package for others.
	Remote func(token.Pos) finding.Remote
	// Detail describes a call that makes an option, of that name.
	Detail func(call *ssa.Call, name string) D
}

// A Tracer follows the options of one package.
type Tracer[D any] struct {
	Reader[D]
	flow *flow.Tracer[*list[D]]
}

type trace[D any] = flow.Trace[*list[D]]

// New makes a tracer.
func New[D any](p *program.Program, r Reader[D]) *Tracer[D] {
	t := &Tracer[D]{Reader: r}
	t.flow = flow.New(p, flow.Domain[*list[D]]{
		Unknown: func(ssa.Value) *list[D] { return unknown[D]() },
		Join:    (*list[D]).or,
		Source:  t.source,
		Call:    t.call,
		Param: func(p *ssa.Parameter) *list[D] {
			if !t.Types.Among(p.Type()) {
				return unknown[D]()
			}
			return one(link[D]{option: Option[D]{Sure: true}, param: p})
		},
		Bind: t.bind,
		Return: func(tr trace[D], ret program.Return) (*list[D], bool) {
			if c, ok := ret.Value.(*ssa.Const); ok && c.IsNil() && len(ret.Results) > 1 {
				return nil, false // beside an error
			}
			return tr.Of(ret.Value), true
		},
		Kept: kept[D],
		Seen: t.replaced,
	})
	return t
}

// Of follows an option or a slice of options, in terms of its function's
// parameters.
func (t *Tracer[D]) Of(v ssa.Value) Options[D] {
	return t.settled(t.flow.Of(v), v.Parent()).options(v.Parent())
}

// settled replaces parameters of other functions, which have come by a field,
// say, by what is passed there.
func (t *Tracer[D]) settled(l *list[D], fn *ssa.Function) *list[D] {
	return l.each(func(p *ssa.Parameter) *list[D] {
		if p.Parent() == fn {
			return one(link[D]{option: Option[D]{Sure: true}, param: p})
		}
		return t.flow.Closed(p)
	})
}

// Closed is Of, with what callers pass if all of them are known.
func (t *Tracer[D]) Closed(v ssa.Value) Options[D] { return t.flow.Closed(v).options(v.Parent()) }

// Within is Closed for a value in the function of another package that a call
// runs.
func (t *Tracer[D]) Within(call ssa.CallInstruction, v ssa.Value) Options[D] {
	return t.flow.Within(call, v).options(v.Parent())
}

// Results returns, by result, the options that a function of the package
// returns, without repetition and without their calls; nil if it returns none.
func (t *Tracer[D]) Results(fn *ssa.Function) []Options[D] {
	if !t.Types.Return(fn.Signature) || len(fn.Blocks) == 0 {
		return nil
	}
	results := make([]Options[D], fn.Signature.Results().Len())
	for i := range results {
		if t.Types.Among(fn.Signature.Results().At(i).Type()) {
			options := t.settled(t.flow.Result(fn, i), fn).options(fn)
			results[i] = options.Distinct()
			for j := range results[i].List {
				results[i].List[j].call = nil // a fact may be handed over as it is
			}
		}
	}
	return results
}

// source knows slices, and options that do nothing.
func (t *Tracer[D]) source(tr trace[D], v ssa.Value) (*list[D], bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return none[D](), true
	case *ssa.MakeInterface:
		if t.Types.none(v.X.Type()) {
			return none[D](), true
		}
		return unknown[D](), true // an option of somebody's own
	case *ssa.Alloc:
		return elements(tr, v), true
	case *ssa.MakeSlice:
		return elements(tr, v), true
	case *ssa.Slice:
		switch {
		case v.Low == nil && (v.High == nil || isLength(v.High, v.X)):
			return tr.Of(v.X), true
		case v.Low == nil && isZero(v.High):
			return none[D](), true
		}
		return unknown[D](), true // part of something else
	case *ssa.UnOp:
		at, ok := v.X.(*ssa.IndexAddr)
		if !ok || !t.Types.Among(v.Type()) {
			return nil, false
		}
		if h := tr.Program.Elements(at.X); h.Complete && len(h.Values) == 1 {
			return tr.Of(h.Values[0]), true
		}
		return oneOf(tr.Of(at.X)), true
	}
	return nil, false
}

func isLength(v, of ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && isBuiltin(call, "len") && call.Call.Args[0] == of
}

func isBuiltin(call *ssa.Call, name string) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == name
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Int64() == 0
}

// oneOf is an element of a list, which of them is not known.
func oneOf[D any](l *list[D]) *list[D] {
	if l != nil && l.last.size() == 1 && !l.again && l.last.param == nil {
		return l
	}
	return l.maybe()
}

// elements are what is stored in an array or in a slice that make makes.
// Their order is that of the source.
func elements[D any](tr trace[D], v ssa.Value) *list[D] {
	all, seen := none[D](), make(map[int64]bool)
	for _, user := range *v.Referrers() {
		at, ok := user.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *at.Referrers() {
			switch use := use.(type) {
			case *ssa.Store:
				if use.Addr != at {
					return unknown[D]() // its address is kept
				}
				value := tr.Of(use.Val)
				if index, ok := at.Index.(*ssa.Const); ok && !seen[index.Int64()] {
					seen[index.Int64()] = true
				} else {
					value = value.maybe() // in a loop, or instead of another
				}
				all = all.and(value)
			case *ssa.UnOp, *ssa.DebugRef:
			default:
				return unknown[D]()
			}
		}
	}
	return all
}

// replaced looks at what is stored into elements of a slice: it is there
// instead of what was there before.
func (t *Tracer[D]) replaced(v ssa.Value, l *list[D]) *list[D] {
	if _, slice := t.Types.is(v.Type()); !slice || v.Referrers() == nil {
		return l
	}
	if _, isMake := v.(*ssa.MakeSlice); isMake {
		return l
	}
	for _, user := range *v.Referrers() {
		if at, ok := user.(*ssa.IndexAddr); ok && at.X == v && isStored(at) {
			return l.and(unknown[D]()).maybe()
		}
	}
	return l
}

func isStored(addr ssa.Value) bool {
	return slices.ContainsFunc(*addr.Referrers(), func(user ssa.Instruction) bool {
		store, ok := user.(*ssa.Store)
		return ok && store.Addr == addr
	})
}

// call knows the functions of package grpc, those that put slices together,
// and what other packages tell of theirs.
func (t *Tracer[D]) call(tr trace[D], call *ssa.Call, i int) (*list[D], bool) {
	if isBuiltin(call, "append") {
		return tr.Of(call.Call.Args[0]).and(tr.Of(call.Call.Args[1])), true
	}
	obj := program.CalledObject(&call.Call)
	switch {
	case obj == nil || obj.Pkg() == nil || len(tr.Program.Callees(call)) > 0:
		return nil, false
	case isGRPC(obj):
		if !t.Types.Among(call.Type()) || obj.Signature().Recv() != nil {
			return nil, false
		}
		return one(link[D]{option: Option[D]{
			Name: obj.Name(), Sure: true, Place: t.Remote(call.Pos()), Detail: t.Detail(call, obj.Name()), call: call,
		}}), true
	case obj.Pkg().Path() == "slices":
		switch obj.Name() {
		case "Clone", "Clip", "Grow":
			return tr.Of(call.Call.Args[0]), true
		case "Concat":
			if h := tr.Program.Elements(call.Call.Args[0]); h.Complete {
				all := none[D]()
				for _, v := range h.Values {
					all = all.and(tr.Of(v))
				}
				return all, true
			}
		}
		return nil, false
	}
	if results := t.Fact(obj); i < len(results) {
		return told(tr.Of, call, &results[i])
	}
	return nil, false
}

// told is what another package tells that a call makes options of.
func told[D any](of func(ssa.Value) *list[D], call *ssa.Call, options *Options[D]) (*list[D], bool) {
	l := &list[D]{complete: options.Complete}
	for _, opt := range options.List {
		opt.call, opt.by = nil, call // of a fact that is not encoded, it may be there
		l.last = l.last.with(&link[D]{option: opt}, true)
	}
	args := program.Args(&call.Call)
	for _, p := range options.Params {
		if p >= len(args) {
			return nil, false
		}
		// What the helper adds to is what we pass: func(opts ...) []DialOption.
		l = l.and(of(args[p]))
	}
	return l, true
}

// Told puts what a call passes into what another package tells of the options
// of what the call gives back.
func (t *Tracer[D]) Told(call *ssa.Call, options *Options[D]) Options[D] {
	if l, ok := told(t.flow.Closed, call, options); ok {
		return l.options(call.Parent())
	}
	return Options[D]{}
}

// bind puts what a call passes in the place of parameters.
func (t *Tracer[D]) bind(tr trace[D], l *list[D], call *ssa.Call) *list[D] {
	return l.each(func(p *ssa.Parameter) *list[D] {
		if arg := tr.Arg(call, p); arg != nil {
			return tr.Of(arg)
		}
		return unknown[D]()
	})
}

// kept is what a variable or a field holds. It is there for sure only if the
// one store of it is on every way to the load.
func kept[D any](load ssa.Value, l *list[D], stored program.Held) *list[D] {
	if len(stored.Values) == 1 && surelyStored(stored.Values[0], load) {
		return l
	}
	if l == nil {
		return none[D]() // nothing is put in but what is there
	}
	l = l.maybe()
	return &list[D]{l.last, l.complete, false}
}

// surelyStored: a value is put into a place before a load can read it.
func surelyStored(v, load ssa.Value) bool {
	if v.Referrers() == nil {
		return true // a constant
	}
	read, ok := load.(ssa.Instruction)
	for _, user := range *v.Referrers() {
		if update, ok := user.(*ssa.MapUpdate); ok {
			made, ok := update.Map.(*ssa.MakeMap)
			if ok && made.Block() == update.Block() {
				return true // as part of the literal
			}
		}
		store, isStore := user.(*ssa.Store)
		if !isStore || store.Val != v {
			continue
		}
		at := store.Addr
		if field, isField := at.(*ssa.FieldAddr); isField {
			at = field.X
		}
		made, isLocal := at.(*ssa.Alloc)
		_, isGlobal := at.(*ssa.Global)
		switch {
		case isGlobal && store.Parent().Name() == "init" && store.Parent().Synthetic != "":
			return true
		case isLocal && made.Block() == store.Block():
			return true // as part of the literal
		case ok && store.Parent() == read.Parent() && store.Block().Dominates(read.Block()):
			return true
		}
	}
	return false
}
