package stub

import "go/types"

// HandsOutConns reports whether importers can get a connection, what is needed
// to dial one, or options of its RPCs from this package: an exported function or method
// returns it, or an exported field or variable holds it.
func (x *Index) HandsOutConns() bool {
	scope := x.pkg.Scope()
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Func:
			if x.returnsConn(obj.Signature()) {
				return true
			}
		case *types.Var:
			if x.isConnLike(obj.Type()) {
				return true
			}
		case *types.TypeName:
			if x.typeHandsOut(obj) {
				return true
			}
		}
	}
	return false
}

func (x *Index) typeHandsOut(obj *types.TypeName) bool {
	named, ok := obj.Type().(*types.Named)
	if !ok {
		return false
	}
	for m := range named.Methods() {
		if m.Exported() && x.returnsConn(m.Signature()) {
			return true
		}
	}
	if s, ok := named.Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if field.Exported() && x.isConnLike(field.Type()) {
				return true
			}
		}
	}
	return false
}

func (x *Index) returnsConn(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if x.isConnLike(v.Type()) {
			return true
		}
	}
	return false
}

// isConnLike: a connection, a dial option, a client's interceptor, a generated
// client or an option of RPCs; or a slice, map, pointer or function of such.
func (x *Index) isConnLike(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return x.isConnLike(t.Elem())
	case *types.Slice:
		return x.isConnLike(t.Elem())
	case *types.Map:
		return x.isConnLike(t.Elem())
	case *types.Signature:
		return takesInvoker(t) || x.returnsConn(t)
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() != nil && obj.Pkg().Path() == GRPCPath {
			switch obj.Name() {
			case "ClientConn", "ClientConnInterface", "DialOption", "UnaryClientInterceptor", "CallOption":
				return true
			}
		}
		return x.IsClient(obj) || isCallOption(t)
	}
	return false
}

// isCallOption: a struct of somebody's own that is a grpc.CallOption, as those of
// interceptors are.
func isCallOption(t *types.Named) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if field.Embedded() && field.Name() == "EmptyCallOption" {
			return true
		}
	}
	return false
}

// takesInvoker: the signature of a client's interceptor.
func takesInvoker(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		named, ok := types.Unalias(p.Type()).(*types.Named)
		if ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == GRPCPath && named.Obj().Name() == "UnaryInvoker" {
			return true
		}
	}
	return false
}
