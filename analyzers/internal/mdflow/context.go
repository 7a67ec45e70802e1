package mdflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
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

// rootSearch follows contexts back.
type rootSearch struct {
	*engine
	// stay names the function whose parameters are not followed further.
	stay *ssa.Function
}

// maxRoots bounds what is told apart.
const maxRoots = 16

// Roots returns where a context may begin.
func (e *engine) Roots(ctx ssa.Value) []Root { return (&rootSearch{engine: e}).rootsOf(ctx) }

func unknownRoot() []Root { return []Root{{}} }

// rootKey is a question of a search: for a value, or for what a variable
// holds.
type rootKey struct {
	v    ssa.Value
	stay *ssa.Function
}

// rootsOf returns the roots of a value. A loop adds nothing: the other ways
// into it tell.
func (s *rootSearch) rootsOf(v ssa.Value) []Root {
	return s.roots.Of(rootKey{v, s.stay}, func() []Root { return s.derive(v) })
}

func (s *rootSearch) derive(v ssa.Value) []Root {
	switch v := v.(type) {
	case *ssa.Parameter:
		return s.parameterRoots(v)
	case *ssa.Phi:
		return s.union(v.Edges)
	case *ssa.ChangeInterface:
		return s.rootsOf(v.X)
	case *ssa.Call:
		return s.made(v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return s.made(call, v.Index)
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		if _, isField := v.X.(*ssa.FieldAddr); isField {
			return []Root{{Kind: FieldRoot}}
		}
		if alloc := s.cell(v.X); alloc != nil {
			return s.rootsOf(alloc)
		}
	case *ssa.Alloc: // what the variable holds
		return s.union(s.storedIn(v))
	case *ssa.Field:
		return []Root{{Kind: FieldRoot}}
	}
	return unknownRoot()
}

func (s *rootSearch) union(values []ssa.Value) []Root {
	var all []Root
	for _, v := range values {
		if c, ok := v.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		for _, r := range s.rootsOf(v) {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
		if len(all) > maxRoots {
			return unknownRoot()
		}
	}
	return all
}

// storedIn returns what a local variable ever holds; nothing if its address
// goes elsewhere.
func (e *engine) storedIn(alloc *ssa.Alloc) []ssa.Value {
	if known, ok := e.stored[alloc]; ok {
		return known
	}
	var stored []ssa.Value
	for _, cell := range e.aliases(alloc) {
		for _, r := range *cell.Referrers() {
			if store, ok := r.(*ssa.Store); ok && store.Addr == cell {
				stored = append(stored, store.Val)
			}
		}
	}
	e.stored[alloc] = stored
	return stored
}

// maxHeld bounds how many variables a value is followed through. One that is
// only ever given what it holds itself has no end.
const maxHeld = 20

// held sees through local variables that are given one value to the value.
func (e *engine) held(v ssa.Value) ssa.Value {
	for range maxHeld {
		load, ok := v.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return v
		}
		alloc := e.cell(load.X)
		if alloc == nil {
			return v
		}
		stored := e.storedIn(alloc)
		if len(stored) != 1 {
			return v
		}
		v = stored[0]
	}
	return v
}

func (s *rootSearch) parameterRoots(p *ssa.Parameter) []Root {
	fn := p.Parent()
	if fn == s.stay {
		return []Root{{Kind: ParamRoot, Param: p}}
	}
	if !stub.IsContext(p.Type()) {
		return unknownRoot()
	}
	switch {
	case s.IsHandler(fn):
		return []Root{{Kind: HandlerRoot}}
	case IsServerInterceptor(fn.Signature):
		return []Root{{Kind: ServerRoot}}
	}
	sites, complete := s.Callers(fn)
	sites = slices.DeleteFunc(slices.Clone(sites), func(c ssa.CallInstruction) bool {
		return testcode.InTestFile(s.info.pass.Fset, c.Pos()) // says nothing of the program
	})
	if complete && len(sites) > 0 {
		var args []ssa.Value
		for i, param := range fn.Params {
			if param != p {
				continue
			}
			for _, site := range sites {
				if i < len(site.Common().Args) {
					args = append(args, site.Common().Args[i])
				}
			}
		}
		return s.union(args)
	}
	return []Root{{Kind: ParamRoot, Param: p}}
}

// made returns the roots of a context that a call returns.
func (s *rootSearch) made(call *ssa.Call, result int) []Root {
	local, obj := s.Callee(&call.Call)
	args := program.Args(&call.Call)
	switch Func(obj) {
	case "NewOutgoingContext", "AppendToOutgoingContext":
		return s.marked(args[0], call, true, false)
	case "NewIncomingContext":
		return s.marked(args[0], call, false, true)
	}
	switch {
	case obj == nil || obj.Pkg() == nil:
		return unknownRoot()
	case IsBackground(obj):
		return []Root{{Kind: BackgroundRoot}}
	case derives(obj) && result == contextResult(obj) && len(args) > 0:
		return s.rootsOf(args[0])
	case obj.Name() == "Context" && len(args) == 1 && obj.Signature().Params().Len() == 0:
		return s.ofStream(args[0])
	}
	if local != nil {
		return s.through(local, args, result)
	}
	if fact := s.info.Fact(obj); fact != nil && !call.Call.IsInvoke() {
		for _, c := range fact.Contexts {
			if c.Result == result && c.Param < len(args) {
				return s.marked(args[c.Param], call, c.Outgoing, c.Incoming)
			}
		}
	}
	return unknownRoot()
}

func (s *rootSearch) marked(ctx ssa.Value, call *ssa.Call, sent, got bool) []Root {
	var by Root
	if sent {
		by.Sent = call
	}
	if got {
		by.Got = call
	}
	return s.given(ctx, &by)
}

// given returns the roots of a context that then gets the metadata which by
// has got.
func (s *rootSearch) given(ctx ssa.Value, by *Root) []Root {
	roots := slices.Clone(s.rootsOf(ctx))
	for i := range roots {
		if by.Sent != nil {
			roots[i].Sent = by.Sent
		}
		if by.Got != nil {
			roots[i].Got = by.Got
		}
	}
	return roots
}

// returnKey is the question what a function returns, in its own parameters.
type returnKey struct {
	fn     *ssa.Function
	result int
}

// through looks into a function of this package for what it returns.
func (s *rootSearch) through(fn *ssa.Function, args []ssa.Value, result int) []Root {
	if fn.Parent() != nil || len(args) != len(fn.Params) {
		return unknownRoot() // a literal
	}
	inside := s.roots.Of(returnKey{fn, result}, func() []Root {
		return (&rootSearch{engine: s.engine, stay: fn}).union(returned(fn, result))
	})
	var all []Root
	for _, r := range inside {
		roots := []Root{r}
		if i := slices.Index(fn.Params, r.Param); r.Kind == ParamRoot && i >= 0 {
			roots = s.given(args[i], &r)
		}
		for _, r := range roots {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
		if len(all) > maxRoots {
			return unknownRoot()
		}
	}
	return all
}

func returned(fn *ssa.Function, i int) []ssa.Value {
	var values []ssa.Value
	for _, block := range fn.Blocks {
		if ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
			values = append(values, ret.Results[i])
		}
	}
	return values
}

// ofStream returns the root of stream.Context().
func (s *rootSearch) ofStream(stream ssa.Value) []Root {
	p, ok := s.held(stream).(*ssa.Parameter)
	if !ok || !types.IsInterface(p.Type()) {
		return unknownRoot() // a field, a type of one's own
	}
	switch {
	case s.IsHandler(p.Parent()):
		return []Root{{Kind: HandlerRoot}}
	case IsServerInterceptor(p.Parent().Signature):
		return []Root{{Kind: ServerRoot}}
	}
	return unknownRoot()
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
}

// contextFacts describes the contexts that fn returns. Only what is the same
// on every way is told.
func (e *engine) contextFacts(fn *ssa.Function) []ContextFact {
	var facts []ContextFact
	for i := range fn.Signature.Results().Len() {
		if !stub.IsContext(fn.Signature.Results().At(i).Type()) {
			continue
		}
		s := &rootSearch{engine: e, stay: fn}
		roots := s.union(returned(fn, i))
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
		facts = append(facts, ContextFact{i, param, first.Sent != nil, first.Got != nil})
	}
	return facts
}
