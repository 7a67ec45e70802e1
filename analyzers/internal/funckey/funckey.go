// Package funckey names functions in facts.
package funckey

import "go/types"

// Of names a declared function or method within its package: "F", or "T.M"
// for methods of T, *T and interfaces alike.
func Of(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	t := recv.Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name() + "." + fn.Name()
	}
	return "." + fn.Name() // of an interface literal: never looked up
}
