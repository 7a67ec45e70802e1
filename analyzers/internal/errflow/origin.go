package errflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

type trace = flow.Trace[*Origin]

// newTracer makes what follows the errors of a package, and the values of
// *status.Status, which are followed for the errors that Err makes of them.
func (f *Flow) newTracer() *flow.Tracer[*Origin] {
	return flow.New(f.Program, flow.Domain[*Origin]{
		Nothing: new(Origin),
		Unknown: func(v ssa.Value) *Origin { return from(f.unknown(v)) },
		Join:    join,
		Source:  f.source,
		Call:    f.call,
		Param: func(p *ssa.Parameter) *Origin {
			i := program.SignatureIndex(p)
			if i < 0 {
				return from(f.at(Source{Code: NoCode, Name: "receiver"}, p.Pos()))
			}
			return from(Source{Kind: Param, Code: NoCode, Param: i, Name: p.Name(), param: p})
		},
		Bind:   f.bind,
		Bodies: true,
		Edge:   f.edge,
		Return: f.returned,
		Kept: func(load ssa.Value, o *Origin, stored program.Held) *Origin {
			if len(stored.Values) == 1 || stored.Now {
				return o
			}
			// One of them, which is not known.
			return join(o.each(tested), from(f.unknown(load)))
		},
		Seen: func(v ssa.Value, o *Origin) *Origin {
			if len(o.Sources) > 0 && types.IsInterface(v.Type()) && Tested(v) {
				return o.each(tested)
			}
			return o
		},
	})
}

func tested(s Source) Source {
	s.Tested = true
	return s
}

// from makes an origin of sources.
func from(sources ...Source) *Origin { return join(new(Origin), &Origin{sources}) }

// join is what comes from either. None of the two is changed.
func join(a, b *Origin) *Origin {
	if len(a.Sources) == 0 && len(b.Sources) < maxSources {
		return b
	}
	if len(b.Sources) == 0 {
		return a
	}
	joined := &Origin{slices.Clone(a.Sources)}
	joined.add(b.Sources...)
	return joined
}

// each changes every source.
func (o *Origin) each(change func(Source) Source) *Origin {
	changed := new(Origin)
	for _, s := range o.Sources {
		changed.add(change(s))
	}
	return changed
}

// Closed returns where an error comes from, whoever calls its function: a
// parameter of which all callers are known is what they pass.
func (f *Flow) Closed(v ssa.Value) *Origin { return f.tracer.Closed(v) }

// Of returns where an error comes from.
func (f *Flow) Of(v ssa.Value) *Origin { return f.tracer.Of(v) }

// OfIn returns where an error comes from that is used in a block: what is
// known to be nil there comes from nowhere, and what equals a sentinel is
// the sentinel, whoever returned it.
func (f *Flow) OfIn(v ssa.Value, block *ssa.BasicBlock) *Origin {
	o := f.in(v, block, f.Of)
	if obj, ok := block.Parent().Object().(*types.Func); ok && f.stubs.Handler(obj) != nil {
		o = &Origin{slices.DeleteFunc(slices.Clone(o.Sources), func(s Source) bool { return s.NilParam > 0 })}
	}
	return o
}

// in is what of finds, as far as a block shows.
func (f *Flow) in(v ssa.Value, block *ssa.BasicBlock, of func(ssa.Value) *Origin) *Origin {
	if IsNilIn(v, block) {
		return new(Origin)
	}
	if s := sentinelIn(v, block); s != nil {
		return behindNil(block, f.global(s.X.(*ssa.Global), s, of))
	}
	return behindNil(block, of(v))
}

// Result returns where the error comes from that a function returns last.
func (f *Flow) Result(fn *ssa.Function) *Origin {
	last := fn.Signature.Results().Len() - 1
	if !types.IsInterface(fn.Signature.Results().At(last).Type()) {
		return from(Source{Code: NoCode, Name: fn.Name()}) // of a concrete type: not asked for
	}
	return f.tracer.Result(fn, last)
}

func (f *Flow) returned(t trace, ret program.Return) (*Origin, bool) {
	return f.in(ret.Value, ret.Block(), t.Of), true
}

func (f *Flow) edge(t trace, phi *ssa.Phi, i int) (*Origin, bool) {
	edge, before := phi.Edges[i], phi.Block().Preds[i]
	if nilOnEdge(edge, before, phi.Block()) {
		return nil, false
	}
	return behindNil(before, t.Of(edge)), true
}

// source knows the values that begin here: errors of concrete types,
// sentinels, and what nobody can follow.
func (f *Flow) source(t trace, v ssa.Value) (*Origin, bool) {
	switch v := v.(type) {
	case *ssa.Const:
		return new(Origin), true
	case *ssa.MakeInterface:
		if isKratos(v.X.Type()) {
			if o := t.Of(v.X); hasCodes(o) {
				return o, true
			}
		}
		return from(f.concrete(v)), true
	case *ssa.BinOp:
		return f.text(t, v, []ssa.Value{v.X, v.Y}), v.Op == token.ADD
	case *ssa.UnOp:
		if g, ok := v.X.(*ssa.Global); ok && v.Op == token.MUL {
			return f.global(g, v, t.Of), true
		}
	}
	return nil, false
}

// unknown is the source of a value that is not followed.
func (f *Flow) unknown(v ssa.Value) Source {
	s := Source{Code: NoCode, Name: "value"}
	switch v := v.(type) {
	case nil:
		s.Name = "too much"
		return s
	case *ssa.Call:
		s.Name = "function value"
		if obj := program.CalledObject(&v.Call); obj != nil {
			s.Name = callName(obj)
		}
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.TypeAssert:
			s.Name = "type assertion"
		case *ssa.Call:
			return f.unknown(tuple)
		default:
			s.Name = "map or channel"
		}
	case *ssa.UnOp:
		switch addr := v.X.(type) {
		case *ssa.FieldAddr:
			s.Name = "field " + program.FieldOf(addr.X.Type(), addr.Field).Name()
		case *ssa.Global:
			s.Name = addr.Name()
			if addr.Pkg != nil {
				s.Name = addr.Pkg.Pkg.Name() + "." + addr.Name()
			}
		case *ssa.Alloc, *ssa.FreeVar:
			s.Name = "variable"
			if alloc := f.Program.Variable(addr); alloc != nil {
				if alloc.Comment != "" {
					s.Name = "variable " + alloc.Comment
				}
				if !v.Pos().IsValid() {
					return f.at(s, alloc.Pos())
				}
			}
		case *ssa.IndexAddr:
			s.Name = "element"
		default:
			s.Name = "channel"
		}
	}
	return f.at(s, v.Pos())
}

// at gives a source its place.
func (f *Flow) at(s Source, pos token.Pos) Source {
	s.Pos = pos
	if pos.IsValid() {
		s.Place = finding.RemoteAt(f.pass.Fset, f.pass.Pkg.Path(), pos, token.NoPos)
	}
	return s
}

// concrete is the source of an error of a concrete type.
func (f *Flow) concrete(v *ssa.MakeInterface) Source {
	pos := v.Pos()
	if !pos.IsValid() {
		pos = v.X.Pos()
	}
	t := v.X.Type()
	s := Source{Code: NoCode, Name: typeName(t)}
	switch {
	case hasMethod(t, "GRPCStatus"):
		s.Kind = Status
	case hasMethod(t, "Unwrap") || hasMethod(t, "Cause") || hasMethod(t, "As") || hasMethod(t, "Is"):
		// It holds another one.
	default:
		s.Kind = Plain
	}
	return f.at(s, pos)
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// global is the origin of a package variable: of all that is ever stored
// there.
func (f *Flow) global(g *ssa.Global, load *ssa.UnOp, of func(ssa.Value) *Origin) *Origin {
	if g.Pkg == nil || g.Pkg.Pkg == nil {
		return from(f.unknown(load))
	}
	path, name := g.Pkg.Pkg.Path(), g.Pkg.Pkg.Name()+"."+g.Name()
	switch {
	case path == "io" && g.Name() == "EOF":
		return from(f.at(Source{Kind: EOF, Code: NoCode, Name: name}, load.Pos()))
	case isContextPath(path) && (g.Name() == "Canceled" || g.Name() == "DeadlineExceeded"):
		return from(f.at(Source{Kind: Context, Code: NoCode, Name: name}, load.Pos()))
	case g.Pkg.Pkg == f.pass.Pkg:
		stored, _ := f.Program.Stored(g)
		if len(stored) == 0 {
			return from(f.unknown(load))
		}
		o := new(Origin)
		for _, value := range stored {
			o = join(o, of(value))
		}
		return o.each(func(s Source) Source { return f.at(sentinel(s, name), load.Pos()) }) // it is used here
	}
	if told := f.imports[path]; told != nil {
		if s := told.Vars.Find(g.Name()); s != nil {
			return from(f.at(sentinel(*s, name), load.Pos()))
		}
		return from(f.unknown(load))
	}
	if stub.Touches(g.Pkg.Pkg) {
		return from(f.unknown(load))
	}
	// A package that cannot reach grpc-go has no codes to give.
	return from(f.at(Source{Kind: Plain, Code: NoCode, Name: name, Opaque: true}, load.Pos()))
}

// sentinel is the source of a variable's error, by the variable's name.
func sentinel(s Source, name string) Source {
	if s.Name == "" || s.Kind == Plain {
		s.Name = name
	}
	return s
}

func isContextPath(path string) bool { return path == "context" || path == "golang.org/x/net/context" }

// call knows the calls of RPCs and streams, of package status and its like,
// of what an interceptor goes on with, and what imports tell of their
// functions.
func (f *Flow) call(t trace, call *ssa.Call, index int) (*Origin, bool) {
	if op, stream := streams.OpOf(&call.Call); op != streams.NoOp {
		return from(f.streamOp(call, op, streams.SideOf(stream.Type()))), true
	}
	obj := program.CalledObject(&call.Call)
	if obj != nil {
		if rpc := f.stubs.RPC(obj); rpc != nil {
			if call.Call.IsInvoke() && f.isWrapped(call.Call.Value.Type()) {
				return from(f.unknown(call)), true
			}
			return from(f.at(Source{Kind: RPC, Code: NoCode, Name: rpc.FullMethod}, call.Pos())), true
		}
		if o, ok := f.known(t, call, obj); ok {
			return o, true
		}
	}
	if goesOn(&call.Call) {
		return from(f.at(Source{Kind: Next, Code: NoCode, Sides: nextSide(&call.Call)}, call.Pos())), true
	}
	o, helped := t.Helped(call, index)
	switch {
	case helped:
	case obj != nil && len(f.Program.Callees(call)) == 0:
		o = f.imported(t, call, obj, index).each(func(s Source) Source {
			if s.entered == nil && !s.Pos.IsValid() {
				s.entered = call
			}
			return s
		})
	default:
		o = t.Inside(call, index)
	}
	return f.inLoop(o, call), true
}

// inLoop notes of what a call receives that it does so again and again.
func (f *Flow) inLoop(o *Origin, call *ssa.Call) *Origin {
	once := func(s Source) bool { return s.Name == streams.Recv.String() && s.OfRPC() && !s.Loop }
	if !slices.ContainsFunc(o.Sources, once) || len(f.Program.Around(call)) == 0 {
		return o
	}
	return o.each(func(s Source) Source {
		s.Loop = s.Loop || once(s)
		return s
	})
}

// streamOp: what a stream returns.
func (f *Flow) streamOp(call *ssa.Call, op streams.Op, side streams.Side) Source {
	kind := ClientSend
	switch {
	case op == streams.Context:
		return f.unknown(call)
	case side == streams.Client && op.Receives(), side == streams.Client && op == streams.Header:
		kind = ClientRecv
	case side == streams.Server && op.Receives():
		kind = ServerRecv
	case side == streams.Server:
		kind = ServerSend
	}
	return f.at(Source{Kind: kind, Code: NoCode, Name: op.String(), Loop: op == streams.Recv && len(f.Program.Around(call)) > 0}, call.Pos())
}

// isNext: the type of what an interceptor calls to go on.
func isNext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "google.golang.org/grpc" {
		return false
	}
	switch named.Obj().Name() {
	case "UnaryHandler", "StreamHandler", "UnaryInvoker", "Streamer":
		return true
	}
	return false
}

// bind replaces, in what a function of this package returns, its parameters
// by what the caller passes.
func (f *Flow) bind(t trace, o *Origin, call *ssa.Call) *Origin {
	return f.replace(t, o, call, func(p *ssa.Parameter, _ int) ssa.Value { return t.Arg(call, p) })
}

// replace replaces parameters by arguments. arg returns that of a parameter,
// which is nil, and only its index known, if it is of another package.
func (f *Flow) replace(t trace, o *Origin, call *ssa.Call, arg func(p *ssa.Parameter, i int) ssa.Value) *Origin {
	if !slices.ContainsFunc(o.Sources, func(s Source) bool { return s.Kind == Param || s.NilParam+s.TextOf+s.CodeOf > 0 }) {
		return o
	}
	bound := new(Origin)
	for _, s := range o.Sources {
		if s.NilParam > 0 {
			p := f.parameter(arg(s.nilParam, s.NilParam-1))
			s.NilParam, s.nilParam = 0, nil
			if p != nil && program.SignatureIndex(p) >= 0 {
				s = s.ifNil(p)
			}
		}
		switch {
		case s.Kind == Param:
			bound.add(f.argument(t, s, call, arg(s.param, s.Param)).Sources...)
		case s.TextOf > 0:
			bound.add(textOf(t, s, arg(s.param, s.TextOf-1)))
		case s.CodeOf > 0:
			bound.add(f.codeOf(s, arg(s.param, s.CodeOf-1)).Sources...)
		default:
			bound.add(s)
		}
	}
	return bound
}

// parameter returns the parameter that v is, be it read of the variable or the
// field that holds it; nil for others.
func (f *Flow) parameter(v ssa.Value) *ssa.Parameter {
	const most = 8
	for range most {
		if p, ok := v.(*ssa.Parameter); ok {
			return p
		}
		h, _ := f.Program.Read(v)
		if !h.Complete || len(h.Values) != 1 {
			break
		}
		v = h.Values[0]
	}
	return nil
}

// argument is what comes from a parameter, seen from a call that passes v.
func (f *Flow) argument(t trace, s Source, call *ssa.Call, v ssa.Value) *Origin {
	switch {
	case v == nil:
		return from(f.at(Source{Code: NoCode, Name: "argument"}, call.Pos()))
	case v == ssa.Value(s.param):
		return from(s) // of a function around a literal
	}
	return t.Of(v).each(func(inner Source) Source {
		inner.Tested = inner.Tested || s.Tested
		if s.Wrapped {
			return inner.heldBy(s)
		}
		return inner
	})
}

// textOf is an error that holds the text of a parameter, seen from a call that
// passes v.
func textOf(t trace, s Source, v ssa.Value) Source {
	if v != nil && v == ssa.Value(s.param) {
		return s
	}
	s.TextOf, s.param = 0, nil
	if v == nil {
		return s
	}
	return s.withText(t.Of(v))
}

// codeOf is a status whose code is a parameter, seen from a call that passes
// v.
func (f *Flow) codeOf(s Source, v ssa.Value) *Origin {
	if v != nil && v == ssa.Value(s.param) {
		return from(s)
	}
	s.CodeOf, s.param = 0, nil
	if v == nil {
		return from(s)
	}
	if p, ok := v.(*ssa.Parameter); ok && program.SignatureIndex(p) >= 0 {
		s.CodeOf, s.param = program.SignatureIndex(p)+1, p
		return from(s)
	}
	return f.withCodes(v, s)
}

// imported is the origin of an error that a function of another package
// returns, by that package's fact.
func (f *Flow) imported(t trace, call *ssa.Call, obj *types.Func, index int) *Origin {
	if obj.Pkg() == nil || obj.Pkg() == f.pass.Pkg || index != obj.Signature().Results().Len()-1 {
		return from(f.unknown(call))
	}
	told := f.imports.Of(obj)
	if f.Program.Body(call) != nil && (told == nil || told.Funcs.Of(obj) == nil) {
		return t.Inside(call, index)
	}
	if told == nil {
		s := f.unknown(call)
		s.foreign = !stub.Touches(obj.Pkg()) && seesNothing(obj.Signature())
		return from(s)
	}
	sources := told.Funcs.Of(obj)
	if sources == nil || slices.ContainsFunc(*sources, f.mayBeWrapped) {
		return from(f.unknown(call))
	}
	return f.replace(t, &Origin{*sources}, call, func(_ *ssa.Parameter, i int) ssa.Value { return program.SignatureArg(call, i) })
}

// seesNothing: a function is given neither functions nor interfaces, but for
// contexts, by which errors of others could reach it.
func seesNothing(sig *types.Signature) bool {
	opens := func(t types.Type) bool {
		switch t := t.Underlying().(type) {
		case *types.Signature:
			return true
		case *types.Interface:
			return t.NumMethods() > 0
		}
		return false
	}
	for p := range sig.Params().Variables() {
		if opens(p.Type()) && !stub.IsContext(p.Type()) {
			return false
		}
	}
	recv := sig.Recv()
	if recv == nil {
		return true
	}
	t := recv.Type()
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return !opens(t)
	}
	for field := range s.Fields() {
		if opens(field.Type()) {
			return false
		}
	}
	return true
}

// callName names a function for people: "sql.Open", "DB.Query".
func callName(obj *types.Func) string {
	if recv := obj.Signature().Recv(); recv != nil {
		return strings.TrimPrefix(typeName(recv.Type()), "*") + "." + obj.Name()
	}
	if obj.Pkg() == nil {
		return obj.Name()
	}
	return obj.Pkg().Name() + "." + obj.Name()
}
