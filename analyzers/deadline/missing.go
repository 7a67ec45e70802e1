package deadline

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
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
		return fmt.Sprintf("%s%s comes from %s and has no deadline%s", hang, types.ExprString(p.place), p.Root.Is, say.Via(p.Chain))
	case p.Root.Call != nil || p.Root.Given == ctxflow.CommandLine:
		return fmt.Sprintf("%s%s has no deadline%s", hang, p.Root.Is, say.Via(p.Chain))
	default:
		return fmt.Sprintf("%s%s of %s has no deadline%s", hang, p.Root.Is, p.Root.In, say.Via(p.Chain))
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
	statement, around := edit.Statement(j.Pass.Pass, call)
	if statement == nil || inLoop(statement, around) {
		return nil // a loop, where a deferred cancel would pile up, or no function
	}
	timePackage := edit.ImportName(j.Pass.Pass, root.Pos(), "time")
	if timePackage == "" {
		return nil
	}
	if edit.Meaning(j.Pass.Pass, "ctx", call.Pos()) != nil || edit.Meaning(j.Pass.Pass, "cancel", call.Pos()) != nil {
		return nil // would shadow
	}
	if j.fixed[rootFunc(p)] {
		return nil // one function declares ctx and cancel once
	}
	j.fixed[rootFunc(p)] = true
	context := types.ExprString(root)
	contextPackage, _, _ := strings.Cut(context, ".")
	return []finding.Fix{{
		Message: "Give the call a deadline of 10 seconds",
		Edits: []finding.Edit{
			edit.Before(j.Pass.Pass, statement,
				fmt.Sprintf("ctx, cancel := %s.WithTimeout(%s, 10*%s.Second)", contextPackage, context, timePackage), "defer cancel()"),
			edit.Replace(root, "ctx"),
		},
	}}
}

// inLoop reports whether a statement is a loop, or there is one around it in
// its function.
func inLoop(statement ast.Stmt, around []ast.Node) bool {
	for _, n := range append([]ast.Node{statement}, around...) {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		}
	}
	return false
}
