package retry

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// gRPC's codes of context errors.
const (
	canceled         = 1
	deadlineExceeded = 4
)

// deadCode reports codes that go-grpc-middleware's retry interceptors never
// look at: they return context errors before they look at the list.
func deadCode(pass *report.Pass) error {
	middleware(pass, func(name string, call *ast.CallExpr) {
		if name != "WithCodes" {
			return
		}
		exprs := call.Args
		if call.Ellipsis.IsValid() {
			exprs = onlyFor(pass, call)
		}
		for _, expr := range exprs {
			value := pass.TypesInfo.Types[expr].Value
			if value == nil || value.Kind() != constant.Int {
				continue // computed
			}
			n, _ := constant.Int64Val(value)
			if n != canceled && n != deadlineExceeded {
				continue
			}
			instead := ""
			if n == deadlineExceeded {
				instead = "; slow attempts need WithPerRetryTimeout"
			}
			f := finding.Finding{
				Pos: expr.Pos(), End: expr.End(), Subject: types.ExprString(expr),
				Message: fmt.Sprintf("%s is never retried: the interceptor returns context errors at once%s", types.ExprString(expr), instead),
			}
			if deletion, ok := edit.DeleteElement(pass.Pass, expr); ok && len(exprs) > 1 { // an empty list means something else
				f.Fixes = []finding.Fix{{Message: "Remove the code, which has no effect", Edits: []finding.Edit{deletion}}}
			}
			pass.Report("retry/dead-code", f)
		}
	})
	return nil
}

// onlyFor returns the elements of a list that is used in one place: what is
// dead there may be of use elsewhere.
func onlyFor(pass *report.Pass, spread *ast.CallExpr) []ast.Expr {
	if elements := literal(spread.Args[0]); elements != nil {
		return elements
	}
	p := info(pass).SSA
	if p == nil {
		return nil
	}
	var list *ssa.Slice
	for instr := range p.Instructions {
		if call, ok := instr.(*ssa.Call); ok && call.Pos() == spread.Lparen {
			if sources := p.Sources(program.SignatureArg(call, 0)); len(sources) == 1 {
				list, _ = sources[0].(*ssa.Slice)
			}
			break
		}
	}
	if list == nil {
		return nil
	}
	alone := true
	p.Follow(list, func(_ ssa.Value, by ssa.Instruction) bool {
		alone = alone && by.Pos() == spread.Lparen
		return alone
	})
	if !alone {
		return nil
	}
	array, ok := list.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, user := range *array.Referrers() {
		addr, ok := user.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, store := range *addr.Referrers() {
			lit := syntax.Enclosing[*ast.CompositeLit](syntax.Of(pass.Pass), store.Pos())
			if store.Pos().IsValid() && lit != nil {
				return lit.Elts
			}
		}
	}
	return nil
}

func literal(expr ast.Expr) []ast.Expr {
	if lit, ok := ast.Unparen(expr).(*ast.CompositeLit); ok {
		return lit.Elts
	}
	return nil
}
