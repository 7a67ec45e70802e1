package codeflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// ErrorIndex returns the index of a function's error, its last result, or -1.
func ErrorIndex(sig *types.Signature) int {
	n := sig.Results().Len()
	if n == 0 || !IsError(sig.Results().At(n-1).Type()) {
		return -1
	}
	return n - 1
}

// Versionless removes the major version from an import path.
func Versionless(path string) string {
	elements := strings.Split(path, "/")
	elements = slices.DeleteFunc(elements, func(e string) bool {
		return len(e) >= 2 && e[0] == 'v' && strings.Trim(e[1:], "0123456789") == ""
	})
	return strings.Join(elements, "/")
}

// ConstInt is a constant number.
func ConstInt(v ssa.Value) (int64, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(c.Value)
}

// ConstUint is a constant that is not negative, through conversions.
func ConstUint(v ssa.Value) (uint64, bool) {
	for {
		if convert, ok := v.(*ssa.Convert); ok {
			v = convert.X
			continue
		}
		break
	}
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int || constant.Compare(c.Value, token.LSS, constant.MakeInt64(0)) {
		return 0, false
	}
	return constant.Uint64Val(c.Value)
}

// PathOf is the import path of a function, "" for one of no package.
func PathOf(obj *types.Func) string {
	if obj.Pkg() == nil {
		return ""
	}
	return obj.Pkg().Path()
}

// Qualified names a function for comparison with known ones: "path.Func" or
// "path.Type.Method".
func Qualified(obj *types.Func) string {
	if obj.Pkg() == nil {
		return obj.Name()
	}
	name := obj.Pkg().Path() + "."
	if recv := obj.Signature().Recv(); recv != nil {
		t := types.Unalias(recv.Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if named, ok := t.(*types.Named); ok {
			name += named.Obj().Name() + "."
		}
	}
	return name + obj.Name()
}

// IsError: the type is error.
func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// Import paths of grpc-go's packages.
const (
	CodesPath    = "google.golang.org/grpc/codes"
	StatusPath   = "google.golang.org/grpc/status"
	internalPath = "google.golang.org/grpc/internal/status"
)

// IsCode: codes.Code.
func IsCode(t types.Type) bool { return IsNamed(t, CodesPath, "Code") }

// IsStatus reports whether t is *status.Status.
func IsStatus(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && (IsNamed(p.Elem(), internalPath, "Status") || IsNamed(p.Elem(), StatusPath, "Status"))
}

// IsNamed: the type of that name in a package.
func IsNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path
}
