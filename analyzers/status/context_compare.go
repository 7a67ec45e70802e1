package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/finding"
)

// contextCompare reports an RPC's error that is compared with one of package
// context.
func (c *comparer) contextCompare(err ssa.Value, name string, expr ast.Expr, at ast.Node, negated bool) {
	origin := c.flow.Of(err)
	if !c.noContextError(origin) || readsCode(err) {
		return
	}
	of := rpcAmong(origin)
	code := "DeadlineExceeded"
	if strings.HasSuffix(name, "Canceled") {
		code = "Canceled"
	}
	outcome := "never true"
	if negated {
		outcome = "always true"
	}
	f := finding.Finding{
		Pos: at.Pos(), End: at.End(), Subject: of.Name, StandsOn: asMade(origin),
		Message: fmt.Sprintf("%s: the error of %s has the code %s, it is not %s", outcome, subject(of), code, name),
	}
	f.Fixes = c.askCode(expr, code, negated)
	c.asked = append(c.asked, asked{f, expr})
}

// noContextError: the error is that of an RPC, or one that is known not to
// be of package context.
func (c *comparer) noContextError(o *errflow.Origin) bool {
	return rpcAmong(o) != nil && (!c.flow.RebuildsErrors || !hasClient(o)) && !slices.ContainsFunc(o.Sources, func(s errflow.Source) bool {
		return !s.OfRPC() && (s.Kind != errflow.Plain || s.Opaque)
	})
}

// contextError names the error of package context that v is; "" for others.
func contextError(v ssa.Value) string {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return ""
	}
	g, ok := load.X.(*ssa.Global)
	if !ok || g.Pkg == nil || g.Pkg.Pkg.Path() != "context" && g.Pkg.Pkg.Path() != "golang.org/x/net/context" {
		return ""
	}
	if g.Name() == "Canceled" || g.Name() == "DeadlineExceeded" {
		return "context." + g.Name()
	}
	return ""
}

// An asked is a finding of contextCompare whose fix has to wait until all of
// the file are known.
type asked struct {
	finding finding.Finding
	expr    ast.Expr
}

// reportAsked reports what contextCompare found. The fixes of one file go together:
// if they left an import without use, it gets none.
func (c *comparer) reportAsked() {
	var replaced []ast.Expr
	for _, a := range c.asked {
		replaced = append(replaced, a.expr)
	}
	unused := edit.LeftUnused(c.pass.Pass, replaced...)
	for _, a := range c.asked {
		if slices.ContainsFunc(unused, func(obj types.Object) bool {
			_, isPackage := obj.(*types.PkgName)
			return isPackage && mentions(c.pass, a.expr, obj)
		}) {
			a.finding.Fixes = nil
		}
		c.pass.Report("status/context-compare", a.finding)
	}
}

// askCode replaces a comparison by one of codes, where the file imports all
// that it takes.
func (c *comparer) askCode(expr ast.Expr, code string, negated bool) []finding.Fix {
	var err ast.Expr
	switch expr := expr.(type) {
	case *ast.CallExpr:
		err = expr.Args[0]
	case *ast.BinaryExpr:
		err = expr.X
		if name := types.ExprString(expr.X); strings.HasSuffix(name, ".Canceled") || strings.HasSuffix(name, ".DeadlineExceeded") {
			err = expr.Y
		}
	default:
		return nil
	}
	status, codes := edit.ImportName(c.pass.Pass, expr.Pos(), statusPath), edit.ImportName(c.pass.Pass, expr.Pos(), codesPath)
	if status == "" || codes == "" {
		return nil
	}
	op := "=="
	if negated {
		op = "!="
	}
	return []finding.Fix{{
		Message: "Compare the code",
		Safe:    true,
		Edits:   []finding.Edit{edit.Replace(expr, fmt.Sprintf("%s.Code(%s) %s %s.%s", status, types.ExprString(err), op, codes, code))},
	}}
}
