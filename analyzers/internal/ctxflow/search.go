package ctxflow

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// search is the result of following all sinks of a package backwards.
type search struct {
	paths   []Path
	calls   []InterfaceCall
	reaches map[source][]reach
}

// A reach is what a parameter arrives at.
type reach struct {
	sink    *sink
	chain   []string
	bounded bool
	ignored RuleSet
	links   []token.Pos // the calls at which directives were asked
	direct  bool
	// kept is the call that takes the context from where it was kept, a
	// field or a package variable, and param its place there.
	kept *keptUse
}

// A keptUse is the use of a context that was kept for later.
type keptUse struct {
	call ssa.CallInstruction
	ctx  ssa.Value
}

// Limits of what is kept. They bound the size of facts and the time spent
// on code with very many RPCs; what is beyond them is not reported.
const (
	maxReaches = 6  // per parameter
	maxChain   = 10 // functions between root and RPC
)

func (f *follower) search() *search {
	s := &search{reaches: make(map[source][]reach)}
	for _, sink := range f.sinks() {
		f.follow(s, sink)
	}
	s.paths = append(s.paths, f.implementations(s)...)
	return s
}

// follow walks from a sink back to the roots and parameters that its
// context comes from, breadth first, so that the shortest chain comes first.
func (f *follower) follow(s *search, sink *sink) {
	type step struct {
		supply
		reach
	}
	first := step{supply{sink.call, sink.ctx, f.contexts.Of(sink.ctx)}, reach{
		sink: sink, chain: sink.chain, bounded: sink.bounded, ignored: sink.ignored, direct: sink.direct,
	}}
	ignoredAt := func(pos token.Pos) RuleSet {
		if sink.iface != nil {
			return 0 // may be no RPC at all: a directive there is not for us
		}
		return f.ignoredAt(pos)
	}
	first.ignored |= ignoredAt(sink.call.Pos())
	first.links = []token.Pos{sink.call.Pos()}
	queue := []step{first}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at.o.unknown {
			continue
		}
		r := at.reach
		r.bounded = r.bounded || at.o.bound != unbounded
		_, ordinary := at.call.(*ssa.Call)
		r.direct = r.direct && ordinary && (!at.o.kept || at.o.plain) && !at.o.closed
		if at.o.kept && r.kept == nil {
			r.kept = &keptUse{at.call, at.ctx}
		}
		// A parameter beside a root (ctx := parent; if x { ctx =
		// context.Background() }) is followed; the root is not: who
		// wrote it meant the branch.
		for _, src := range at.o.sources {
			if src.root != nil {
				if !at.o.mixed {
					f.arrive(s, src.root, at.call, at.ctx, r)
				}
				continue
			}
			if !s.add(src, r) {
				continue // known already
			}
			fn := src.param.Parent()
			if root := f.givenBy(src); root != nil {
				f.arrive(s, root, at.call, at.ctx, r)
			}
			next := r
			next.chain = append([]string{funcName(fn)}, r.chain...)
			if len(next.chain) > maxChain {
				continue
			}
			for _, from := range f.origins(src) {
				if f.inTest(from.call.Pos()) {
					continue
				}
				up := next
				up.ignored |= ignoredAt(from.call.Pos())
				up.links = append(slices.Clip(up.links), from.call.Pos())
				up.direct = up.direct && from.ctx != nil // else it runs when the helper says
				queue = append(queue, step{from, up})
			}
		}
	}
}

// add notes what a parameter reaches. It reports false if that, or enough
// else, is known already.
func (s *search) add(p source, r reach) bool {
	for _, known := range s.reaches[p] {
		if known.sink == r.sink && known.bounded == r.bounded && known.direct == r.direct && known.ignored == r.ignored {
			return false
		}
	}
	if len(s.reaches[p]) >= 4*maxReaches {
		return false
	}
	s.reaches[p] = append(s.reaches[p], r)
	return true
}

// A supply is a call that passes a context.
type supply struct {
	call ssa.CallInstruction
	ctx  ssa.Value // nil if the call hands a function to who passes or asks for it
	o    *origin
}

// origins are the ways in which a parameter, or what it returns, gets its value.
func (f *follower) origins(src source) []supply {
	if list, known := f.supplies[src]; known {
		return list
	}
	var list []supply
	p := src.param
	sites, _ := f.Callers(p.Parent())
	for _, site := range sites {
		arg := f.ArgOf(site, p)
		switch {
		case arg == nil:
		case src.result == 0:
			list = append(list, supply{site, arg, f.contexts.Of(arg)})
		default:
			if o, ok := f.contexts.ResultOf(arg, src.result-1); ok {
				list = append(list, supply{site, nil, o})
			}
		}
	}
	if src.result > 0 {
		f.supplies[src] = list
		return list
	}
	for _, h := range f.Handed(p.Parent()) {
		list = append(list, supply{h.Call, nil, f.contexts.Given(h, p)})
	}
	f.supplies[src] = list
	return list
}

// arrive notes a path from a root.
func (f *follower) arrive(s *search, root *Root, from ssa.CallInstruction, fromArg ssa.Value, r reach) {
	if root.Call != nil && f.inTest(root.Call.Pos()) {
		return
	}
	if r.sink.iface != nil {
		if root.Call == nil {
			return // the package that makes the root tells by itself, or a framework does
		}
		atRoot := f.ignoredAt(root.Call.Pos())
		f.use(atRoot, root.Call.Pos()) // who implements it is told of it
		s.calls = append(s.calls, InterfaceCall{
			Package: r.sink.iface.Pkg().Path(), Interface: r.sink.iface.Name(), Method: r.sink.method,
			Arg: r.sink.arg, Bounded: r.bounded, Root: f.remoteOf(root), RootIs: root.Is,
			In: funcName(root.Call.Parent()), Command: f.life.InCommand(root.Call.Parent().Pos()), Ignored: r.ignored | atRoot,
		})
		return
	}
	p := Path{
		Root: *root, From: from, FromArg: fromArg, RPC: r.sink.rpc, Call: r.sink.call, Arg: r.sink.ctx, Chain: r.chain,
		Bounded: r.bounded, Ignored: r.ignored, Links: r.links, Direct: r.direct,
	}
	p.Command = root.Command || f.life.InCommand(from.Parent().Pos()) || root.Call != nil && f.life.InCommand(root.Call.Parent().Pos())
	if r.kept != nil && r.kept.ctx != nil {
		p.Call, p.Arg, p.Kept = r.kept.call, r.kept.ctx, true
	}
	s.paths = append(s.paths, p)
}

// ignoredAt asks the directives at a link of a path. They are of use only if
// the path turns out to be one that a rule would report.
func (f *follower) ignoredAt(pos token.Pos) RuleSet {
	var ignored RuleSet
	for set, id := range ids {
		if f.directives.WouldIgnore(f.pass.Fset, rule.MustLookup(id), pos) {
			ignored |= set
		}
	}
	return ignored
}

// stop notes that directives were of use, because importers, who may call
// with any context, are told of them.
func (f *follower) stop(r *reach) {
	relevant := Detached
	if !r.bounded {
		if r.sink.rpc.WaitForReady {
			relevant |= WaitForReady
		}
		if !r.sink.rpc.Stream {
			relevant |= Missing
		}
	}
	f.use(r.ignored&relevant, r.links...)
}

// use marks the directives that silence rules at the links of a path.
func (f *follower) use(rules RuleSet, links ...token.Pos) {
	for set, id := range ids {
		if rules&set == 0 {
			continue
		}
		for _, pos := range links {
			f.directives.Ignores(f.pass.Fset, rule.MustLookup(id), pos)
		}
	}
}

// funcName names a function as a reader of its code would: "fetch",
// "(*Client).Get", "main.func1" for a literal.
func funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return funcName(fn.Parent()) + "." + strings.TrimPrefix(fn.Name(), fn.Parent().Name()+"$")
	}
	recv := fn.Signature.Recv()
	if recv == nil {
		return fn.Name()
	}
	return strings.TrimPrefix(types.TypeString(recv.Type(), func(*types.Package) string { return "" }), "*") + "." + fn.Name()
}

// sortedCalls returns the calls of interface methods, each once.
func (s *search) sortedCalls() []InterfaceCall {
	slices.SortStableFunc(s.calls, func(a, b InterfaceCall) int {
		return cmp.Or(
			strings.Compare(a.Package, b.Package), strings.Compare(a.Interface, b.Interface), strings.Compare(a.Method, b.Method),
			strings.Compare(a.Root.File, b.Root.File), a.Root.Line-b.Root.Line, a.Root.Column-b.Root.Column,
		)
	})
	return slices.Compact(s.calls)
}

// remoteOf describes a root's place to importers.
func (f *follower) remoteOf(r *Root) finding.Remote {
	if r.Call == nil {
		return r.Remote
	}
	return f.remotePlace(r.Call)
}

// remotePlace describes the place of a call to importers.
func (f *follower) remotePlace(call ssa.CallInstruction) finding.Remote {
	return finding.RemoteAt(f.pass.Fset, f.pass.Pkg.Path(), f.CallPos(call), token.NoPos)
}
