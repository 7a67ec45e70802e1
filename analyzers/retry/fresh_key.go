package retry

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// freshKey reports idempotency tokens that are made anew for every attempt:
// to the server each is another request.
func freshKey(pass *report.Pass) error {
	for _, s := range retries(pass) {
		if s.Key.State != request.KeyFresh {
			continue
		}
		what := s.Key.Field
		if s.Key.Metadata != "" {
			what = s.Key.Metadata
		}
		if what == "" {
			what = "token"
		}
		from, to := place(pass, s)
		if s.Key.Call != nil {
			if expr := info(pass).SSA.CallExpr(s.Key.Call); expr != nil {
				from, to = expr.Pos(), expr.End()
			}
		}
		f := finding.Finding{
			Pos: from, End: to, Subject: s.RPC.FullMethod, Related: related(pass, s),
			Message: fmt.Sprintf("%s is carried out once per attempt%s: %s makes a new %s for each", name(s), through(s), s.Key.Generator, what),
		}
		if fix, ok := hoist(pass, s); ok {
			f.Fixes = []finding.Fix{fix}
		}
		pass.Report("retry/fresh-key", f)
	}
	return nil
}

// hoist moves the statement that makes the key to before the loop, or before
// the call that runs the function, if it needs nothing from inside.
func hoist(pass *report.Pass, s *retryshape.Shape) (finding.Fix, bool) {
	if s.Key.Store == nil {
		return finding.Fix{}, false
	}
	path := syntax.Of(pass.Pass).AroundPos(s.Key.Store.Pos())
	if s.Key.Call != nil {
		if expr := info(pass).SSA.CallExpr(s.Key.Call); expr != nil {
			path = syntax.Of(pass.Pass).AroundPos(expr.Pos())
		}
	}
	var statement ast.Stmt
	var body *ast.BlockStmt
	var before ast.Node // what the statement goes before
	for i, n := range path {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if statement == nil {
				statement = n
			}
		case *ast.BlockStmt:
			if statement != nil && body == nil {
				if i == 0 || path[i-1] != ast.Node(statement) {
					return finding.Fix{}, false
				}
				body = n
			}
		case *ast.ForStmt:
			if body == n.Body {
				before = n
			}
		case *ast.RangeStmt:
			if body == n.Body {
				before = n
			}
		case *ast.FuncLit:
			if body == n.Body && s.Loop == nil {
				before = n
			}
		}
		if before != nil {
			break
		}
		if statement != nil && body != nil && path[i] != ast.Node(body) {
			return finding.Fix{}, false // in a branch of the body
		}
	}
	if before == nil || statement.Pos() <= s.Call.Pos() && s.Call.Pos() < statement.End() || usesInside(pass, statement, before) {
		return finding.Fix{}, false
	}
	outer, _ := edit.Statement(pass.Pass, before)
	if outer == nil {
		return finding.Fix{}, false
	}
	edits, ok := edit.Hoist(pass.Pass, statement, outer)
	return finding.Fix{Message: "Make the key once, before the first attempt", Edits: edits}, ok
}

// usesInside: the statement names something that is declared within n, or
// that n declares.
func usesInside(pass *report.Pass, statement ast.Stmt, n ast.Node) bool {
	found := false
	ast.Inspect(statement, func(at ast.Node) bool {
		id, ok := at.(*ast.Ident)
		if !ok {
			return true
		}
		obj := pass.TypesInfo.Uses[id]
		if obj == nil {
			return true
		}
		if v, ok := obj.(*types.Var); ok && v.IsField() {
			return true
		}
		if n.Pos() <= obj.Pos() && obj.Pos() < n.End() {
			found = true
		}
		return !found
	})
	return found
}
