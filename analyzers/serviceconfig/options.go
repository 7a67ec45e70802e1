package serviceconfig

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// optionRules are the rules that judge what stands beside a config.
var optionRules = []string{"serviceconfig/overridden", "serviceconfig/disable-noop"}

// options judges service configs by the dial options beside them, where
// these are written out in one list.
func options(pass *report.Pass) error {
	if !pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches {
		return nil
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		if fn := grpcFunc(pass, call); fn == "NewClient" || fn == "Dial" || fn == "DialContext" {
			judgeOptions(pass, call.Args, isXDS(pass, call.Args))
		}
	}
	for lit := range syntax.All[*ast.CompositeLit](syntax.Of(pass.Pass)) { // []grpc.DialOption{...}
		judgeOptions(pass, lit.Elts, false)
	}
	return nil
}

// judgeOptions looks at options in the order in which grpc-go applies them.
func judgeOptions(pass *report.Pass, exprs []ast.Expr, xds bool) {
	if len(exprs) == 0 || pass.InTest(exprs[0].Pos()) {
		return
	}
	calls := grpcCalls(pass, exprs)
	defaults, disables := calls["WithDefaultServiceConfig"], calls["WithDisableServiceConfig"]
	if len(defaults) == 0 {
		return
	}
	last := defaults[len(defaults)-1] // the one that counts
	for _, earlier := range defaults[:len(defaults)-1] {
		replaced(pass, earlier, last)
	}
	if xds {
		overriddenByTarget(pass, last)
	}
	for _, disable := range disables {
		disableNoop(pass, disable, last)
	}
}

// grpcCalls returns those of exprs that are calls of functions of package
// grpc, by name.
func grpcCalls(pass *report.Pass, exprs []ast.Expr) map[string][]*ast.CallExpr {
	var calls map[string][]*ast.CallExpr
	for _, expr := range exprs {
		call, ok := ast.Unparen(expr).(*ast.CallExpr)
		if !ok {
			continue
		}
		if name := grpcFunc(pass, call); name != "" {
			if calls == nil { // most lists hold none
				calls = make(map[string][]*ast.CallExpr)
			}
			calls[name] = append(calls[name], call)
		}
	}
	return calls
}

// grpcFunc returns the name of the function of package grpc that a call
// names, or "".
func grpcFunc(pass *report.Pass, call *ast.CallExpr) string {
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != stub.GRPCPath || fn.Signature().Recv() != nil {
		return ""
	}
	return fn.Name()
}

// isXDS: one of the first two arguments, the target, is an xDS name.
func isXDS(pass *report.Pass, args []ast.Expr) bool {
	for _, arg := range args[:min(2, len(args))] {
		value := pass.TypesInfo.Types[arg].Value
		if value != nil && value.Kind() == constant.String && strings.HasPrefix(constant.StringVal(value), "xds:") {
			return true
		}
	}
	return false
}
