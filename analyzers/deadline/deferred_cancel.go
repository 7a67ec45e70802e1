package deadline

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// deferredCancel finds
//
//	for ... {
//		ctx, cancel := context.WithTimeout(...)
//		defer cancel() // runs when the function returns, not per iteration
//	}
func deferredCancel(pass *report.Pass) error {
	if !reachesGRPC(pass) {
		return nil
	}
	for loop := range syntax.All[*ast.ForStmt](syntax.Of(pass.Pass)) {
		if !runsFewTimes(pass, loop) {
			judgeLoopBody(pass, loop.Body, 0)
		}
	}
	for loop := range syntax.All[*ast.RangeStmt](syntax.Of(pass.Pass)) {
		if !rangesOverFew(pass, loop) {
			severity := rule.Severity(0)
			if isLiteral(loop.X) {
				severity = rule.Info // piles up no higher than this
			}
			judgeLoopBody(pass, loop.Body, severity)
		}
	}
	return nil
}

// judgeLoopBody looks at the statements of one loop, not at those of inner
// loops, which are judged by themselves, nor of function literals, which
// return once per iteration.
func judgeLoopBody(pass *report.Pass, body *ast.BlockStmt, severity rule.Severity) {
	if pass.InTest(body.Pos()) || handsOut(body) {
		return
	}
	made := make(map[types.Object]string) // cancel functions made in this body
	var leaving []*ast.BlockStmt          // the loop ends with them
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.AssignStmt:
			if maker, cancel := makesCancel(pass, n); cancel != nil {
				made[cancel] = maker
			}
		case *ast.BlockStmt:
			if leavesAtEnd(n) {
				leaving = append(leaving, n)
			}
		case *ast.DeferStmt:
			id, ok := ast.Unparen(n.Call.Fun).(*ast.Ident)
			if !ok {
				return false
			}
			maker := made[pass.TypesInfo.Uses[id]]
			if maker == "" {
				return false // made outside of the loop, or no cancel function
			}
			if slices.ContainsFunc(leaving, func(b *ast.BlockStmt) bool { return b.End() > n.Pos() && !continues(b, n.End()) }) {
				return false // runs once
			}
			pass.Report("deadline/deferred-cancel", finding.Finding{
				Pos: n.Pos(), End: n.End(),
				Message:  fmt.Sprintf("%s pile up until the function returns: %s of this iteration's %s is deferred in a loop", held(maker), id.Name, maker),
				Subject:  maker,
				Severity: severity,
			})
		}
		return true
	})
}

// held says what is not released in time.
func held(maker string) string {
	if strings.HasPrefix(maker, "context.WithTimeout") || strings.HasPrefix(maker, "context.WithDeadline") {
		return "contexts and timers"
	}
	return "contexts"
}

// handsOut: the iteration starts something that goes on behind it, so that
// its context has to live longer than the iteration. A literal that is
// called or deferred on the spot is not that.
func handsOut(body *ast.BlockStmt) bool {
	found := false
	onTheSpot := make(map[*ast.FuncLit]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
				onTheSpot[lit] = true
			}
		case *ast.FuncLit:
			found = found || !onTheSpot[n]
		}
		return !found
	})
	return found
}

// continues: from behind a position in a block, the loop may go on.
func continues(block *ast.BlockStmt, behind token.Pos) bool {
	found := false
	var look func(root ast.Node, inner bool)
	look = func(root ast.Node, inner bool) {
		ast.Inspect(root, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BranchStmt:
				found = found || n.Pos() > behind && n.Tok == token.CONTINUE && (n.Label != nil || !inner)
			case *ast.ForStmt, *ast.RangeStmt:
				if n != root {
					look(n, true)
					return false
				}
			case *ast.FuncLit:
				return false
			}
			return !found
		})
	}
	look(block, false)
	return found
}

// makesCancel: ctx, cancel := context.WithTimeout(...) and its like, whoever
// wrote it.
func makesCancel(pass *report.Pass, assign *ast.AssignStmt) (maker string, cancel types.Object) {
	if len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
		return "", nil
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	results, ok := pass.TypesInfo.TypeOf(call).(*types.Tuple)
	if !ok || !stub.IsContext(results.At(0).Type()) || !isCancelFunc(results.At(1).Type()) {
		return "", nil
	}
	id, ok := assign.Lhs[1].(*ast.Ident)
	if !ok {
		return "", nil
	}
	maker = types.ExprString(call.Fun)
	if fn := typeutil.StaticCallee(pass.TypesInfo, call); fn != nil && fn.Pkg() != nil && fn.Pkg().Name() == "context" {
		maker = "context." + fn.Name() // however the file calls the package
	}
	if obj := pass.TypesInfo.Defs[id]; obj != nil {
		return maker, obj
	}
	return maker, pass.TypesInfo.Uses[id]
}

// isCancelFunc: context.CancelFunc or context.CancelCauseFunc.
func isCancelFunc(t types.Type) bool {
	name := types.TypeString(types.Unalias(t), nil)
	return name == "context.CancelFunc" || name == "context.CancelCauseFunc"
}

// leavesAtEnd: the block always leaves the loop.
func leavesAtEnd(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.BREAK || last.Tok == token.GOTO
	}
	return false
}

// few is how often a deferred cancel may pile up without harm.
const few = 10

// runsFewTimes: for i := 0; i < n; i++ with a small constant n.
func runsFewTimes(pass *report.Pass, loop *ast.ForStmt) bool {
	cond, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || loop.Post == nil {
		return false
	}
	return isFew(pass, cond.Y) || isFew(pass, cond.X)
}

func isLiteral(expr ast.Expr) bool {
	_, ok := ast.Unparen(expr).(*ast.CompositeLit)
	return ok
}

// rangesOverFew: over a small constant or array.
func rangesOverFew(pass *report.Pass, loop *ast.RangeStmt) bool {
	if array, ok := types.Unalias(pass.TypesInfo.TypeOf(loop.X)).Underlying().(*types.Array); ok {
		return array.Len() <= few
	}
	return isFew(pass, loop.X)
}

func isFew(pass *report.Pass, expr ast.Expr) bool {
	value := pass.TypesInfo.Types[expr].Value
	if value == nil || value.Kind() != constant.Int {
		return false
	}
	n, err := strconv.Atoi(value.ExactString())
	return err == nil && n <= few
}
