package callgraph

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

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
	c, ok := with.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int || types.TypeString(c.Type(), nil) != errflow.CodesPath+".Code" {
		return
	}
	number, exact := constant.Int64Val(c.Value)
	err := w.errorOf(code)
	if !exact || err == nil {
		return
	}
	at := w.written(b.Pos(), number)
	if at == nil {
		return
	}
	compared := report.Comparison{From: from, Code: int(number), Pos: at.Pos(), End: at.End(), Is: types.ExprString(at)}
	compared.Ignored = w.directives.Ignores(w.pass.Fset, rule.MustLookup("status/unreachable-code"), at.Pos())
	for _, s := range w.errors.OfIn(err, b.Block()).Sources {
		if s.Kind != errflow.RPC || s.Name == "" {
			return // of something else, too
		}
		compared.Methods = append(compared.Methods, s.Name)
	}
	if len(compared.Methods) > 0 {
		w.told.Comparisons = append(w.told.Comparisons, compared)
	}
}

// errorOf is the error of which a value is the code, nil if that is not sure.
func (w *walker) errorOf(code ssa.Value) ssa.Value {
	call := w.made(code)
	switch {
	case call == nil || call.Call.IsInvoke():
		return nil
	case isStatus(call, "Code"):
		return call.Call.Args[0]
	case isStatus(call, "Status.Code"):
		if from := w.made(call.Call.Args[0]); from != nil && (isStatus(from, "FromError") || isStatus(from, "Convert")) {
			return from.Call.Args[0]
		}
	}
	return nil
}

// made is the one call whose first result a value is.
func (w *walker) made(v ssa.Value) *ssa.Call {
	sources := w.Sources(v)
	if len(sources) != 1 {
		return nil
	}
	v = sources[0]
	if part, ok := v.(*ssa.Extract); ok && part.Index == 0 {
		v = part.Tuple
	}
	call, _ := v.(*ssa.Call)
	return call
}

func isStatus(call *ssa.Call, name string) bool {
	obj := program.CalledObject(&call.Call)
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	if path := obj.Pkg().Path(); path != errflow.StatusPath && path != "google.golang.org/grpc/internal/status" {
		return false
	}
	if obj.Signature().Recv() != nil {
		return "Status."+obj.Name() == name
	}
	return obj.Name() == name
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
