package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// replyAndError finds replies that no client ever sees:
//
//	return &pb.Payment{Error: "declined"}, status.Error(codes.FailedPrecondition, "declined")
func replyAndError(pass *report.Pass) error {
	if !stubs(pass).Reaches {
		return nil
	}
	eachReply(pass, func(_ *ast.FuncDecl, fn *types.Func, rpc *stub.Method, ret *ast.ReturnStmt) {
		if len(ret.Results) != 2 || !carriesData(pass, ret.Results[0]) || !isFailure(pass, ret) {
			return
		}
		pass.Report("status/reply-and-error", finding.Finding{
			Pos: ret.Results[0].Pos(), End: ret.Results[0].End(), Subject: rpc.FullMethod, StandsOn: stub.Served(fn.Signature().Recv().Type()),
			Message: fmt.Sprintf("clients never see this %s: grpc-go sends either a reply or an error, here the error", replyName(fn)),
		})
	})
	return nil
}

// carriesData: &pb.Reply{...} with at least one field that is not nil,
// false, zero or empty.
func carriesData(pass *report.Pass, expr ast.Expr) bool {
	address, ok := ast.Unparen(expr).(*ast.UnaryExpr)
	if !ok || address.Op != token.AND {
		return false
	}
	lit, ok := ast.Unparen(address.X).(*ast.CompositeLit)
	if !ok {
		return false
	}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok && !isZero(pass, kv.Value) {
			return true
		}
	}
	return false
}

func isZero(pass *report.Pass, expr ast.Expr) bool {
	tv := pass.TypesInfo.Types[expr]
	if tv.IsNil() {
		return true
	}
	if tv.Value != nil {
		switch tv.Value.ExactString() {
		case "0", `""`, "false":
			return true
		}
		return false
	}
	switch expr := ast.Unparen(expr).(type) {
	case *ast.CompositeLit:
		return len(expr.Elts) == 0
	case *ast.UnaryExpr:
		return expr.Op == token.AND && isZero(pass, expr.X)
	}
	return false
}

// isFailure: the error that is returned is sure to be one: made on the spot,
// or just compared with nil.
func isFailure(pass *report.Pass, ret *ast.ReturnStmt) bool {
	switch e := ast.Unparen(ret.Results[1]).(type) {
	case *ast.CallExpr:
		fn := called(pass, e)
		if makesStatus(fn) {
			code, ok := constantCode(pass, e.Args[0])
			return ok && code != 0
		}
		return isFunc(fn, "fmt", "Errorf") || isFunc(fn, "errors", "New")
	case *ast.Ident:
		obj := pass.TypesInfo.Uses[e]
		path := syntax.Of(pass.Pass).Around(ret.Pos(), ret.End())
		for i := 0; i+1 < len(path); i++ {
			switch outer := path[i+1].(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				return false
			case *ast.IfStmt:
				if path[i] != outer.Body {
					continue
				}
				b, ok := ast.Unparen(outer.Cond).(*ast.BinaryExpr)
				if !ok || b.Op != token.NEQ || !isNil(pass, b.Y) {
					continue
				}
				if x, ok := ast.Unparen(b.X).(*ast.Ident); ok && pass.TypesInfo.Uses[x] == obj {
					return !assignedIn(pass, outer.Body, obj)
				}
			}
		}
	}
	return false
}

func assignedIn(pass *report.Pass, body *ast.BlockStmt, obj types.Object) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok {
			for _, lhs := range assign.Lhs {
				if id, ok := lhs.(*ast.Ident); ok && pass.TypesInfo.Uses[id] == obj {
					found = true
				}
			}
		}
		return !found
	})
	return found
}
