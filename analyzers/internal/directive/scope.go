package directive

import (
	"go/ast"
	"go/token"

	"github.com/grpclint/grpclint/finding/directive"
)

// scope finds the lines that each directive of a file speaks for:
//
//   - behind code: what begins on that line;
//   - on lines of their own: what begins on the line below the comment;
//   - file-ignore, and nolint at the package clause: the file.
//
// What begins on a line is a declaration to its end, a simple statement or
// an expression to its end, a statement with a block to its opening brace.
// The body of a function literal is no part of the statement around it: a
// directive at errgroup's Go is not meant for the whole goroutine.
func scope(fset *token.FileSet, file *ast.File, directives []*Directive) {
	tokenFile := fset.File(file.FileStart)
	begins := extents(tokenFile, file)
	packageLine := lineOf(tokenFile, file.Package)
	for _, d := range directives {
		d.File = tokenFile
		line := lineOf(tokenFile, d.Pos)
		target := line
		if !begins.code[line] && line != packageLine {
			target = lineOf(tokenFile, groupEnd(file, d.Pos))
			if !begins.code[target] { // else a comment in front of code ends the group
				target++
			}
		}
		if d.Kind == FileIgnore || d.Kind == NoLint && target == packageLine {
			d.FromLine, d.ToLine = 1, tokenFile.LineCount()
			continue
		}
		d.FromLine, d.ToLine = line, max(target, begins.declaration[target], begins.statement[target])
	}
}

func lineOf(file *token.File, pos token.Pos) int { return directive.LineOf(file, pos) }

// groupEnd returns the end of the comment group that holds pos: several
// directives, or a directive among a declaration's doc comment, speak for
// what follows the whole group.
func groupEnd(file *ast.File, pos token.Pos) token.Pos {
	for _, group := range file.Comments {
		if group.Pos() <= pos && pos < group.End() {
			return group.End()
		}
	}
	return pos
}

// lineExtents maps a line on which something begins to the line on which it
// ends.
type lineExtents struct {
	code        map[int]bool
	declaration map[int]int
	statement   map[int]int
}

func extents(tokenFile *token.File, file *ast.File) lineExtents {
	e := lineExtents{make(map[int]bool), make(map[int]int), make(map[int]int)}
	extend := func(m map[int]int, from, to token.Pos) {
		line := lineOf(tokenFile, from)
		m[line] = max(m[line], lineOf(tokenFile, to))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.File, *ast.CommentGroup, *ast.Comment:
			_, isFile := n.(*ast.File)
			return isFile
		case *ast.FuncDecl:
			extend(e.declaration, n.Type.Pos(), n.End())
		case *ast.GenDecl:
			extend(e.declaration, n.TokPos, n.End())
		case *ast.ValueSpec, *ast.TypeSpec, *ast.Field:
			extend(e.declaration, n.Pos(), n.End())
		case *ast.IfStmt:
			extend(e.statement, n.Pos(), n.Body.Lbrace)
		case *ast.ForStmt:
			extend(e.statement, n.Pos(), n.Body.Lbrace)
		case *ast.RangeStmt:
			extend(e.statement, n.Pos(), n.Body.Lbrace)
		case *ast.SwitchStmt:
			extend(e.statement, n.Pos(), n.Body.Lbrace)
		case *ast.TypeSwitchStmt:
			extend(e.statement, n.Pos(), n.Body.Lbrace)
		case *ast.SelectStmt, *ast.BlockStmt, *ast.LabeledStmt, *ast.CaseClause, *ast.CommClause:
			// Their parts speak for themselves.
		case ast.Stmt, ast.Expr:
			// An expression: an argument or element on a line of its own.
			extend(e.statement, n.Pos(), endBeforeLiteral(n))
		}
		e.code[lineOf(tokenFile, n.Pos())] = true
		e.code[lineOf(tokenFile, n.End()-1)] = true
		return true
	})
	return e
}

// endBeforeLiteral returns the end of a node, or the opening brace of the
// first function literal in it.
func endBeforeLiteral(n ast.Node) token.Pos {
	end := n.End()
	ast.Inspect(n, func(n ast.Node) bool {
		if literal, ok := n.(*ast.FuncLit); ok {
			end = min(end, literal.Body.Lbrace)
		}
		return n != nil && n.Pos() < end
	})
	return end
}
