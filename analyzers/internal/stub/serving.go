package stub

import (
	"go/types"
	"strings"
)

// TypePath names a type in facts: "import/path.Type".
func TypePath(named *types.Named) string {
	if named.Obj().Pkg() == nil {
		return named.Obj().Name()
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
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
