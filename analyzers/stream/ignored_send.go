package stream

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// ignoredSend reports loops of clients that go on sending when Send has failed,
// and that nothing else ends.
func ignoredSend(pass *report.Pass) error {
	if !pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches {
		return nil
	}
	for loop := range syntax.All[*ast.ForStmt](syntax.Of(pass.Pass)) {
		ignoredIn(pass, loop, loop.Body, loop.Cond != nil)
	}
	for loop := range syntax.All[*ast.RangeStmt](syntax.Of(pass.Pass)) {
		_, endless := pass.TypesInfo.TypeOf(loop.X).Underlying().(*types.Chan)
		ignoredIn(pass, loop, loop.Body, !endless)
	}
	return nil
}

func ignoredIn(pass *report.Pass, loop ast.Stmt, body *ast.BlockStmt, ends bool) {
	if pass.InTest(loop.Pos()) || leaves(pass, body) {
		return
	}
	for _, stmt := range body.List {
		send := ignoredSendIn(pass, stmt)
		if send == nil {
			continue
		}
		sel := ast.Unparen(send.Fun).(*ast.SelectorExpr)
		f := finding.Finding{
			Pos: send.Fun.Pos(), End: send.Fun.End(), Subject: types.ExprString(sel.X),
			Message: fmt.Sprintf("goes on sending into a stream that is over: the loop does not end when %s fails", types.ExprString(send.Fun)),
		}
		if ends {
			f.Severity = rule.Info // it does so a few times
		}
		pass.Report("stream/ignored-send", f)
		return
	}
}

// ignoredSendIn returns the call of a client's Send in a statement that does
// nothing about its error, or does no more than to write it down.
func ignoredSendIn(pass *report.Pass, stmt ast.Stmt) *ast.CallExpr {
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		return clientSend(pass, s.X)
	case *ast.AssignStmt:
		if id, ok := s.Lhs[0].(*ast.Ident); ok && len(s.Lhs) == 1 && id.Name == "_" && len(s.Rhs) == 1 {
			return clientSend(pass, s.Rhs[0])
		}
	case *ast.IfStmt:
		assign, ok := s.Init.(*ast.AssignStmt)
		if !ok || len(assign.Rhs) != 1 || len(assign.Lhs) != 1 || s.Else != nil {
			return nil
		}
		send := clientSend(pass, assign.Rhs[0])
		cond, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
		if send == nil || !ok || cond.Op != token.NEQ || !onlyLogs(pass, s.Body) {
			return nil
		}
		return send
	}
	return nil
}

// clientSend returns a call of Send on a client's stream, which can be closed
// for sending.
func clientSend(pass *report.Pass, e ast.Expr) *ast.CallExpr {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Send" && sel.Sel.Name != "SendMsg" {
		return nil
	}
	t := pass.TypesInfo.TypeOf(sel.X)
	if t == nil || !types.IsInterface(t) {
		return nil
	}
	for _, name := range []string{"CloseSend", "RecvMsg", "Header", "Trailer"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, false, pass.Pkg, name); obj == nil {
			return nil
		}
	}
	return call
}

// leaves reports whether something in a loop may end it, or ask how the stream
// is.
func leaves(pass *report.Pass, body *ast.BlockStmt) bool {
	found := false
	var visit func(n ast.Node, inner bool)
	visit = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			if found || m == n {
				return !found
			}
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				visit(m, true)
				return false
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = m.Tok == token.GOTO || m.Tok == token.BREAK && (!inner || m.Label != nil)
			case *ast.CallExpr:
				fn, _ := typeutil.Callee(pass.TypesInfo, m).(*types.Func)
				if fn != nil && (fn.Name() == "Context" || fn.Name() == "Err" || strings.HasPrefix(fn.Name(), "Fatal") || fn.Name() == "Exit") {
					found = true
				}
				if id, ok := m.Fun.(*ast.Ident); ok && id.Name == "panic" {
					found = true
				}
			case *ast.UnaryExpr:
				// <-done: others may have an end in mind, of which a range is not one
				found = found || m.Op == token.ARROW && inner
			}
			return !found
		})
	}
	visit(body, false)
	return found
}

// onlyLogs reports whether a block does nothing but to write something down, and
// to go on.
func onlyLogs(pass *report.Pass, body *ast.BlockStmt) bool {
	for _, stmt := range body.List {
		switch s := stmt.(type) {
		case *ast.BranchStmt:
			if s.Tok != token.CONTINUE {
				return false
			}
		case *ast.ExprStmt:
			call, ok := ast.Unparen(s.X).(*ast.CallExpr)
			if !ok || !writesDown(pass, call) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// writesDown: a function or method that is called as those of loggers are.
func writesDown(pass *report.Pass, call *ast.CallExpr) bool {
	fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if fn == nil {
		return false
	}
	for _, prefix := range []string{"Print", "Log", "Debug", "Info", "Warn", "Error", "Trace"} {
		if strings.HasPrefix(fn.Name(), prefix) {
			return true
		}
	}
	return false
}
