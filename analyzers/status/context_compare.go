package status

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// contextCompare reports an RPC's error that is compared with one of package
// context.
func (c *comparer) contextCompare(err ssa.Value, name string, expr ast.Expr, at ast.Node, negated bool) {
	origin := c.flow.Closed(err)
	if !c.noContextError(origin) || c.readsCode(err) {
		return
	}
	of := ofClient(origin)
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
	return ofClient(o) != nil && (!c.flow.RebuildsErrors || !hasClient(o)) && !slices.ContainsFunc(o.Sources, func(s errflow.Source) bool {
		return !s.OfRPC() && !goesOn(&s) && (s.Kind != errflow.Plain || s.Opaque)
	})
}

// ofClient returns the first source that is the error of an RPC, or what an
// interceptor of a client gets back of one.
func ofClient(o *errflow.Origin) *errflow.Source {
	if i := slices.IndexFunc(o.Sources, func(s errflow.Source) bool { return goesOn(&s) }); i >= 0 && rpcAmong(o) == nil {
		return &o.Sources[i]
	}
	return rpcAmong(o)
}

func goesOn(s *errflow.Source) bool { return s.Kind == errflow.Next && s.Sides == errflow.Client }

// contextAsked reports an RPC's error that is given to a predicate which only
// knows one of package context.
func (c *comparer) contextAsked(q errflow.Question, err ssa.Value, call *ssa.Call) {
	expr := c.flow.Program.CallExpr(call)
	origin := c.flow.Closed(err)
	if expr == nil || c.pass.InTest(call.Pos()) || !c.noContextError(origin) || c.readsCode(err) {
		return
	}
	of := ofClient(origin)
	c.pass.Report("status/context-compare", finding.Finding{
		Pos: expr.Pos(), End: expr.End(), Subject: of.Name, StandsOn: asMade(origin),
		Message: fmt.Sprintf("never true: the error of %s has a code, %s compares it with %s", subject(of), c.flow.Program.CalleeName(call), q.Context),
	})
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
			return isPackage && syntax.Mentions(c.pass.TypesInfo, a.expr, obj)
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
