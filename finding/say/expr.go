package say

import "go/ast"

const much = "..." // of what is left out

// Expr writes an expression without what makes it long.
func Expr(expr ast.Expr) string {
	switch e := ast.Unparen(expr).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.BasicLit:
		return e.Value
	case *ast.SelectorExpr:
		if x := Expr(e.X); x != much {
			return x + "." + e.Sel.Name
		}
		return e.Sel.Name
	case *ast.IndexExpr:
		return Expr(e.X) + "[" + Expr(e.Index) + "]"
	case *ast.CallExpr:
		if len(e.Args) == 0 {
			return Expr(e.Fun) + "()"
		}
		return Expr(e.Fun) + "(" + much + ")"
	case *ast.StarExpr:
		return "*" + Expr(e.X)
	}
	return much
}
