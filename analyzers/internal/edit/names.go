package edit

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// Meaning returns what a name means at pos, or nil.
func Meaning(pass *analysis.Pass, name string, pos token.Pos) types.Object {
	scope := pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}

// LeftUnused returns the names of packages and the variables of functions that
// are used in expressions that go, and nowhere else: the compiler refuses
// imports and local variables without use.
func LeftUnused(pass *analysis.Pass, gone ...ast.Expr) []types.Object {
	var named []types.Object
	inside := make(map[*ast.Ident]bool)
	unused := make(map[types.Object]bool)
	for _, expr := range gone {
		ast.Inspect(expr, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok || inside[id] {
				return true
			}
			inside[id] = true
			obj := pass.TypesInfo.Uses[id]
			if mustBeUsed(pass, obj) && !unused[obj] {
				unused[obj] = true
				named = append(named, obj)
			}
			return true
		})
	}
	if len(named) == 0 {
		return nil
	}
	for id, obj := range pass.TypesInfo.Uses {
		if unused[obj] && !inside[id] {
			delete(unused, obj)
		}
	}
	var left []types.Object
	for _, obj := range named { // in the order of the source
		if unused[obj] {
			left = append(left, obj)
		}
	}
	return left
}

func mustBeUsed(pass *analysis.Pass, obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.PkgName:
		return true
	case *types.Var:
		return !obj.IsField() && obj.Parent() != pass.Pkg.Scope() && obj.Pkg() == pass.Pkg
	}
	return false
}
