package retry

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// deafSleep reports time.Sleep between the attempts of an RPC whose context
// may end meanwhile.
func deafSleep(pass *report.Pass) error {
	for _, sleep := range info(pass).Sleeps {
		if pass.InTest(sleep.Call.Pos()) {
			continue
		}
		expr := info(pass).SSA.CallExpr(sleep.Call)
		if expr == nil {
			continue
		}
		f := finding.Finding{
			Pos: expr.Pos(), End: expr.End(), Subject: sleep.RPC.FullMethod,
			Message: fmt.Sprintf("trying %s again outlasts %s: %s between two attempts does not look at it", sleep.RPC.Name(), sleep.Context, types.ExprString(expr.Fun)),
		}
		if fix, ok := listen(pass, sleep, expr); ok {
			f.Fixes = []finding.Fix{fix}
		}
		pass.Report("retry/deaf-sleep", f)
	}
	return nil
}

// listen replaces the sleep by a select, if what the function returns then
// can be written down.
func listen(pass *report.Pass, sleep *retryshape.Sleep, call *ast.CallExpr) (finding.Fix, bool) {
	if len(call.Args) != 1 {
		return finding.Fix{}, false
	}
	path := syntax.Of(pass.Pass).AroundPos(call.Pos())
	var statement *ast.ExprStmt
	var sig *types.Signature
	for _, n := range path {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if statement == nil {
				statement = n
			}
		case *ast.FuncLit:
			sig, _ = pass.TypesInfo.TypeOf(n).(*types.Signature)
		case *ast.FuncDecl:
			if fn, ok := pass.TypesInfo.Defs[n.Name].(*types.Func); ok {
				sig = fn.Signature()
			}
		}
		if sig != nil {
			break
		}
	}
	if statement == nil || statement.X != ast.Expr(call) || sig == nil {
		return finding.Fix{}, false
	}
	// The name has to mean the context around the loop, not that of one
	// attempt.
	scope := pass.Pkg.Scope().Innermost(call.Pos())
	if scope == nil {
		return finding.Fix{}, false
	}
	if _, obj := scope.LookupParent(sleep.Context, call.Pos()); obj == nil || !isContext(obj.Type()) || inLoop(path, obj.Pos()) {
		return finding.Fix{}, false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return finding.Fix{}, false
	}
	results := sig.Results()
	if results.Len() == 0 || results.At(results.Len()-1).Type().String() != "error" {
		return finding.Fix{}, false
	}
	values := make([]string, results.Len())
	for i := range results.Len() - 1 {
		zero, ok := zeroOf(results.At(i).Type())
		if !ok {
			return finding.Fix{}, false
		}
		values[i] = zero
	}
	values[len(values)-1] = sleep.Context + ".Err()"
	indent := edit.Indent(pass.Pass, statement.Pos())
	text := fmt.Sprintf("select {\n%[1]scase <-%[2]s.Done():\n%[1]s\treturn %[3]s\n%[1]scase <-%[4]s.After(%[5]s):\n%[1]s}",
		indent, sleep.Context, strings.Join(values, ", "), types.ExprString(sel.X), types.ExprString(call.Args[0]))
	return finding.Fix{
		Message: "Wait for the time or for the context, whichever ends first",
		Edits:   []finding.Edit{{Pos: statement.Pos(), End: statement.End(), NewText: text}},
	}, true
}

// inLoop reports whether pos lies within a loop of path.
func inLoop(path []ast.Node, pos token.Pos) bool {
	return slices.ContainsFunc(path, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return n.Pos() <= pos && pos < n.End()
		}
		return false
	})
}

// zeroOf writes the zero value of a type that needs no name.
func zeroOf(t types.Type) (string, bool) {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return "nil", true
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return `""`, true
		case u.Info()&types.IsBoolean != 0:
			return "false", true
		case u.Info()&types.IsNumeric != 0:
			return "0", true
		}
	}
	return "", false
}
