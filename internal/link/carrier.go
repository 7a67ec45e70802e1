package link

import (
	"go/types"
	"strings"
)

// carries reports whether a place of a type is worth a look: through it a
// method of an interface or a function value may be called. Contexts and
// errors, of which there are many, have engines of their own; what is in an
// any comes out of it by ways that are not followed.
func (g *graph) carries(t types.Type) bool {
	for range 4 { // lists of lists
		switch u := types.Unalias(t).Underlying().(type) {
		case *types.Interface:
			if _, ok := types.Unalias(t).(*types.TypeParam); ok {
				return true
			}
			return u.NumMethods() > 0 && !g.isCommon(t)
		case *types.Signature:
			return true
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		case *types.Chan:
			t = u.Elem()
		case *types.Pointer:
			if _, ok := u.Elem().Underlying().(*types.Struct); ok {
				return false
			}
			t = u.Elem()
		default:
			return false
		}
	}
	return false
}

// isCommon: the interface is of the standard library, of gRPC or of protobuf:
// what stands behind it says little of how the program is wired, and rules know
// calls through it as they are. Health servers are another matter: programs
// hand the only one around that says how all the services are.
func (g *graph) isCommon(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	if named.Obj().Pkg() == nil {
		return true // error
	}
	path := named.Obj().Pkg().Path()
	if g.analysed[path] || path == "google.golang.org/grpc/health/grpc_health_v1" {
		return false
	}
	first, rest, _ := strings.Cut(path, "/")
	if first == "google.golang.org" {
		first, _, _ = strings.Cut(rest, "/")
		return first == "grpc" || first == "protobuf"
	}
	return !strings.Contains(first, ".")
}

// isConcrete: values of the type have methods that are declared somewhere.
func isConcrete(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok || types.IsInterface(t) {
		return false
	}
	return namedOf(t) != nil
}
