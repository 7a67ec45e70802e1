package edit

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// DeleteElement takes an argument out of a call, or an element out of a
// literal, with its comma: the whole line if it has one to itself. It fails
// where a comment would go with it that may speak of what stays.
func DeleteElement(pass *analysis.Pass, element ast.Expr) (finding.Edit, bool) {
	list, closing := listOf(pass, element)
	for i, e := range list {
		if e != element {
			continue
		}
		line := func(pos token.Pos) int { return Line(pass.Fset, pos) }
		next := closing // a trailing comma comes between, or the bracket is on the same line
		if i+1 < len(list) {
			next = list[i+1].Pos()
		}
		if i > 0 && line(list[i-1].End()) < line(element.Pos()) && line(element.End()) < line(next) {
			if deletion, ok := deleteLines(pass, element); ok {
				return deletion, true
			}
		}
		switch {
		case i > 0:
			return deleteUnlessCommented(pass, list[i-1].End(), element.End())
		case len(list) > 1:
			return deleteUnlessCommented(pass, element.Pos(), list[1].Pos())
		default:
			return deleteUnlessCommented(pass, element.Pos(), element.End())
		}
	}
	return finding.Edit{}, false
}

// listOf returns the list that an expression is an element of, and the bracket
// that closes it.
func listOf(pass *analysis.Pass, element ast.Expr) (list []ast.Expr, closing token.Pos) {
	around := syntax.Of(pass).Around(element.Pos(), element.End())
	for i, n := range around {
		if n != ast.Node(element) || i+1 == len(around) {
			continue
		}
		switch parent := around[i+1].(type) {
		case *ast.CallExpr:
			return parent.Args, parent.Rparen
		case *ast.CompositeLit:
			return parent.Elts, parent.Rbrace
		}
	}
	return nil, token.NoPos
}

// DeleteStatement takes out a statement: the lines that it is on, with the
// comment behind it, or the statement alone where such a comment goes on.
func DeleteStatement(pass *analysis.Pass, stmt ast.Stmt) (finding.Edit, bool) {
	if deletion, ok := deleteLines(pass, stmt); ok {
		return deletion, true
	}
	return deleteUnlessCommented(pass, stmt.Pos(), stmt.End())
}

// deleteLines takes out the lines that a node is on, with the comment behind
// it. It fails where such a comment goes on.
func deleteLines(pass *analysis.Pass, n ast.Node) (finding.Edit, bool) {
	start, end, ok := Lines(pass.Fset, n.Pos(), n.End())
	file := syntax.Of(pass).File(n.Pos())
	if !ok || file == nil {
		return finding.Edit{}, false
	}
	for _, group := range file.Comments {
		if group.Pos() > n.End() && group.Pos() < end && group.End() >= end {
			return finding.Edit{}, false
		}
	}
	return Delete(start, end), true
}

// deleteUnlessCommented takes out a range that is not made of whole lines,
// unless a comment begins in it that may speak of what stays.
func deleteUnlessCommented(pass *analysis.Pass, from, to token.Pos) (finding.Edit, bool) {
	file := syntax.Of(pass).File(from)
	if file == nil {
		return finding.Edit{}, false
	}
	for _, group := range file.Comments {
		if from <= group.Pos() && group.Pos() < to {
			return finding.Edit{}, false
		}
	}
	return Delete(from, to), true
}
