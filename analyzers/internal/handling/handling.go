// Package handling knows which functions run for the handler of an RPC, and
// what they do that the end of the RPC does not interrupt.
//
// It walks from the handlers down: a function that is called directly, with
// the handler's context or stream, works for the handler. What it does there
// belongs to the package that holds it. Functions that no handler of their
// own package calls are judged too; what they do is told to importers by a
// fact, so that it is reported where a handler calls them.
package handling

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclinthandlers",
	Doc:        "follow handlers of RPCs\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer, streams.Analyzer, testcode.Analyzer, syntax.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// Info is what happens in a package while handlers run.
type Info struct {
	// Frames are the functions that run for handlers of the package, in
	// the order in which they were met.
	Frames []*Frame
	// Sites are what they do that outlasts the RPC; for calls of other
	// packages' functions, what those do.
	Sites []*Site
	// Results are those of RPCs which functions that work for no handler
	// do not take, of kind Abandoned.
	Results []*Site
	SSA     *program.Program // nil if there is nothing to look at

	pass     *analysis.Pass
	stubs    *stub.Index
	streams  *streams.Info
	resolver *place.Resolver
	known    fact.Index[told]
	frames   map[*ssa.Function]*Frame
	joining  map[*ssa.Function]bool
	reads    map[*types.Var][]ssa.Value // what fields are read for
	sited    map[siteAt]bool
}

// A Frame is a function that works for a handler, or may, and through which
// parameters it knows the RPC.
type Frame struct {
	Func *ssa.Function
	// Handler is the method that serves the RPC; nil if the function is
	// not known to work for one of this package.
	Handler *types.Func
	RPC     *stub.Method
	Chain   []string // functions from the handler, which is left out, to Func

	contexts []*ssa.Parameter // contexts and server streams of the RPC

	bodies []*ssa.Function                         // see Info.bodies
	called map[*ssa.Function][]ssa.CallInstruction // by which calls its bodies run the others
}

// A Site is something that goes on although the RPC has ended.
type Site struct {
	Kind  Kind
	Frame *Frame
	// Instr is what does it; if Remote is set, the call of the function of
	// another package that does.
	Instr  ssa.Instruction
	Remote *finding.Remote
	Via    []string // functions from the called one to the one that does it
	// What says it as the code does, where a message needs to; Twin is what
	// does the same and ends with the context, of Variant.
	What, Twin string
	// Second is the send that nobody receives, of Abandoned; Once says that
	// it is the only one, and not in a loop, Again that it is in one, so that
	// no room is enough.
	Second      ssa.Instruction
	Once, Again bool
}

type siteAt struct {
	kind  Kind
	instr ssa.Instruction
}

// A Kind is what a site does, and so the rule that speaks of it.
type Kind uint8

// Kinds.
const (
	Sleep       Kind = iota + 1 // cancel/sleep
	IgnoredSend                 // cancel/ignored-send
	Loop                        // cancel/loop
	Channel                     // cancel/channel
	Goroutine                   // cancel/goroutine
	StreamAfter                 // cancel/stream-after-return
	Abandoned                   // cancel/unbuffered-result
	Variant                     // cancel/no-context-variant
)

func run(pass *analysis.Pass) (any, error) {
	info := &Info{
		pass: pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index), streams: pass.ResultOf[streams.Analyzer].(*streams.Info).Copy(),
		frames: make(map[*ssa.Function]*Frame), joining: make(map[*ssa.Function]bool), sited: make(map[siteAt]bool),
	}
	info.known = fact.Known[told](pass)
	switch {
	case !info.stubs.Reaches && !info.helps():
		return info, nil
	case !info.stubs.Reaches:
		info.view()
	default:
		if !info.relevant() && !info.helps() {
			return info, nil
		}
		info.view()
		info.handlers()
		for i := 0; i < len(info.Frames); i++ { // grows while it is walked
			info.judge(info.Frames[i])
		}
		info.clientResults()
	}
	if own := (&told{info.summaries()}); len(own.Funcs.Rows) > 0 {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return info, nil
}

// view builds what is asked about the package.
func (info *Info) view() {
	info.SSA = info.pass.ResultOf[program.Analyzer].(*program.Package).Build()
	info.resolver = place.NewResolver(info.SSA)
}

// Copy returns an Info of the same package for another analyzer, which may
// run at the same time.
func (info *Info) Copy() *Info {
	c := *info
	c.joining = make(map[*ssa.Function]bool)
	if info.resolver != nil {
		c.streams = info.streams.Copy()
		c.view()
	}
	return &c
}

// Place returns where a value comes from.
func (info *Info) Place(v ssa.Value) place.Place { return info.resolver.Of(v) }

// relevant looks for functions with a context or a server's stream among
// their parameters, and for calls of stubs, in files that people write.
func (info *Info) relevant() bool {
	for _, obj := range info.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != info.pass.Pkg && info.stubs.RPC(fn) != nil {
			return true
		}
	}
	for _, file := range info.pass.Files {
		if ast.IsGenerated(file) {
			continue
		}
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			fn, ok := info.pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			for p := range fn.Signature().Params().Variables() {
				if isRequest(p.Type()) {
					return true
				}
			}
		}
	}
	return false
}

// helps: a package of the user's own may have functions for handlers, which
// call something that does not end with a context.
func (info *Info) helps() bool {
	if module := info.pass.Module; module == nil || module.Version != "" {
		return false
	}
	for _, obj := range info.pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil {
			continue
		}
		if _, hasTwin := twinOf(fn); hasTwin || isSleep(fn) || fn.FullName() == "context.WithoutCancel" {
			return true
		}
	}
	return false
}

// isRequest: a context, or a server's end of a stream.
func isRequest(t types.Type) bool { return stub.IsContext(t) || streams.SideOf(t) == streams.Server }

// handlers begins with the methods that serve RPCs, and functions of the type
// grpc.StreamHandler.
func (info *Info) handlers() {
	for _, fn := range info.SSA.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || info.skips(fn) {
			continue
		}
		if rpc := info.stubs.Handler(obj); rpc != nil {
			info.enter(&Frame{Func: fn, Handler: obj, RPC: rpc, contexts: requestParams(fn)})
		}
	}
	for _, fn := range info.SSA.Funcs {
		if obj, ok := fn.Object().(*types.Func); ok && isStreamHandler(fn.Signature) && !info.skips(fn) {
			info.enter(&Frame{Func: fn, Handler: obj, contexts: requestParams(fn)})
		}
	}
}

// isStreamHandler: func(srv any, stream grpc.ServerStream) error, which is
// what grpc.UnknownServiceHandler and grpc.StreamDesc take.
func isStreamHandler(sig *types.Signature) bool {
	if sig.Params().Len() != 2 || sig.Results().Len() != 1 {
		return false
	}
	srv, ok := sig.Params().At(0).Type().Underlying().(*types.Interface)
	if !ok || srv.NumMethods() > 0 {
		return false
	}
	return types.TypeString(sig.Params().At(1).Type(), nil) == stub.GRPCPath+".ServerStream"
}

// skips: code that nobody runs in production, or that nobody writes.
func (info *Info) skips(fn *ssa.Function) bool {
	return fn.Blocks == nil || !fn.Pos().IsValid() || testcode.Is(info.pass, fn.Pos()) || !syntax.Of(info.pass).Written(fn.Pos())
}

func requestParams(fn *ssa.Function) []*ssa.Parameter {
	var params []*ssa.Parameter
	for _, p := range fn.Params {
		if isRequest(p.Type()) {
			params = append(params, p)
		}
	}
	return params
}

// enter notes a function that works for a handler, once.
func (info *Info) enter(f *Frame) {
	if info.frames[f.Func] == nil && len(f.contexts) > 0 {
		info.frames[f.Func] = f
		info.Frames = append(info.Frames, f)
	}
}

// judge finds the sites of one frame, and the functions that it calls.
func (info *Info) judge(f *Frame) {
	for _, s := range info.sites(f) {
		if at := (siteAt{s.Kind, s.Instr}); !info.sited[at] { // that of a helper, say, which others call, too
			info.sited[at] = true
			info.Sites = append(info.Sites, s)
		}
	}
	for call, passed := range info.calls(f) {
		callee := info.declared(call)
		if callee == nil {
			for _, s := range info.imported(f, call, passed) {
				s.Frame, s.Instr = f, call
				info.Sites = append(info.Sites, s)
			}
			continue
		}
		if info.skips(callee) {
			continue
		}
		var contexts []*ssa.Parameter
		for i, p := range callee.Params {
			if passed[i] {
				contexts = append(contexts, p)
			}
		}
		chain := append(slices.Clone(f.Chain), program.NameOf(callee))
		info.enter(&Frame{Func: callee, Handler: f.Handler, RPC: f.RPC, Chain: chain, contexts: contexts})
	}
}

// calls yields the direct calls of a frame to which it passes the RPC's
// context or stream; passed says for which arguments, the receiver included.
func (info *Info) calls(f *Frame) func(yield func(*ssa.Call, map[int]bool) bool) {
	return func(yield func(*ssa.Call, map[int]bool) bool) {
		for instr := range info.instructions(f) {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			var passed map[int]bool
			for i, arg := range call.Call.Args {
				if isRequest(arg.Type()) && info.derives(f, arg) {
					if passed == nil {
						passed = make(map[int]bool)
					}
					passed[i] = true
				}
			}
			if passed != nil && !yield(call, passed) {
				return
			}
		}
	}
}

// instructions yields what runs while a frame's function does: its own
// instructions, and those of literals that it calls on the spot.
func (info *Info) instructions(f *Frame) func(yield func(ssa.Instruction) bool) {
	return func(yield func(ssa.Instruction) bool) {
		for _, fn := range info.bodies(f) {
			for _, block := range fn.Blocks {
				for _, instr := range block.Instrs {
					if !yield(instr) {
						return
					}
				}
			}
		}
	}
}

// derives reports whether a context or a stream is the RPC's: a parameter
// that holds it, or what is made of one.
func (info *Info) derives(f *Frame, v ssa.Value) bool { return info.derivesFrom(f, v, nil) }

func (info *Info) derivesFrom(f *Frame, v ssa.Value, seen []ssa.Value) bool {
	if len(seen) > 50 || slices.Contains(seen, v) {
		return false
	}
	seen = append(seen, v)
	if p, ok := v.(*ssa.Parameter); ok && slices.Contains(f.contexts, p) {
		return true // whatever is known of what it is passed
	}
	if p := info.place(f, v); p.Root != v && len(p.Fields()) == 0 {
		return info.derivesFrom(f, p.Root, seen)
	}
	switch v := v.(type) {
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(edge ssa.Value) bool { return info.derivesFrom(f, edge, seen) })
	case *ssa.Alloc:
		// A variable that is assigned several contexts (ctx = with(ctx)).
		for _, user := range *v.Referrers() {
			if store, ok := user.(*ssa.Store); ok && store.Addr == v && info.derivesFrom(f, store.Val, seen) {
				return true
			}
		}
		return false
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		if ok && info.declared(call) != nil {
			return info.returnsRequest(f, call, v.Index, seen)
		}
		return ok && info.derivesFrom(f, call, seen)
	case *ssa.Call:
		if info.declared(v) != nil {
			return info.returnsRequest(f, v, 0, seen)
		}
		if fn := program.CalledObject(v.Common()); fn != nil && fn.Name() == "WithoutCancel" {
			return false
		} else if fact := info.factOf(fn); fact != nil && fact.Leaves {
			return false
		}
		if op, stream := streams.OpOf(v.Common()); op == streams.Context {
			return info.derivesFrom(f, stream, seen)
		}
		return slices.ContainsFunc(v.Call.Args, func(arg ssa.Value) bool {
			return isRequest(arg.Type()) && info.derivesFrom(f, arg, seen)
		})
	}
	return false
}

// returnsRequest: what a function of this package returns is the RPC's context
// or stream, which it gets, or made of one.
func (info *Info) returnsRequest(f *Frame, call *ssa.Call, i int, seen []ssa.Value) bool {
	inner := &Frame{Func: info.declared(call)}
	for _, param := range inner.Func.Params {
		if arg := info.SSA.ArgOf(call, param); arg != nil && isRequest(arg.Type()) && info.derivesFrom(f, arg, seen) {
			inner.contexts = append(inner.contexts, param)
		}
	}
	return slices.ContainsFunc(program.Returned(inner.Func, i), func(ret program.Return) bool { return info.derivesFrom(inner, ret.Value, seen) })
}

// HandlerOf returns the frame of a function that works for a handler, if a
// context is that of the RPC or made of it; else nil.
func (info *Info) HandlerOf(fn *ssa.Function, ctx ssa.Value) *Frame {
	f := info.frames[fn]
	if f == nil || f.Handler == nil || !info.derives(f, ctx) {
		return nil
	}
	return f
}

// declared returns the function of this package that a call runs, or nil.
func (info *Info) declared(call ssa.CallInstruction) *ssa.Function {
	fn, _ := info.SSA.Callee(call.Common())
	if fn == nil || fn.Blocks == nil || fn.Parent() != nil {
		return nil
	}
	return fn
}

// Context returns how the code of a function gets at the RPC's context:
// "ctx", "stream.Context()"; "" if it has no name for it.
func (f *Frame) Context() (expr string, of *ssa.Parameter) {
	for _, p := range f.contexts {
		if p.Name() == "" || p.Name() == "_" {
			continue
		}
		if stub.IsContext(p.Type()) {
			return p.Name(), p
		}
		expr, of = p.Name()+".Context()", p
	}
	return expr, of
}

// Called returns what the handler is called for the reader: the RPC if it is
// known, else the function; that itself if it works for none.
func (f *Frame) Called() string {
	switch {
	case f.RPC != nil:
		return f.RPC.Name
	case f.Handler != nil:
		return f.Handler.Name()
	}
	return program.NameOf(f.Func)
}

// Subject names the RPC for the fingerprint.
func (f *Frame) Subject() string {
	if f.RPC != nil && f.RPC.FullMethod != "" {
		return f.RPC.FullMethod
	}
	return f.Called()
}

// remote describes a place of this package for others.
func (info *Info) remote(from, to token.Pos) finding.Remote {
	return finding.RemoteAt(info.pass.Fset, info.pass.Pkg.Path(), from, to)
}
