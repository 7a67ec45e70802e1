package callgraph

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/rule"
)

// comparison notes that the code of an RPC's error is compared with another
// one:
//
//	if status.Code(err) == codes.NotFound
//	switch st.Code() { case codes.NotFound:
func (w *walker) comparison(from string, b *ssa.BinOp) {
	if b.Op != token.EQL && b.Op != token.NEQ {
		return
	}
	code, with := b.X, b.Y
	if _, isConst := code.(*ssa.Const); isConst {
		code, with = with, code
	}
	number, ok := codeflow.ConstInt(with)
	if !ok || !codeflow.IsCode(with.Type()) {
		return
	}
	err := errorOf(w.Sources(code))
	if err == nil {
		return
	}
	at := w.written(b.Pos(), number)
	if at == nil {
		return
	}
	compared := report.Comparison{From: from, Code: int(number), Pos: at.Pos(), End: at.End(), Is: types.ExprString(at)}
	for _, s := range w.errors.OfIn(err, b.Block()).Sources {
		if s.Kind != errflow.RPC || s.Name == "" {
			return // of something else, too
		}
		compared.Methods = append(compared.Methods, s.Name)
	}
	if len(compared.Methods) > 0 {
		compared.Ignored = w.directives.Ignores(w.pass.Fset, rule.MustLookup("status/unreachable-code"), at.Pos())
		w.told.Comparisons = append(w.told.Comparisons, compared)
	}
}

// errorOf is the error, or the status, that a code is read from; nil if that is
// not sure.
func errorOf(sources []ssa.Value) ssa.Value {
	if len(sources) != 1 {
		return nil
	}
	call, ok := sources[0].(*ssa.Call)
	if !ok || call.Call.IsInvoke() {
		return nil
	}
	obj := program.CalledObject(&call.Call)
	if obj == nil {
		return nil
	}
	switch codeflow.Qualified(obj) {
	case "google.golang.org/grpc/status.Code", "google.golang.org/grpc/internal/status.Status.Code":
		return call.Call.Args[0]
	}
	return nil
}

// written is the expression of a constant that a comparison at pos has: an
// operand, or one of the list of a case.
func (w *walker) written(pos token.Pos, value int64) ast.Expr {
	is := func(e ast.Expr) bool {
		v := w.pass.TypesInfo.Types[e].Value
		if v == nil || v.Kind() != constant.Int {
			return false
		}
		n, exact := constant.Int64Val(v)
		return exact && n == value
	}
	for _, e := range w.compared()[pos] {
		if is(e) {
			return e
		}
	}
	return nil
}

// compared are the operands of comparisons by the positions of these, and the
// expressions of cases by their own. The index of the syntax is dropped by now.
func (w *walker) compared() map[token.Pos][]ast.Expr {
	if w.operands != nil {
		return w.operands
	}
	w.operands = make(map[token.Pos][]ast.Expr)
	for _, file := range w.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				w.operands[n.OpPos] = []ast.Expr{n.X, n.Y}
			case *ast.CaseClause:
				for _, e := range n.List {
					w.operands[e.Pos()] = append(w.operands[e.Pos()], e)
				}
			}
			return true
		})
	}
	return w.operands
}
