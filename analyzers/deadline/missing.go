package deadline

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/chain"
	"github.com/grpclint/grpclint/finding/claim"
)

// reportMissing reports a root whose context reaches RPCs without getting a
// deadline on the way.
func (j *judged) reportMissing(g *group) {
	p := g.first()
	f := j.finding(g, hangs)
	f.Severity = j.severity(g)
	f.StandsOn = append(g.unbounded(), claim.Lasting())
	if p.Root.Call != nil && !p.Kept {
		f.Fixes = j.addTimeout(p.place, &p.Path)
	}
	j.Report("deadline/missing", f)
}

func hangs(p *placed) string {
	const hang = " can hang for ever: "
	switch {
	case p.Kept:
		return fmt.Sprintf("%s%s comes from %s and has no deadline%s", hang, types.ExprString(p.place), p.Root.Is, chain.Via(p.Chain))
	case p.Root.Call != nil:
		return fmt.Sprintf("%s%s has no deadline%s", hang, p.Root.Is, chain.Via(p.Chain))
	default:
		return fmt.Sprintf("%s%s of %s has no deadline%s", hang, p.Root.Is, p.Root.In, chain.Via(p.Chain))
	}
}

// addTimeout offers to derive a bounded context in front of the statement
// of the RPC. How long to wait only the author knows, so the fix is never
// safe.
func (j *judged) addTimeout(root ast.Expr, p *ctxflow.Path) []finding.Fix {
	call := j.rpcInPackage(p)
	if call == nil || len(p.Chain) > 0 || len(call.Args) == 0 || call.Args[0] != root {
		return nil // the RPC is elsewhere: where to add it is a decision
	}
	statement := enclosingStatement(syntax.Of(j.Pass.Pass).Around(call.Pos(), call.End()))
	if statement == nil {
		return nil // a loop, where a deferred cancel would pile up, or no function
	}
	timePackage, ok := imported(syntax.Of(j.Pass.Pass).File(root.Pos()), "time")
	if !ok {
		return nil
	}
	scope := j.Pkg.Scope().Innermost(call.Pos())
	if scope == nil || taken(scope, "ctx", call.Pos()) || taken(scope, "cancel", call.Pos()) {
		return nil // would shadow
	}
	if j.fixed[rootFunc(p)] {
		return nil // one function declares ctx and cancel once
	}
	j.fixed[rootFunc(p)] = true
	indent := edit.Indent(j.Pass.Pass, statement.Pos())
	context := types.ExprString(root)
	contextPackage, _, _ := strings.Cut(context, ".")
	return []finding.Fix{{
		Message: "Give the call a deadline of 10 seconds",
		Edits: []finding.Edit{
			{Pos: statement.Pos(), End: statement.Pos(), NewText: fmt.Sprintf(
				"ctx, cancel := %s.WithTimeout(%s, 10*%s.Second)\n%sdefer cancel()\n%s", contextPackage, context, timePackage, indent, indent)},
			{Pos: root.Pos(), End: root.End(), NewText: "ctx"},
		},
	}}
}

// enclosingStatement returns the statement of a block that holds the
// innermost node of path, unless a loop is between it and the function.
func enclosingStatement(path []ast.Node) ast.Stmt {
	var statement ast.Stmt
	for i, n := range path {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return nil
		case *ast.FuncDecl, *ast.FuncLit:
			return statement
		case *ast.BlockStmt:
			if statement == nil && i > 0 {
				statement, _ = path[i-1].(ast.Stmt)
			}
		case *ast.CaseClause, *ast.CommClause:
			if statement == nil && i > 0 {
				statement, _ = path[i-1].(ast.Stmt)
			}
			_ = n
		}
	}
	return nil
}

func taken(scope *types.Scope, name string, pos token.Pos) bool {
	_, obj := scope.LookupParent(name, pos)
	return obj != nil
}

// imported returns the name under which a file imports a package.
func imported(file *ast.File, path string) (name string, ok bool) {
	for _, spec := range file.Imports {
		if spec.Path.Value != `"`+path+`"` {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name, spec.Name.Name != "_" && spec.Name.Name != "."
		}
		return path[strings.LastIndexByte(path, '/')+1:], true
	}
	return "", false
}
