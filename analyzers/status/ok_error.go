package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// okError finds errors that are none:
//
//	return nil, status.Error(codes.OK, "out of stock") // nil, nil
func okError(pass *report.Pass) error {
	if !usesStatus(pass) {
		return nil
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		judgeOK(pass, call)
	}
	return nil
}

func judgeOK(pass *report.Pass, call *ast.CallExpr) {
	made := call
	fn := called(pass, call)
	if isErrOfStatus(fn) {
		// status.New(codes.OK, ...).Err()
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return
		}
		if made, ok = ast.Unparen(sel.X).(*ast.CallExpr); !ok {
			return // a status that is kept: it may be sent as such
		}
		if fn = called(pass, made); !isFunc(fn, statusPath, "New", "Newf") {
			return
		}
	} else if !makesStatus(fn) {
		return
	}
	if len(made.Args) == 0 {
		return
	}
	if code, ok := constantCode(pass, made.Args[0]); !ok || code != 0 || pass.InTest(call.Pos()) {
		return // a test may show that OK is no error
	}
	f := finding.Finding{
		Pos: call.Pos(), End: call.End(), Subject: fn.Name(),
		Message: fmt.Sprintf("no error is returned: %s.%s(%s, ...) is nil", fn.Pkg().Name(), fn.Name(), types.ExprString(made.Args[0])),
	}
	if !meansFailure(pass, call) {
		// The author says "success" in a roundabout way; the text that
		// goes with it is lost.
		f.Severity = rule.Info
	}
	pass.Report("status/ok-error", f)
}

// isErrOfStatus: the method Err of *status.Status.
func isErrOfStatus(fn *types.Func) bool {
	return fn != nil && fn.Name() == "Err" && isStatusMethod(fn)
}

// isStatusMethod: a method of *status.Status, which is declared in an
// internal package.
func isStatusMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && isStatus(recv.Type())
}

// isStatus reports whether t is *status.Status.
func isStatus(t types.Type) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	if !ok || named.Obj().Name() != "Status" || named.Obj().Pkg() == nil {
		return false
	}
	path := named.Obj().Pkg().Path()
	return path == statusPath || path == "google.golang.org/grpc/internal/status"
}

// meansFailure: what is returned beside the error is nil, or an error was
// just seen to be there.
func meansFailure(pass *report.Pass, call *ast.CallExpr) bool {
	path := syntax.Of(pass.Pass).Around(call.Pos(), call.End())
	ret := -1
	for i, n := range path {
		if r, ok := n.(*ast.ReturnStmt); ok {
			for _, result := range r.Results {
				if isNil(pass, result) {
					return true
				}
			}
			ret = i
			break
		}
	}
	if ret < 0 {
		return false
	}
	for i := ret; i+1 < len(path); i++ {
		switch outer := path[i+1].(type) {
		case *ast.IfStmt:
			if path[i] == outer.Body && testsError(pass, outer.Cond, token.NEQ) {
				return true
			}
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}

// testsError: the condition is err op nil, or holds it.
func testsError(pass *report.Pass, cond ast.Expr, op token.Token) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if ok && b.Op == op && isNil(pass, b.Y) && isError(pass.TypesInfo.TypeOf(b.X)) {
			found = true
		}
		return !found
	})
	return found
}
