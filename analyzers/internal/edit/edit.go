// Package edit writes the edits that fixes are made of.
//
// All of it is about the file itself. What //line comments say, of which
// goyacc, templ and ragel write many, has no meaning for an edit: they name
// other files, lines that are not there, and no column at all.
//
// The analyzer that makes a fix requires [syntax.Analyzer].
package edit

import (
	"go/ast"
	"go/token"

	"github.com/grpclint/grpclint/finding"
)

// Insert puts text in front of what is at pos.
func Insert(pos token.Pos, text string) finding.Edit {
	return finding.Edit{Pos: pos, End: pos, NewText: text}
}

// Replace puts text in the place of a node.
func Replace(n ast.Node, text string) finding.Edit {
	return finding.Edit{Pos: n.Pos(), End: n.End(), NewText: text}
}

// Delete takes out the text from one position to another.
func Delete(from, to token.Pos) finding.Edit { return finding.Edit{Pos: from, End: to} }

// Rename replaces the name that an expression selects, such as that of the
// function that is called. It fails for names that stand by themselves: what
// is imported with a dot may mean something else under its new name.
func Rename(expr ast.Expr, to string) (finding.Edit, bool) {
	sel, ok := ast.Unparen(expr).(*ast.SelectorExpr)
	if !ok {
		return finding.Edit{}, false
	}
	return Replace(sel.Sel, to), true
}

// PrependArgument puts an argument before those of a call.
func PrependArgument(call *ast.CallExpr, text string) finding.Edit {
	if len(call.Args) > 0 {
		text += ", "
	}
	return Insert(call.Lparen+1, text)
}

// AppendArgument puts an argument behind those of a call.
func AppendArgument(call *ast.CallExpr, text string) finding.Edit {
	if len(call.Args) == 0 {
		return Insert(call.Lparen+1, text)
	}
	return Insert(call.Args[len(call.Args)-1].End(), ", "+text)
}
