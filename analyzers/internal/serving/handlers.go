package serving

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A streamMethod is what serves a method with a stream.
type streamMethod struct {
	rpc *stub.Method
	obj *types.Func
}

// streamMethods returns the methods with a stream that what is registered
// has. They are complete unless it is not known what that is. What generated
// code answers with UNIMPLEMENTED is left out.
func (e *engine) streamMethods(d *Done) (list []streamMethod, complete bool) {
	if d.Impl == nil || types.IsInterface(d.Impl) {
		return nil, false
	}
	dot := strings.LastIndexByte(d.Service, '.')
	if dot < 0 {
		return nil, false
	}
	var methods []stub.Method
	for _, p := range append([]*types.Package{e.pass.Pkg}, e.pass.Pkg.Imports()...) {
		if t, ok := p.Scope().Lookup(d.Service[dot+1:]).(*types.TypeName); ok && p.Path() == d.Service[:dot] {
			methods = e.info.Stubs.Server(t.Type())
		}
	}
	if methods == nil {
		return nil, false
	}
	set := types.NewMethodSet(d.Impl)
	for i := range methods {
		m := &methods[i]
		if m.Unary() {
			continue
		}
		sel := set.Lookup(nil, m.Name)
		if sel == nil {
			continue
		}
		obj, ok := sel.Obj().(*types.Func)
		if !ok {
			return nil, false
		}
		if named := receiver(obj); named != nil && strings.HasPrefix(named.Obj().Name(), "Unimplemented") {
			continue
		}
		list = append(list, streamMethod{m, obj.Origin()})
	}
	return list, true
}

func receiver(obj *types.Func) *types.Named {
	t := recvOf(obj)
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

// OpenStream names a method with a stream, of what is registered, that does
// not ask who calls; "" if there is none, or if nobody knows.
func (info *Info) OpenStream(d *Done) string {
	return info.engine().openStream(d)
}

func (e *engine) openStream(d *Done) string {
	switch {
	case d.IsReflection() || d.IsHealth():
		return "" // meant for everybody
	case d.Elsewhere:
		return d.open
	}
	methods, complete := e.streamMethods(d)
	if !complete {
		return ""
	}
	for _, m := range methods {
		if fn := e.Declared(m.obj); fn != nil {
			if e.opens(fn) {
				return m.rpc.Name
			}
		} else if fact := e.fact(m.obj); fact != nil && fact.Open {
			return m.rpc.Name
		}
	}
	return ""
}

// opens: a function with a server's stream does not ask who calls.
func (e *engine) opens(fn *ssa.Function) bool {
	return servesStream(fn) && e.part(fn, 0) == 0 && !e.hidden(fn)
}

// hidden: the stream or its context goes to somebody who is not known, and
// who may ask.
func (e *engine) hidden(fn *ssa.Function) bool {
	var visit func(v ssa.Value, depth int) bool
	visit = func(v ssa.Value, depth int) bool {
		if depth > 6 || v.Referrers() == nil {
			return true
		}
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.DebugRef:
			case *ssa.Phi:
				if visit(r, depth+1) {
					return true
				}
			case *ssa.ChangeInterface:
				if visit(r, depth+1) {
					return true
				}
			case *ssa.Call:
				local, obj := e.Callee(&r.Call)
				switch {
				case r.Call.IsInvoke() && r.Call.Value == v:
					if stub.IsContext(r.Type()) && visit(r, depth+1) {
						return true // stream.Context()
					}
				case r.Call.IsInvoke() || obj == nil:
					return returnsError(r.Call.Signature())
				case local != nil:
					// Looked at by itself.
				case e.known.Of(obj) == nil:
					if returnsError(obj.Signature()) && !harmless(obj) {
						return true
					}
				}
			default:
				return true // captured, stored
			}
		}
		return false
	}
	for _, p := range fn.Params {
		if types.IsInterface(p.Type()) && visit(p, 0) {
			return true
		}
	}
	return false
}

// harmless: packages that do not know of callers.
func harmless(obj *types.Func) bool {
	path := obj.Pkg().Path()
	return !strings.Contains(path, ".") || strings.HasPrefix(path, "google.golang.org/")
}

func returnsError(sig *types.Signature) bool {
	results := sig.Results()
	return results.Len() > 0 && types.Identical(results.At(results.Len()-1).Type(), types.Universe.Lookup("error").Type())
}

// lasts reports whether a function with a server's stream goes on until
// somebody ends it: it has a loop without an end of its own, or waits for what
// others send.
func (e *engine) lasts(fn *ssa.Function) bool {
	return servesStream(fn) && e.goesOn(fn, 0)
}

func servesStream(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return isStream(p.Type()) })
}

func isStream(t types.Type) bool {
	if !types.IsInterface(t) {
		return false
	}
	set := types.NewMethodSet(t)
	return set.Lookup(nil, "SetTrailer") != nil && set.Lookup(nil, "SendMsg") != nil
}

func (e *engine) goesOn(fn *ssa.Function, depth int) bool {
	for _, loop := range loops.Of(fn) {
		if loop.Endless() {
			return true
		}
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Select:
				if instr.Blocking {
					return true
				}
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return true
				}
			case *ssa.Call:
				if local, _ := e.Callee(&instr.Call); local != nil && depth < 2 && e.goesOn(local, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// Lasting names a method with a stream, of what is registered, that goes on
// until somebody ends it; "" if there is none, or if nobody knows.
func (info *Info) Lasting(d *Done) string {
	return info.engine().lasting(d)
}

func (e *engine) lasting(d *Done) string {
	if d.Elsewhere {
		return d.lasts
	}
	methods, _ := e.streamMethods(d)
	for _, m := range methods {
		if fn := e.Declared(m.obj); fn != nil {
			if e.lasts(fn) {
				return m.rpc.Name
			}
		} else if fact := e.fact(m.obj); fact != nil && fact.Lasts {
			return m.rpc.Name
		}
	}
	return ""
}
