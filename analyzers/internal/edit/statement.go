package edit

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// Statement returns the innermost statement around a node that stands in a
// list of statements, where others can be put beside it, and the nodes around
// that. It is nil outside of functions.
func Statement(pass *analysis.Pass, n ast.Node) (stmt ast.Stmt, around []ast.Node) {
	path := syntax.Of(pass).Around(n.Pos(), n.End())
	for i := 1; i < len(path); i++ {
		switch path[i].(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			if stmt, ok := path[i-1].(ast.Stmt); ok && inList(path[i], stmt) {
				return stmt, path[i:]
			}
		}
	}
	return nil, nil
}

// inList: a statement of the body of a clause, or of a block that has no
// clauses.
func inList(parent ast.Node, stmt ast.Stmt) bool {
	switch stmt.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return false
	}
	clause, ok := parent.(*ast.CommClause)
	return !ok || clause.Comm != stmt
}

// Before puts statements, one a line, in front of another.
func Before(pass *analysis.Pass, stmt ast.Stmt, added ...string) finding.Edit {
	between := "\n" + Indent(pass, stmt.Pos())
	return Insert(stmt.Pos(), strings.Join(added, between)+between)
}

// After puts statements, one a line, behind another.
func After(pass *analysis.Pass, stmt ast.Stmt, added ...string) finding.Edit {
	between := "\n" + Indent(pass, stmt.Pos())
	return Insert(stmt.End(), between+strings.Join(added, between))
}

// Hoist moves a statement of one line in front of another.
func Hoist(pass *analysis.Pass, stmt, before ast.Stmt) ([]finding.Edit, bool) {
	text, ok := Source(pass, stmt.Pos(), stmt.End())
	if !ok || strings.Contains(text, "\n") {
		return nil, false
	}
	from, to, ok := Lines(pass.Fset, stmt.Pos(), stmt.End())
	if !ok {
		return nil, false
	}
	return []finding.Edit{Before(pass, before, text), Delete(from, to)}, true
}
