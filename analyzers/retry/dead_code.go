package retry

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
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
	var users []ssa.Instruction
	for instr := range p.Instructions {
		if call, ok := instr.(*ssa.Call); ok && call.Pos() == spread.Lparen {
			if sources := p.Sources(program.SignatureArg(call, 0)); len(sources) == 1 {
				list, _ = sources[0].(*ssa.Slice)
			}
		} else if usesCodes(instr) {
			users = append(users, instr)
		}
	}
	if list == nil || slices.ContainsFunc(users, func(user ssa.Instruction) bool { return keeps(p, user, list) }) {
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

// usesCodes: an instruction is given a list of codes.
func usesCodes(instr ssa.Instruction) bool {
	var buffer [8]*ssa.Value
	return slices.ContainsFunc(instr.Operands(buffer[:0]), func(operand *ssa.Value) bool {
		return *operand != nil && codeflow.IsListOfCodes((*operand).Type())
	})
}

// keeps: an instruction does something with a list of codes, or lets others do
// it, besides naming it.
func keeps(p *program.Program, user ssa.Instruction, list *ssa.Slice) bool {
	hidden := false // from who is not in sight
	switch user := user.(type) {
	case *ssa.Store:
		switch addr := user.Addr.(type) {
		case *ssa.FieldAddr:
			hidden = !program.FieldOf(addr.X.Type(), addr.Field).Exported()
		case *ssa.Global:
			hidden = !addr.Object().Exported()
		default:
			hidden = true
		}
	case *ssa.Return:
		obj := user.Parent().Object()
		hidden = obj == nil || !obj.Exported()
	case ssa.CallInstruction:
		callees := p.Callees(user)
		hidden = len(callees) > 0 && !slices.ContainsFunc(callees, func(fn *ssa.Function) bool { return fn.Object() != nil && fn.Object().Exported() })
	case *ssa.Phi, *ssa.ChangeType, *ssa.MapUpdate, *ssa.DebugRef, *ssa.Field, *ssa.Extract:
		hidden = true
	}
	if hidden {
		return false
	}
	for _, operand := range user.Operands(nil) {
		if *operand != nil && codeflow.IsListOfCodes((*operand).Type()) && slices.Contains(p.Sources(*operand), ssa.Value(list)) {
			return true
		}
	}
	return false
}

func literal(expr ast.Expr) []ast.Expr {
	if lit, ok := ast.Unparen(expr).(*ast.CompositeLit); ok {
		return lit.Elts
	}
	return nil
}
