package deadline

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"time"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// nonpositive finds context.WithTimeout(ctx, d) with a constant d that is
// not positive, or that is a bare number and so counts nanoseconds:
//
//	context.WithTimeout(ctx, 5) // 5ns
func nonpositive(pass *report.Pass) error {
	if !reachesGRPC(pass) {
		return nil
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		judgeTimeout(pass, call)
	}
	return nil
}

func judgeTimeout(pass *report.Pass, call *ast.CallExpr) {
	fn := typeutil.StaticCallee(pass.TypesInfo, call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "context" && fn.Pkg().Path() != "golang.org/x/net/context" {
		return
	}
	if fn.Name() != "WithTimeout" && fn.Name() != "WithTimeoutCause" || len(call.Args) < 2 || pass.InTest(call.Pos()) {
		return
	}
	arg := call.Args[1]
	value := pass.TypesInfo.Types[arg].Value
	if value == nil {
		return // computed at run time
	}
	nanoseconds, exact := constant.Int64Val(value)
	if !exact {
		return
	}
	d := time.Duration(nanoseconds)
	f := finding.Finding{Pos: arg.Pos(), End: arg.End(), Subject: fn.Name()}
	switch {
	case d <= 0:
		f.Message = fmt.Sprintf("every call fails with DeadlineExceeded before it is sent: the timeout %s is not positive", types.ExprString(arg))
	case d < time.Millisecond && !namesUnit(pass, arg):
		f.Message = fmt.Sprintf("every call fails with DeadlineExceeded: the timeout %s is %s, a number without a unit counts nanoseconds", types.ExprString(arg), say.Duration(d))
		if clock := edit.ImportName(pass.Pass, arg.Pos(), "time"); clock != "" {
			f.Fixes = []finding.Fix{{
				Message: "Count seconds",
				Edits:   []finding.Edit{edit.Insert(arg.End(), "*"+clock+".Second")},
			}}
		}
	default:
		return
	}
	pass.Report("deadline/nonpositive", f)
}

// namesUnit: the expression mentions a constant of type time.Duration
// (time.Microsecond, or one of the program's own), so that its author
// thought of a unit.
func namesUnit(pass *report.Pass, expr ast.Expr) bool {
	found := false
	ast.Inspect(expr, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if c, ok := pass.TypesInfo.Uses[id].(*types.Const); ok && types.TypeString(c.Type(), nil) == "time.Duration" {
				found = found || c.Pkg() != nil && c.Pkg().Path() == "time" || !isBareNumber(c)
			}
		}
		return !found
	})
	return found
}

// isBareNumber: the type checker does not keep how a constant was written;
// one below a microsecond was hardly meant.
func isBareNumber(c *types.Const) bool {
	n, exact := constant.Int64Val(c.Val())
	return exact && n < int64(time.Microsecond)
}
