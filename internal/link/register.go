package link

import (
	"go/types"
	"strings"
)

// isRegister: a function has the shape of those that generated code has for each
// service, RegisterOrderServiceServer(s grpc.ServiceRegistrar, srv OrderServiceServer).
// The type of what they get says which methods serve the RPCs.
func isRegister(fn *types.Func) bool {
	sig := fn.Signature()
	if sig.Recv() != nil || sig.Params().Len() != 2 || sig.Results().Len() != 0 || !strings.HasPrefix(fn.Name(), "Register") {
		return false
	}
	registrar, handlers := namedOf(sig.Params().At(0).Type()), namedOf(sig.Params().At(1).Type())
	return registrar != nil && registrar.Obj().Pkg() != nil && registrar.Obj().Pkg().Path() == "google.golang.org/grpc" &&
		handlers != nil && types.IsInterface(handlers) && handlers.Obj().Pkg() == fn.Pkg() && fn.Name() == "Register"+handlers.Obj().Name()
}
