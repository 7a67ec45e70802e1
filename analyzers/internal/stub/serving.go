package stub

import (
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/finding/claim"
)

// TypePath names a type in facts: "import/path.Type".
func TypePath(named *types.Named) string {
	if named.Obj().Pkg() == nil {
		return named.Obj().Name()
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

// Served says on which condition a method of recv that has the shape of a
// handler is one: if its type embeds what generators make for servers, on
// none; else on that somebody serves it. A type may well have a server's
// methods and never meet a client.
func Served(recv types.Type) []claim.Condition {
	named := NamedOf(recv)
	if named == nil || EmbedsServer(named) {
		return nil
	}
	return []claim.Condition{claim.If(claim.Serves, TypePath(named))}
}

// EmbedsServer reports whether a type embeds UnimplementedFooServer or UnsafeFooServer,
// directly or through another of its own.
func EmbedsServer(named *types.Named) bool {
	set := types.NewMethodSet(types.NewPointer(named))
	for sel := range set.Methods() {
		if strings.HasPrefix(sel.Obj().Name(), "mustEmbedUnimplemented") {
			return true
		}
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if field.Embedded() && (strings.HasPrefix(field.Name(), "Unimplemented") || strings.HasPrefix(field.Name(), "Unsafe")) {
			return true
		}
	}
	return false
}

// Unimplemented returns the RPC that fn refuses, or nil: fn is the method of
// a struct beside the generated server interface that has a method of its
// name and type, and no client.
func (x *Index) Unimplemented(fn *types.Func) *Method {
	if fn == nil || fn.Pkg() == nil || x.known[fn.Pkg().Path()] == nil || fn.Signature().Recv() == nil {
		return nil
	}
	named := NamedOf(fn.Signature().Recv().Type())
	if named == nil || !strings.HasPrefix(named.Obj().Name(), "Unimplemented") {
		return nil
	}
	iface := strings.TrimPrefix(named.Obj().Name(), "Unimplemented")
	list := x.known[fn.Pkg().Path()].Server
	for i := range list {
		if list[i].Type == iface && list[i].Name == fn.Name() {
			return &list[i]
		}
	}
	return nil
}
