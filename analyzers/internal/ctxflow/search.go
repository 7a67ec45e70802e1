package ctxflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/rule"
)

// A sink is a call in this package at which a context leaves our sight: an
// RPC, a function of another package that makes one, or a method of an
// interface whose implementation may.
type sink struct {
	call    ssa.CallInstruction
	ctx     ssa.Value
	rpc     RPC // FullMethod is "" for an interface's method
	chain   []string
	bounded bool
	ignored RuleSet

	iface  *types.TypeName // for an interface's method
	method string
	arg    int
}

// search is the result of following all sinks of a package backwards.
type search struct {
	paths   []Path
	calls   []InterfaceCall
	reaches map[*ssa.Parameter][]reach
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

func (f *flow) search() *search {
	s := &search{reaches: make(map[*ssa.Parameter][]reach)}
	for _, sink := range f.sinks() {
		f.follow(s, sink)
	}
	s.paths = append(s.paths, f.implementations(s)...)
	return s
}

// sinks lists the sinks of the package in source order.
func (f *flow) sinks() []*sink {
	var sinks []*sink
	for instr := range f.instructions() {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || f.inTest(call.Pos()) {
			continue
		}
		if fn, _ := call.Parent().Object().(*types.Func); fn != nil && f.stubs.RPC(fn) != nil {
			continue // inside a generated stub: its callers make the RPC
		}
		sinks = append(sinks, f.sinksAt(call)...)
	}
	return sinks
}

func (f *flow) sinksAt(call ssa.CallInstruction) []*sink {
	obj := calledObject(call)
	if obj == nil {
		return nil
	}
	at := f.remotePlace(call)
	if m := f.stubs.RPC(obj); m != nil {
		rpc := RPC{FullMethod: m.FullMethod, Stream: !m.Unary(), WaitForReady: waitsForReady(call), At: at}
		return f.localSink(call, rpc)
	}
	if m := invokedMethod(call, obj); m != "" {
		return f.localSink(call, RPC{FullMethod: m, WaitForReady: waitsForReady(call), At: at})
	}
	if summary := f.summaryOf(obj); summary != nil {
		var sinks []*sink
		for _, r := range summary.Reaches {
			if ctx := signatureArg(call, r.Param); ctx != nil {
				sinks = append(sinks, &sink{call: call, ctx: ctx, rpc: r.RPC, chain: r.Chain, bounded: r.Bounded, ignored: r.Ignored})
			}
		}
		return sinks
	}
	if call.Common().IsInvoke() {
		return f.interfaceSink(call)
	}
	return nil
}

func (f *flow) localSink(call ssa.CallInstruction, rpc RPC) []*sink {
	ctx := signatureArg(call, 0)
	if ctx == nil || !stub.IsContext(ctx.Type()) {
		return nil // a method expression
	}
	return []*sink{{call: call, ctx: ctx, rpc: rpc, bounded: covers(f.connDeadline, &rpc)}}
}

// invokedMethod: a direct conn.Invoke(ctx, "/package.Service/Method", ...).
func invokedMethod(call ssa.CallInstruction, obj *types.Func) string {
	if obj.Name() != "Invoke" || obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath || obj.Signature().Recv() == nil {
		return ""
	}
	c, ok := signatureArg(call, 1).(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return ""
	}
	return constant.StringVal(c.Value)
}

// waitsForReady: the call has the option grpc.WaitForReady(true), or
// grpc.FailFast(false), its former name.
func waitsForReady(call ssa.CallInstruction) bool {
	args := call.Common().Args
	options, _ := elements(args[len(args)-1])
	for _, v := range options {
		option, ok := v.(*ssa.Call)
		if !ok {
			continue
		}
		obj := calledObject(option)
		if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath || len(option.Call.Args) != 1 {
			continue
		}
		c, ok := option.Call.Args[0].(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Bool {
			continue
		}
		value := constant.BoolVal(c.Value)
		if obj.Name() == "WaitForReady" && value || obj.Name() == "FailFast" && !value {
			return true
		}
	}
	return false
}

// interfaceSink: a method of a named interface is called with a context.
func (f *flow) interfaceSink(call ssa.CallInstruction) []*sink {
	common := call.Common()
	named, ok := types.Unalias(common.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !named.Obj().Exported() || !common.Method.Exported() {
		return nil // nobody else can name or implement it
	}
	for i, arg := range common.Args {
		if stub.IsContext(arg.Type()) {
			return []*sink{{call: call, ctx: arg, iface: named.Obj(), method: common.Method.Name(), arg: i}}
		}
	}
	return nil
}

// follow walks from a sink back to the roots and parameters that its
// context comes from, breadth first, so that the shortest chain comes first.
func (f *flow) follow(s *search, sink *sink) {
	type step struct {
		call ssa.CallInstruction
		ctx  ssa.Value
		o    *origin
		reach
	}
	first := step{sink.call, sink.ctx, f.originOf(sink.ctx), reach{
		sink: sink, chain: sink.chain, bounded: sink.bounded, ignored: sink.ignored, direct: true,
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
		r.direct = r.direct && ordinary && !at.o.kept && !at.o.closed
		if at.o.kept && r.kept == nil {
			r.kept = &keptUse{at.call, at.ctx}
		}
		// A parameter beside a root (ctx := parent; if x { ctx =
		// context.Background() }) is followed; the root is not: who
		// wrote it meant the branch.
		// (What is kept in a field comes from different objects.)
		mixed := !at.o.kept && slices.ContainsFunc(at.o.sources, func(s source) bool { return s.param != nil })
		for _, src := range at.o.sources {
			if src.root != nil {
				if !mixed {
					f.arrive(s, src.root, at.call, r)
				}
				continue
			}
			if !s.add(src.param, r) {
				continue // known already
			}
			fn := src.param.Parent()
			next := r
			next.chain = append([]string{funcName(fn)}, r.chain...)
			if len(next.chain) > maxChain {
				continue
			}
			for _, site := range f.index.callers[fn] {
				if f.inTest(site.call.Pos()) {
					continue
				}
				up := next
				up.ignored |= ignoredAt(site.call.Pos())
				up.links = append(slices.Clip(up.links), site.call.Pos())
				ctx, o := f.originAt(site, src.param)
				if site.back != nil {
					up.direct = false // runs when the helper says
				}
				queue = append(queue, step{site.call, ctx, o, up})
			}
		}
	}
}

// add notes what a parameter reaches. It reports false if that, or enough
// else, is known already.
func (s *search) add(p *ssa.Parameter, r reach) bool {
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

// originAt is what a call site passes as a parameter, and its origin. Of a
// callback's argument only the origin is known.
func (f *flow) originAt(site callSite, p *ssa.Parameter) (ssa.Value, *origin) {
	if site.back != nil {
		if signatureIndex(p) != site.back.arg {
			return nil, unknownOrigin
		}
		return nil, f.callbackOrigin(site.call, site.back)
	}
	arg := argument(site.call, p, site.shift)
	if arg == nil {
		return nil, unknownOrigin
	}
	return arg, f.originOf(arg)
}

// arrive notes a path from a root.
func (f *flow) arrive(s *search, root *Root, from ssa.CallInstruction, r reach) {
	if root.Call != nil && f.inTest(root.Call.Pos()) {
		return
	}
	if r.sink.iface != nil {
		if root.Call == nil {
			return // the package that makes the root tells by itself
		}
		atRoot := f.ignoredAt(root.Call.Pos())
		f.use(atRoot, root.Call.Pos()) // who implements it is told of it
		s.calls = append(s.calls, InterfaceCall{
			Package: r.sink.iface.Pkg().Path(), Interface: r.sink.iface.Name(), Method: r.sink.method,
			Arg: r.sink.arg, Bounded: r.bounded, Root: f.remoteOf(root), RootIs: root.Is,
			In: funcName(root.Call.Parent()), Ignored: r.ignored | atRoot,
		})
		return
	}
	p := Path{
		Root: *root, From: from, RPC: r.sink.rpc, Call: r.sink.call, Arg: r.sink.ctx, Chain: r.chain,
		Bounded: r.bounded, Ignored: r.ignored, Links: r.links, Direct: r.direct,
	}
	if r.kept != nil && r.kept.ctx != nil {
		p.Call, p.Arg, p.Kept = r.kept.call, r.kept.ctx, true
	}
	s.paths = append(s.paths, p)
}

// implementations are the paths whose root lies in an imported package that
// calls an interface method which a type of this package implements. The
// type must become that interface here, so that every driver sees both.
func (f *flow) implementations(s *search) []Path {
	var paths []Path
	var ifaces []*types.TypeName
	for iface := range f.index.converted {
		ifaces = append(ifaces, iface)
	}
	slices.SortFunc(ifaces, func(a, b *types.TypeName) int {
		return strings.Compare(typePath(a), typePath(b))
	})
	for _, iface := range ifaces {
		for _, call := range f.callsOf(iface) {
			seen := make(map[*ssa.Function]bool)
			for _, t := range f.index.converted[iface] {
				fn := f.implementation(t, call.Method, iface)
				if fn == nil || seen[fn] {
					continue
				}
				seen[fn] = true
				paths = append(paths, f.calledThrough(s, fn, call)...)
			}
		}
	}
	return paths
}

func typePath(t *types.TypeName) string {
	if t.Pkg() == nil {
		return t.Name()
	}
	return t.Pkg().Path() + "." + t.Name()
}

// callsOf returns the known calls, with an unbounded context, of methods of
// an interface.
func (f *flow) callsOf(iface *types.TypeName) []InterfaceCall {
	var calls []InterfaceCall
	if iface.Pkg() == nil || iface.Pkg() == f.pass.Pkg {
		return nil // calls in this package are ordinary call sites
	}
	// The caller is the interface's own package, or one that this
	// package imports directly beside it.
	for _, p := range append([]*types.Package{iface.Pkg()}, f.pass.Pkg.Imports()...) {
		fact := f.facts[p.Path()]
		if fact == nil || p == iface.Pkg() && len(calls) > 0 {
			continue
		}
		for _, c := range fact.Calls {
			if c.Package == iface.Pkg().Path() && c.Interface == iface.Name() {
				calls = append(calls, c)
			}
		}
	}
	return calls
}

func (f *flow) implementation(t types.Type, method string, iface *types.TypeName) *ssa.Function {
	obj, _, _ := types.LookupFieldOrMethod(iface.Type(), false, iface.Pkg(), method)
	m, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	return f.methodOf(t, m)
}

func (f *flow) calledThrough(s *search, fn *ssa.Function, call InterfaceCall) []Path {
	var paths []Path
	for _, p := range fn.Params {
		if signatureIndex(p) != call.Arg {
			continue
		}
		for _, r := range s.reaches[p] {
			if r.sink.iface != nil {
				continue
			}
			paths = append(paths, Path{
				Root: Root{Remote: call.Root, Is: call.RootIs, In: call.In},
				RPC:  r.sink.rpc, Call: r.sink.call, Arg: r.sink.ctx,
				Chain:   append([]string{funcName(fn)}, r.chain...),
				Bounded: r.bounded || call.Bounded, Ignored: r.ignored | call.Ignored, Links: r.links,
			})
		}
	}
	return paths
}

// summaries are what importers learn about the package's functions.
func (f *flow) summaries(s *search) []FuncSummary {
	var list []FuncSummary
	for _, fn := range f.funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || !obj.Exported() || f.inTest(fn.Pos()) || f.stubs.RPC(obj) != nil {
			continue // importers cannot call it, or know it as an RPC
		}
		summary := FuncSummary{Key: key(obj), Results: f.exportedResults(fn), Callbacks: f.exportedCallbacks(fn), Interceptor: f.exportedInterceptor(fn)}
		for _, p := range fn.Params {
			if i := signatureIndex(p); i >= 0 {
				summary.Reaches = append(summary.Reaches, exportedReaches(i, funcName(fn), s.reaches[p])...)
				for _, r := range s.reaches[p] {
					f.stop(&r)
				}
			}
		}
		if len(summary.Reaches) > 0 || len(summary.Results) > 0 || len(summary.Callbacks) > 0 || summary.Interceptor != NoInterceptor {
			list = append(list, summary)
		}
	}
	list = append(list, f.interfaceSummaries(s)...)
	list = append(list, f.exportedVariables()...)
	slices.SortStableFunc(list, func(a, b FuncSummary) int { return strings.Compare(a.Key, b.Key) })
	return slices.CompactFunc(list, func(a, b FuncSummary) bool { return a.Key == b.Key })
}

func exportedReaches(param int, name string, reaches []reach) []Reach {
	var list []Reach
	for _, r := range reaches {
		if r.sink.iface != nil || r.kept != nil || len(list) == maxReaches {
			continue // a context that is kept for later is no call's deadline
		}
		list = append(list, Reach{Param: param, RPC: r.sink.rpc, Chain: append([]string{name}, r.chain...), Bounded: r.bounded, Ignored: r.ignored})
	}
	return list
}

// exportedResults are the context results of a function that importers can
// rely on.
func (f *flow) exportedResults(fn *ssa.Function) []Result {
	var list []Result
	results := fn.Signature.Results()
	for i := range results.Len() {
		if !stub.IsContext(results.At(i).Type()) {
			continue
		}
		o := f.result(fn, i)
		if o.unknown || o.bound == sometimes {
			continue
		}
		for _, src := range o.sources {
			r := Result{Index: i, Param: -1, Bounded: o.bound == bounded}
			if src.root != nil {
				r.Root, r.RootIs = f.remoteOf(src.root), src.root.Is
			} else {
				// Of this very function: declared functions have
				// no others around them.
				r.Param = signatureIndex(src.param)
			}
			list = append(list, r)
		}
	}
	return list
}

// interfaceSummaries say what a call of an interface's method reaches: what
// every type does that this package turns into its own interface (NewKV
// returns a *kv as a KV).
func (f *flow) interfaceSummaries(s *search) []FuncSummary {
	var list []FuncSummary
	for iface, concrete := range f.index.converted {
		if iface.Pkg() != f.pass.Pkg || !iface.Exported() {
			continue
		}
		t, ok := iface.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range t.Methods() {
			if f.stubs.RPC(m) != nil || !m.Exported() {
				continue
			}
			if summary, ok := f.interfaceSummary(s, m, iface, concrete); ok {
				list = append(list, summary)
			}
		}
	}
	return list
}

func (f *flow) interfaceSummary(s *search, m *types.Func, iface *types.TypeName, concrete []types.Type) (FuncSummary, bool) {
	summary := FuncSummary{Key: iface.Name() + "." + m.Name()}
	for _, t := range concrete {
		fn := f.methodOf(t, m)
		if fn == nil {
			return summary, false // implemented elsewhere, by embedding
		}
		if f.inTest(fn.Pos()) {
			continue
		}
		var reaches []Reach
		for _, p := range fn.Params {
			if i := signatureIndex(p); i >= 0 {
				reaches = append(reaches, exportedReaches(i, funcName(fn), s.reaches[p])...)
			}
		}
		if len(reaches) == 0 {
			return summary, false // one of them makes no RPC
		}
		if summary.Reaches == nil {
			summary.Reaches = reaches
		}
	}
	return summary, len(summary.Reaches) > 0
}

// ids are the rules of a RuleSet by their names.
var ids = map[RuleSet]string{Missing: "deadline/missing", Detached: "deadline/detached", WaitForReady: "deadline/wait-for-ready"}

// ignoredAt asks the directives at a link of a path. They are of use only if
// the path turns out to be one that a rule would report.
func (f *flow) ignoredAt(pos token.Pos) RuleSet {
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
func (f *flow) stop(r *reach) {
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
func (f *flow) use(rules RuleSet, links ...token.Pos) {
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
