package conn

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// optionExpr returns the expression of an option if it stands in fn or in
// the package at all.
func optionExpr(info *dial.Info, opt *dial.Option) *ast.CallExpr {
	if opt.Call() == nil {
		return nil
	}
	return info.Expr(opt.Call())
}

// sameFunction reports whether an option is made in the function, or in the
// one around the function literal, that uses it.
func sameFunction(opt *dial.Option, fn *ssa.Function) bool {
	return opt.Call() != nil && outermost(opt.Call().Parent()) == outermost(fn)
}

func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// deleteOption makes the edits that remove an option from a call's
// arguments or from a slice literal, or the statement that appends it. It
// fails where what is left would not compile.
func deleteOption(pass *report.Pass, expr *ast.CallExpr) (edits []finding.Edit, ok bool) {
	path := syntax.Of(pass.Pass).Around(expr.Pos(), expr.End())
	i := 0
	for i < len(path) && path[i] != ast.Node(expr) {
		i++
	}
	if i+1 >= len(path) {
		return nil, false
	}
	file, isFile := path[len(path)-1].(*ast.File)
	if !isFile {
		return nil, false
	}
	var from, to token.Pos
	switch parent := path[i+1].(type) {
	case *ast.CallExpr:
		if isAppend(pass, parent) && len(parent.Args) == 2 {
			// opts = append(opts, grpc.WithBlock())
			stmt, isAssign := path[i+2].(*ast.AssignStmt)
			if !isAssign || !sameVariable(pass, stmt.Lhs, parent.Args[0]) {
				return nil, false
			}
			if _, inBlock := path[i+3].(*ast.BlockStmt); !inBlock {
				return nil, false // the init statement of something
			}
			from, to = wholeLines(pass, file, stmt.Pos(), stmt.End())
		} else {
			from, to = listElement(pass, file, parent.Args, expr)
		}
	case *ast.CompositeLit:
		from, to = listElement(pass, file, parent.Elts, expr)
	default:
		return nil, false // kept in a variable
	}
	if !from.IsValid() || cutsComment(pass, file, from, to) {
		return nil, false
	}
	edits = []finding.Edit{{Pos: from, End: to}}
	more, ok := orphans(pass, file, expr)
	return append(edits, more...), ok
}

func isAppend(pass *report.Pass, call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := pass.TypesInfo.Uses[id].(*types.Builtin)
	return ok && b.Name() == "append"
}

func sameVariable(pass *report.Pass, lhs []ast.Expr, arg ast.Expr) bool {
	if len(lhs) != 1 {
		return false
	}
	a, ok := lhs[0].(*ast.Ident)
	b, ok2 := ast.Unparen(arg).(*ast.Ident)
	return ok && ok2 && pass.TypesInfo.ObjectOf(a) == pass.TypesInfo.ObjectOf(b)
}

// listElement returns what to delete so that an element of a list goes with
// its comma: its whole line if it has one to itself.
func listElement(pass *report.Pass, file *ast.File, list []ast.Expr, elem ast.Expr) (from, to token.Pos) {
	for i, e := range list {
		if e != elem {
			continue
		}
		line := func(pos token.Pos) int { return edit.Line(pass.Fset, pos) }
		startLine, endLine := line(elem.Pos()), line(elem.End())
		alone := i > 0 && line(list[i-1].End()) < startLine
		if i+1 < len(list) {
			alone = alone && line(list[i+1].Pos()) > endLine
		} else {
			// A trailing comma, or else the bracket is on the same line.
			alone = alone && !closesOnLine(pass, file, elem.End())
		}
		switch {
		case alone:
			return wholeLines(pass, file, elem.Pos(), elem.End())
		case i > 0:
			return list[i-1].End(), elem.End()
		case len(list) > 1:
			return elem.Pos(), list[1].Pos()
		default:
			return elem.Pos(), elem.End()
		}
	}
	return token.NoPos, token.NoPos
}

// cutsComment reports whether a comment begins in a range that is not made
// of whole lines: it may speak of what stays.
func cutsComment(pass *report.Pass, file *ast.File, from, to token.Pos) bool {
	if start, _, ok := edit.Lines(pass.Fset, from, from); ok && start == from {
		return false
	}
	for _, group := range file.Comments {
		if from <= group.Pos() && group.Pos() < to {
			return true
		}
	}
	return false
}

// closesOnLine reports whether the call or literal around pos ends on the
// same line.
func closesOnLine(pass *report.Pass, file *ast.File, pos token.Pos) bool {
	onLine := func(bracket token.Pos) bool {
		return bracket >= pos && edit.Line(pass.Fset, bracket) == edit.Line(pass.Fset, pos)
	}
	closes := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			closes = closes || onLine(n.Rparen)
		case *ast.CompositeLit:
			closes = closes || onLine(n.Rbrace)
		}
		return !closes
	})
	return closes
}

// wholeLines widens a range to the lines that it is on, with the comment
// behind it.
func wholeLines(pass *report.Pass, file *ast.File, from, to token.Pos) (token.Pos, token.Pos) {
	start, end, ok := edit.Lines(pass.Fset, from, to)
	if !ok {
		return from, to
	}
	for _, group := range file.Comments {
		// A block comment that goes on is not ours to cut.
		if group.Pos() > to && group.Pos() < end && group.End() >= end {
			return from, to
		}
	}
	return start, end
}

// orphans returns edits for imports that only the deleted expression uses.
// It fails if a variable would become unused, or if the expression does
// something.
func orphans(pass *report.Pass, file *ast.File, expr *ast.CallExpr) (edits []finding.Edit, ok bool) {
	ok = true
	for _, arg := range expr.Args {
		ast.Inspect(arg, func(n ast.Node) bool {
			if call, isCall := n.(*ast.CallExpr); isCall && !pass.TypesInfo.Types[call.Fun].IsType() {
				ok = false // calls something: not for us to drop
			}
			id, isIdent := n.(*ast.Ident)
			if !isIdent {
				return true
			}
			switch obj := pass.TypesInfo.Uses[id].(type) {
			case *types.PkgName:
				if uses(pass, obj, arg) {
					return true
				}
				edit, found := deleteImport(pass, file, obj)
				ok = ok && found
				edits = append(edits, edit)
			case *types.Var:
				if obj.Parent() != pass.Pkg.Scope() && !obj.IsField() && !uses(pass, obj, arg) {
					ok = false // declared and not used
				}
			}
			return true
		})
	}
	return edits, ok
}

// uses reports whether an object is used outside of an expression.
func uses(pass *report.Pass, obj types.Object, except ast.Expr) bool {
	for id, used := range pass.TypesInfo.Uses {
		if used == obj && (id.Pos() < except.Pos() || id.Pos() > except.End()) {
			return true
		}
	}
	return false
}

// deleteImport deletes an import that stands on a line of its own in a
// group.
func deleteImport(pass *report.Pass, file *ast.File, name *types.PkgName) (finding.Edit, bool) {
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT || !gen.Lparen.IsValid() {
			continue
		}
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ImportSpec)
			if pass.TypesInfo.PkgNameOf(spec) == name {
				from, to := wholeLines(pass, file, spec.Pos(), spec.End())
				return finding.Edit{Pos: from, End: to}, true
			}
		}
	}
	return finding.Edit{}, false
}
