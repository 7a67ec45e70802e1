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

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/program"
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
	d := &deferrals{Pass: pass}
	for loop := range syntax.All[*ast.ForStmt](syntax.Of(pass.Pass)) {
		if !runsFewTimes(pass, loop) {
			d.judgeLoopBody(loop.Body, 0)
		}
	}
	for loop := range syntax.All[*ast.RangeStmt](syntax.Of(pass.Pass)) {
		if !rangesOverFew(pass, loop) {
			severity := rule.Severity(0)
			if isLiteral(loop.X) {
				severity = rule.Info // piles up no higher than this
			}
			d.judgeLoopBody(loop.Body, severity)
		}
	}
	return nil
}

// deferrals are the deferred calls of a package; their view is built for those
// that stand in loops.
type deferrals struct {
	*report.Pass
	ssa      *program.Program
	at       map[token.Pos]*ssa.Defer    // by opening parenthesis
	literals map[token.Pos]*ssa.Function // by the keyword
}

// build is asked for what stands in a loop.
func (d *deferrals) build() {
	if d.ssa != nil {
		return
	}
	d.ssa = d.ResultOf[program.Analyzer].(*program.Package).Build()
	d.at, d.literals = make(map[token.Pos]*ssa.Defer), make(map[token.Pos]*ssa.Function)
	for _, fn := range d.ssa.Funcs {
		d.literals[fn.Pos()] = fn
	}
	for instr := range d.ssa.Instructions {
		if call, ok := instr.(*ssa.Defer); ok {
			d.at[call.Common().Pos()] = call
		}
	}
}

// A made context is one that an iteration makes, by maker, with a function
// that cancels it.
type made struct{ maker, cancel string }

// judgeLoopBody looks at the statements of one loop, not at those of inner
// loops, which are judged by themselves, nor of function literals, which
// return once per iteration.
func (d *deferrals) judgeLoopBody(body *ast.BlockStmt, severity rule.Severity) {
	if d.InTest(body.Pos()) {
		return
	}
	contexts := make(map[token.Pos]made) // made in this body, by the opening parenthesis
	var leaving []ast.Node               // the loop ends with them
	var deferred []*ast.DeferStmt
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.AssignStmt:
			if call, is := makesCancel(d.Pass, n); call != nil {
				contexts[call.Lparen] = is
			}
		case *ast.BlockStmt:
			if leavesAtEnd(n.List, false) {
				leaving = append(leaving, n)
			}
		case *ast.CaseClause:
			if leavesAtEnd(n.Body, true) {
				leaving = append(leaving, n)
			}
		case *ast.CommClause:
			if leavesAtEnd(n.Body, true) {
				leaving = append(leaving, n)
			}
		case *ast.DeferStmt:
			deferred = append(deferred, n)
			return false
		}
		return true
	})
	if len(contexts) == 0 || len(deferred) == 0 {
		return
	}
	d.build()
	if d.handsOut(body) {
		return
	}
	for _, n := range deferred {
		is, ok := d.cancels(n, contexts)
		if !ok || slices.ContainsFunc(leaving, func(b ast.Node) bool { return b.Pos() <= n.Pos() && b.End() > n.Pos() && !continues(b, n.End()) }) {
			continue // or runs once
		}
		if d.cancelsAnyway(body, n) {
			continue // the deferred call is for panics
		}
		d.Report("deadline/deferred-cancel", finding.Finding{
			Pos: n.Pos(), End: n.End(),
			Message:  fmt.Sprintf("%s pile up until the function returns: %s of this iteration's %s is deferred in a loop", held(is.maker), is.cancel, is.maker),
			Subject:  is.maker,
			Severity: severity,
		})
	}
}

// cancelsAnyway: the iteration goes on to call the same function by itself.
func (d *deferrals) cancelsAnyway(body *ast.BlockStmt, deferred *ast.DeferStmt) bool {
	cancel := d.called(deferred.Call)
	i := slices.IndexFunc(body.List, func(stmt ast.Stmt) bool {
		expr, ok := stmt.(*ast.ExprStmt)
		if !ok || expr.Pos() < deferred.End() {
			return false
		}
		call, ok := expr.X.(*ast.CallExpr)
		return ok && cancel != nil && d.called(call) == cancel
	})
	if i < 0 {
		return false
	}
	between := &ast.BlockStmt{Lbrace: body.Lbrace, List: body.List[:i], Rbrace: body.List[i].Pos()}
	return !continues(between, deferred.End())
}

// called returns the variable that a call names, or nil.
func (d *deferrals) called(call *ast.CallExpr) types.Object {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		return d.TypesInfo.Uses[id]
	}
	return nil
}

// cancels finds the context of the iteration that a deferred call cancels, be
// it through others.
func (d *deferrals) cancels(n *ast.DeferStmt, contexts map[token.Pos]made) (made, bool) {
	call := d.at[n.Call.Lparen]
	if call == nil {
		return made{}, false
	}
	for _, v := range d.ssa.MayRun(call) {
		cancel, ok := v.(*ssa.Extract)
		if !ok || cancel.Index != 1 || cancel.Parent() != call.Parent() {
			continue
		}
		if is, ok := contexts[cancel.Tuple.Pos()]; ok && cancel.Tuple.Pos() < n.Pos() {
			return is, true
		}
	}
	return made{}, false
}

// held says what is not released in time.
func held(maker string) string {
	if strings.HasPrefix(maker, "context.WithTimeout") || strings.HasPrefix(maker, "context.WithDeadline") {
		return "contexts and timers"
	}
	return "contexts"
}

// handsOut: the iteration starts something that goes on behind it, so that
// its context has to live longer than the iteration. A literal that the
// iteration waits for is not that.
func (d *deferrals) handsOut(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.FuncLit:
			literal := d.literals[n.Pos()]
			found = found || literal == nil || !d.ssa.Awaited(literal)
		}
		return !found
	})
	return found
}

// continues: from behind a position in a block, the loop may go on.
func continues(block ast.Node, behind token.Pos) bool {
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
func makesCancel(pass *report.Pass, assign *ast.AssignStmt) (*ast.CallExpr, made) {
	if len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
		return nil, made{}
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok {
		return nil, made{}
	}
	results, ok := pass.TypesInfo.TypeOf(call).(*types.Tuple)
	if !ok || !stub.IsContext(results.At(0).Type()) || !isCancelFunc(results.At(1).Type()) {
		return nil, made{}
	}
	id, ok := assign.Lhs[1].(*ast.Ident)
	if !ok {
		return nil, made{}
	}
	maker := types.ExprString(call.Fun)
	if fn := typeutil.StaticCallee(pass.TypesInfo, call); fn != nil && fn.Pkg() != nil && fn.Pkg().Name() == "context" {
		maker = "context." + fn.Name() // however the file calls the package
	}
	return call, made{maker, id.Name}
}

// isCancelFunc: context.CancelFunc or context.CancelCauseFunc.
func isCancelFunc(t types.Type) bool {
	name := types.TypeString(types.Unalias(t), nil)
	return name == "context.CancelFunc" || name == "context.CancelCauseFunc"
}

// leavesAtEnd: the statements of a block, or of a clause, which a break without a
// label only leaves itself, always leave the loop.
func leavesAtEnd(list []ast.Stmt, clause bool) bool {
	if len(list) == 0 {
		return false
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.BREAK && (!clause || last.Label != nil) || last.Tok == token.GOTO
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
