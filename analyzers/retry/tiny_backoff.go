package retry

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
	"time"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// tinyBackoff reports waits between tries that are numbers without a unit: 50
// is 50 nanoseconds.
func tinyBackoff(pass *report.Pass) error {
	if !pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches {
		return nil
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if !ok || !makesBackoff(fn) || pass.InTest(call.Pos()) {
			continue
		}
		for _, arg := range call.Args {
			judgeWait(pass, fn.Name(), arg)
		}
	}
	for lit := range syntax.All[*ast.CompositeLit](syntax.Of(pass.Pass)) {
		named, ok := types.Unalias(pass.TypesInfo.TypeOf(lit)).(*types.Named)
		if !ok || named.Obj().Pkg() == nil || !isBackoffPackage(named.Obj().Pkg().Path()) || pass.InTest(lit.Pos()) {
			continue
		}
		for _, element := range lit.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if name, ok := pair.Key.(*ast.Ident); ok && isWait(name.Name) {
					judgeWait(pass, name.Name, pair.Value)
				}
			}
		}
	}
	for assign := range syntax.All[*ast.AssignStmt](syntax.Of(pass.Pass)) {
		if len(assign.Lhs) != len(assign.Rhs) || assign.Tok != token.ASSIGN || pass.InTest(assign.Pos()) {
			continue
		}
		for i, to := range assign.Lhs {
			sel, ok := ast.Unparen(to).(*ast.SelectorExpr)
			if !ok || !isWait(sel.Sel.Name) {
				continue
			}
			if field := pass.TypesInfo.Uses[sel.Sel]; field != nil && field.Pkg() != nil && isBackoffPackage(field.Pkg().Path()) {
				judgeWait(pass, sel.Sel.Name, assign.Rhs[i])
			}
		}
	}
	return nil
}

// judgeWait reports an expression that is a duration below a millisecond and
// names no unit.
func judgeWait(pass *report.Pass, of string, e ast.Expr) {
	tv := pass.TypesInfo.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.Int || !isDuration(tv.Type) {
		return
	}
	n, ok := constant.Int64Val(tv.Value)
	if !ok || n <= 0 || n >= int64(time.Millisecond) || namesUnit(pass, e) {
		return
	}
	pass.Report("retry/tiny-backoff", finding.Finding{
		Pos: e.Pos(), End: e.End(), Subject: of,
		Message: fmt.Sprintf("RPCs are repeated without a pause: %s waits %s, as %s is in nanoseconds", of, time.Duration(n), say.Expr(e)),
		Fixes:   []finding.Fix{{Message: "Wait milliseconds", Edits: unit(pass, e)}},
	})
}

// unit multiplies an expression with time.Millisecond, if the file imports time.
func unit(pass *report.Pass, e ast.Expr) []finding.Edit {
	name := edit.ImportName(pass.Pass, e.Pos(), "time")
	if name == "" {
		return nil
	}
	return []finding.Edit{{Pos: e.End(), End: e.End(), NewText: " * " + name + ".Millisecond"}}
}

func isDuration(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Duration" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time"
}

// namesUnit: something in the expression is a duration already, so that whoever
// wrote it knew.
func namesUnit(pass *report.Pass, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := pass.TypesInfo.Uses[id]; obj != nil {
				if _, isConst := obj.(*types.Const); isConst && isDuration(obj.Type()) {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// makesBackoff: a function of a library for retries that takes waits.
func makesBackoff(fn *types.Func) bool {
	if fn.Pkg() == nil || !isBackoffPackage(fn.Pkg().Path()) {
		return false
	}
	name := fn.Name()
	for _, part := range []string{"Backoff", "BackOff", "Constant", "Exponential", "Fibonacci", "Linear", "Delay", "MaxJitter", "WithPerRetryTimeout", "WithCappedDuration"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// isWait: fields of the libraries' configurations that hold waits.
func isWait(name string) bool {
	switch name {
	case "BaseDelay", "MaxDelay", "InitialInterval", "MaxInterval", "Interval", "Duration", "Initial", "Max", "Base", "Cap":
		return true
	}
	return false
}

func isBackoffPackage(path string) bool {
	for _, prefix := range []string{
		"github.com/grpc-ecosystem/go-grpc-middleware", "github.com/cenkalti/backoff", "github.com/sethvargo/go-retry", "github.com/avast/retry-go",
		"github.com/lestrrat-go/backoff", "github.com/googleapis/gax-go", "k8s.io/apimachinery/pkg/util/wait", "github.com/failsafe-go/failsafe-go", "github.com/jpillora/backoff",
	} {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return true
		}
	}
	return path == stub.GRPCPath+"/backoff"
}
