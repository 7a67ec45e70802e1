package serviceconfig

import (
	"go/ast"
	"go/constant"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
)

// optionRules are the rules that judge what stands beside a config.
var optionRules = []string{"serviceconfig/overridden", "serviceconfig/disable-noop"}

// options judges service configs by the dial options beside them, where
// these are written out in one list, and by the target of the dial.
func options(pass *report.Pass) error {
	info := pass.ResultOf[dial.Analyzer].(*dial.Info)
	if len(info.Lists) == 0 {
		return nil
	}
	x := pass.ResultOf[program.Analyzer].(*program.Package).Build()
	for _, list := range info.Lists {
		judgeList(pass, x, list)
		if list.Dial != nil && isXDS(x, list.Dial.Target) {
			if last := lastConfig(list); last >= 0 && list.Options[last].Alone {
				overriddenByTarget(pass, exprOf(pass, x, list.Options[last]))
			}
		}
	}
	return nil
}

// judgeList looks at options in the order in which grpc-go applies them.
func judgeList(pass *report.Pass, x *program.Program, list dial.List) {
	last := lastConfig(list)
	if last < 0 || list.Passed {
		return
	}
	config := exprOf(pass, x, list.Options[last]) // the one that counts
	for i, option := range list.Options {
		expr := exprOf(pass, x, option)
		switch {
		case config == nil || expr == nil || !option.Alone:
		case option.Name == "WithDefaultServiceConfig" && i < last:
			replaced(pass, expr, config)
		case option.Name == "WithDisableServiceConfig":
			disableNoop(pass, expr, config)
		}
	}
}

// lastConfig is the last default service config that is surely there, or -1.
func lastConfig(list dial.List) int {
	for i := len(list.Options) - 1; i >= 0; i-- {
		if option := list.Options[i]; option.Name == "WithDefaultServiceConfig" && option.Sure {
			return i
		}
	}
	return -1
}

// exprOf returns the call that makes an option, or gets it from another
// package; nil if there is none, or in a test.
func exprOf(pass *report.Pass, x *program.Program, option dial.Listed) *ast.CallExpr {
	if option.Expr == nil || pass.InTest(option.Expr.Pos()) {
		return nil
	}
	return x.CallExpr(option.Expr)
}

// isXDS: the target is an xDS name.
func isXDS(x *program.Program, target ssa.Value) bool {
	for _, v := range x.Sources(target) {
		c, ok := v.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.String || !strings.HasPrefix(constant.StringVal(c.Value), "xds:") {
			return false
		}
	}
	return true
}
