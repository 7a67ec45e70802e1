package ctxflow

import (
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// handsOutConns reports whether importers can get a connection, or what is
// needed to dial one, from this package: an exported function or method
// returns it, or an exported field or variable holds it.
func (f *flow) handsOutConns() bool {
	scope := f.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Func:
			if f.returnsConn(obj.Signature()) {
				return true
			}
		case *types.Var:
			if f.isConnLike(obj.Type()) {
				return true
			}
		case *types.TypeName:
			if f.typeHandsOut(obj) {
				return true
			}
		}
	}
	return false
}

func (f *flow) typeHandsOut(obj *types.TypeName) bool {
	named, ok := obj.Type().(*types.Named)
	if !ok {
		return false
	}
	for m := range named.Methods() {
		if m.Exported() && f.returnsConn(m.Signature()) {
			return true
		}
	}
	if s, ok := named.Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if field.Exported() && f.isConnLike(field.Type()) {
				return true
			}
		}
	}
	return false
}

func (f *flow) returnsConn(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if f.isConnLike(v.Type()) {
			return true
		}
	}
	return false
}

// isConnLike: a connection, a dial option, a client's interceptor or a
// generated client; or a slice, map, pointer or function of such.
func (f *flow) isConnLike(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return f.isConnLike(t.Elem())
	case *types.Slice:
		return f.isConnLike(t.Elem())
	case *types.Map:
		return f.isConnLike(t.Elem())
	case *types.Signature:
		return isUnaryInterceptor(t) || f.returnsConn(t)
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath {
			switch obj.Name() {
			case "ClientConn", "ClientConnInterface", "DialOption", "UnaryClientInterceptor":
				return true
			}
		}
		return f.stubs.IsClient(obj)
	}
	return false
}
