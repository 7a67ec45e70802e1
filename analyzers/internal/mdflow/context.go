package mdflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A Root is where a context begins, as far as it can be followed, and what
// metadata it got on the way.
type Root struct {
	Kind  RootKind
	Param *ssa.Parameter // of a ParamRoot
	// Sent is the call that last gave it outgoing metadata, Got the one that
	// gave it incoming metadata; nil for none.
	Sent, Got *ssa.Call
}

// A RootKind says who made a context.
type RootKind uint8

// Kinds of roots.
const (
	UnknownRoot    RootKind = iota
	BackgroundRoot          // nobody: context.Background
	HandlerRoot             // grpc-go, for a handler
	ServerRoot              // grpc-go, for an interceptor of a server
	ParamRoot               // whoever calls the function
	FieldRoot               // a field holds it
)

// maxRoots bounds what is told apart.
const maxRoots = 16

// Roots returns where a context may begin.
func (e *engine) Roots(ctx ssa.Value) []Root { return contexts(e.roots.Closed(ctx)) }

// contexts leaves no parameters that are not contexts: a stream that somebody
// brings, which may be any.
func contexts(roots []Root) []Root {
	known := slices.Clone(roots)
	for i, r := range known {
		if r.Kind == ParamRoot && !stub.IsContext(r.Param.Type()) {
			known[i] = Root{}
		}
	}
	return known
}

func unknownRoot(ssa.Value) []Root { return []Root{{}} }

// newRoots makes what follows contexts back, and the streams that have them.
func (e *engine) newRoots() *flow.Tracer[[]Root] {
	return flow.New(e.Program, flow.Domain[[]Root]{
		Unknown: unknownRoot,
		Join: func(a, b []Root) []Root {
			if len(a) == 0 {
				return b
			}
			return distinct(slices.Concat(a, b))
		},
		Source: func(_ flow.Trace[[]Root], v ssa.Value) ([]Root, bool) {
			switch v := v.(type) {
			case *ssa.Parameter:
				return e.served(v)
			case *ssa.UnOp:
				if _, isField := v.X.(*ssa.FieldAddr); isField && v.Op == token.MUL {
					h := e.Held(v)
					return []Root{{Kind: FieldRoot}}, !h.Complete || len(h.Values) == 0
				}
			case *ssa.Field:
				h := e.HeldInField(v)
				return []Root{{Kind: FieldRoot}}, !h.Complete || len(h.Values) == 0
			case *ssa.MakeInterface:
				return unknownRoot(v), true // a type of somebody's own
			}
			return nil, false
		},
		Call:  e.contextOf,
		Param: func(p *ssa.Parameter) []Root { return []Root{{Kind: ParamRoot, Param: p}} },
		Bind: func(t flow.Trace[[]Root], inside []Root, call *ssa.Call) []Root {
			var all []Root
			for _, r := range inside {
				roots := []Root{r}
				if r.Kind == ParamRoot {
					arg := t.Arg(call, r.Param)
					if arg == nil {
						return unknownRoot(call)
					}
					roots = given(t.Of(arg), r.Sent, r.Got)
				}
				all = append(all, roots...)
			}
			return distinct(all)
		},
	})
}

func distinct(roots []Root) []Root {
	var all []Root
	for _, r := range roots {
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	if len(all) > maxRoots {
		return unknownRoot(nil)
	}
	return all
}

// served: the context, or the stream, that gRPC gives to those who serve an
// RPC.
func (e *engine) served(p *ssa.Parameter) ([]Root, bool) {
	switch {
	case !types.IsInterface(p.Type()):
		return nil, false
	case e.IsHandler(p.Parent()):
		return []Root{{Kind: HandlerRoot}}, true
	case IsServerInterceptor(p.Parent().Signature):
		return []Root{{Kind: ServerRoot}}, true
	}
	return nil, false
}

// contextOf returns the roots of a context that a call returns.
func (e *engine) contextOf(t flow.Trace[[]Root], call *ssa.Call, result int) ([]Root, bool) {
	obj := program.CalledObject(&call.Call)
	args := program.Args(&call.Call)
	switch Func(obj) {
	case "NewOutgoingContext", "AppendToOutgoingContext":
		return given(t.Of(args[0]), call, nil), true
	case "NewIncomingContext":
		return given(t.Of(args[0]), nil, call), true
	}
	switch {
	case obj == nil || obj.Pkg() == nil:
		return nil, false
	case IsBackground(obj):
		return []Root{{Kind: BackgroundRoot}}, true
	case derives(obj) && result == contextResult(obj) && len(args) > 0:
		return t.Of(args[0]), true
	case obj.Name() == "Context" && len(args) == 1 && obj.Signature().Params().Len() == 0 && types.IsInterface(args[0].Type()):
		return t.Of(args[0]), true // of a stream
	}
	if fact := e.told(call, obj); fact != nil {
		for _, c := range fact.Contexts {
			if c.Result == result && c.Param < len(args) {
				var sent, got *ssa.Call
				if c.Outgoing {
					sent = call
				}
				if c.Incoming {
					got = call
				}
				return given(t.Of(args[c.Param]), sent, got), true
			}
		}
	}
	return nil, false
}

// given returns the roots of a context that then gets metadata.
func given(ctx []Root, sent, got *ssa.Call) []Root {
	roots := slices.Clone(ctx)
	for i := range roots {
		if sent != nil {
			roots[i].Sent = sent
		}
		if got != nil {
			roots[i].Got = got
		}
	}
	return distinct(roots)
}

// IsHandler reports whether a function serves an RPC.
func (e *engine) IsHandler(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && e.info.stubs.Handler(obj) != nil
}

// IsServerInterceptor: func(ctx, req, *grpc.UnaryServerInfo, handler), or the
// same for streams.
func IsServerInterceptor(sig *types.Signature) bool {
	return takes(sig, "UnaryServerInfo") || takes(sig, "StreamServerInfo")
}

// IsClientInterceptor: a function that gets what goes on with the RPC.
func IsClientInterceptor(sig *types.Signature) bool {
	return takes(sig, "UnaryInvoker") || takes(sig, "Streamer")
}

// takes: a parameter is of a type of package grpc, or points to it.
func takes(sig *types.Signature, name string) bool {
	for p := range sig.Params().Variables() {
		t := types.Unalias(p.Type())
		if ptr, ok := t.(*types.Pointer); ok {
			t = types.Unalias(ptr.Elem())
		}
		if named, ok := t.(*types.Named); ok && named.Obj().Name() == name &&
			named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == stub.GRPCPath {
			return true
		}
	}
	return false
}

// IsBackground: context.Background or TODO.
func IsBackground(obj *types.Func) bool {
	return isContextPackage(obj.Pkg()) && (obj.Name() == "Background" || obj.Name() == "TODO")
}

// derives: a function whose result has the values of the context that it
// gets first, and no metadata more.
func derives(obj *types.Func) bool {
	sig := obj.Signature()
	if sig.Params().Len() == 0 || !stub.IsContext(sig.Params().At(0).Type()) || sig.Recv() != nil {
		return false
	}
	switch {
	case isContextPackage(obj.Pkg()):
		return true
	case obj.Pkg().Path() == "os/signal" && obj.Name() == "NotifyContext":
		return true
	case obj.Pkg().Path() == "golang.org/x/sync/errgroup" && obj.Name() == "WithContext":
		return true
	}
	return false
}

func isContextPackage(pkg *types.Package) bool {
	return pkg.Path() == "context" || pkg.Path() == "golang.org/x/net/context"
}

// contextResult returns the index of the first result that is a context.
func contextResult(obj *types.Func) int {
	for i := range obj.Signature().Results().Len() {
		if stub.IsContext(obj.Signature().Results().At(i).Type()) {
			return i
		}
	}
	return -1
}

// A ContextFact says that a result is the context in a parameter, with
// metadata added.
type ContextFact struct {
	Result, Param      int
	Outgoing, Incoming bool
	Only               bool // the function does nothing else
	// Sends is 1 and the parameter that holds the metadata which replaces
	// what was outgoing before; 0 for none.
	Sends int
}

// contextFacts describes the contexts that fn returns. Only what is the same
// on every way is told.
func (e *engine) contextFacts(fn *ssa.Function) []ContextFact {
	var facts []ContextFact
	for i := range fn.Signature.Results().Len() {
		if !stub.IsContext(fn.Signature.Results().At(i).Type()) {
			continue
		}
		roots := contexts(e.roots.Result(fn, i))
		if len(roots) == 0 {
			continue
		}
		first := roots[0]
		same := func(r Root) bool {
			return r.Kind == ParamRoot && r.Param == first.Param && (r.Sent != nil) == (first.Sent != nil) && (r.Got != nil) == (first.Got != nil)
		}
		param := slices.Index(fn.Params, first.Param)
		if param < 0 || slices.ContainsFunc(roots, func(r Root) bool { return !same(r) }) {
			continue
		}
		facts = append(facts, ContextFact{i, param, first.Sent != nil, first.Got != nil, e.isPure(fn), 1 + sentParam(fn, roots)})
	}
	return facts
}

// sentParam returns which parameter of a function is the metadata that it
// gives to NewOutgoingContext, and to nobody else; -1 for none.
func sentParam(fn *ssa.Function, roots []Root) int {
	if len(roots) != 1 || roots[0].Sent == nil || Called(&roots[0].Sent.Call) != "NewOutgoingContext" {
		return -1
	}
	p, ok := roots[0].Sent.Call.Args[1].(*ssa.Parameter)
	if !ok || len(*p.Referrers()) != 1 {
		return -1
	}
	return slices.Index(fn.Params, p)
}

// Replacing returns the context and the metadata of a call of
// NewOutgoingContext, or of a function of another package that does nothing
// else with them; nil for other calls.
func (e *engine) Replacing(call *ssa.Call) (ctx, md ssa.Value) {
	obj, args := program.CalledObject(&call.Call), program.Args(&call.Call)
	if Func(obj) == "NewOutgoingContext" {
		return args[0], args[1]
	}
	if fact := e.told(call, obj); fact != nil {
		for _, c := range fact.Contexts {
			if c.Sends > 0 && c.Sends <= len(args) && c.Param < len(args) {
				return args[c.Param], args[c.Sends-1]
			}
		}
	}
	return nil, nil
}
