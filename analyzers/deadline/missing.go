package deadline

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// reportMissing reports a root whose context reaches RPCs without getting a
// deadline on the way.
func (j *judged) reportMissing(g *group) {
	p := g.first()
	f := finding.Finding{
		Pos: g.place.Pos(), End: g.place.End(),
		Severity: j.severity(p),
		Subject:  g.subject(),
		Related:  j.related(g),
		Premise:  finding.Premise{Services: g.services(), LongLived: true},
	}
	switch {
	case p.Kept:
		f.Message = fmt.Sprintf("%s can hang for ever: %s comes from %s and has no deadline%s", g.rpcs(), types.ExprString(g.place), p.Root.Is, via(p.Chain))
	case p.Root.Call != nil:
		f.Message = fmt.Sprintf("%s can hang for ever: %s has no deadline%s", g.rpcs(), p.Root.Is, via(p.Chain))
		f.Fixes = j.addTimeout(g.place, p)
	default:
		f.Message = fmt.Sprintf("%s can hang for ever: %s of %s has no deadline%s", g.rpcs(), p.Root.Is, p.Root.In, via(p.Chain))
	}
	j.Report("deadline/missing", f)
}

// severity lowers the finding in a program that ends by itself: its user
// sees it hang, and interrupts it.
func (j *judged) severity(p *ctxflow.Path) rule.Severity {
	if p.Command || strings.HasPrefix(p.Root.Is, "cmd.") && !j.Serves() {
		return rule.Info
	}
	return 0
}

// addTimeout offers to derive a bounded context in front of the statement
// of the RPC. How long to wait only the author knows, so the fix is never
// safe.
func (j *judged) addTimeout(root ast.Expr, p *ctxflow.Path) []finding.Fix {
	call := j.rpcInPackage(p)
	if call == nil || len(p.Chain) > 0 || len(call.Args) == 0 || call.Args[0] != root {
		return nil // the RPC is elsewhere: where to add it is a decision
	}
	file := j.file(root.Pos())
	path, _ := astutil.PathEnclosingInterval(file, call.Pos(), call.End())
	statement := enclosingStatement(path)
	if statement == nil {
		return nil // a loop, where a deferred cancel would pile up, or no function
	}
	timePackage, ok := imported(file, "time")
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
	indent := strings.Repeat("\t", j.Fset.Position(statement.Pos()).Column-1)
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
