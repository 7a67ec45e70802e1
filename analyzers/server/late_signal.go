package server

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// lateSignal reports waits for a signal, and calls of GracefulStop, that stand
// behind a Serve which only returns when the server has stopped.
func lateSignal(pass *report.Pass) error {
	if !servers(pass).Uses["Server.Serve"] {
		return nil
	}
	for block := range syntax.All[*ast.BlockStmt](syntax.Of(pass.Pass)) {
		if !pass.InTest(block.Pos()) {
			lateIn(pass, block)
		}
	}
	return nil
}

func lateIn(pass *report.Pass, block *ast.BlockStmt) {
	for i, stmt := range block.List {
		serve := blockingServe(pass, stmt)
		if serve == nil {
			continue
		}
		server := receiver(pass, serve)
		if server == nil || stopsElsewhere(pass, block, serve, server) {
			return
		}
		for _, later := range block.List[i+1:] {
			f := finding.Finding{Subject: types.ExprString(serve.Fun), Related: []finding.Related{{Message: "returns only when the server has stopped", Pos: serve.Pos(), End: serve.End()}}}
			if wait := waitsForSignal(pass, later); wait != nil {
				f.Pos, f.End = wait.Pos(), wait.End()
				f.Message = fmt.Sprintf("signals are caught and nothing comes of them: this wait is behind %s, which does not return", types.ExprString(serve.Fun))
			} else if stop := stopOf(pass, later, server); stop != nil {
				f.Pos, f.End = stop.Pos(), stop.End()
				f.Message = fmt.Sprintf("never stops the server: %s is behind %s, which only returns when it has stopped", types.ExprString(stop.Fun), types.ExprString(serve.Fun))
			} else {
				continue
			}
			pass.Report("server/late-signal", f)
			return
		}
		return
	}
}

// blockingServe returns the call of Serve that a statement makes and waits for.
func blockingServe(pass *report.Pass, stmt ast.Stmt) *ast.CallExpr {
	var from ast.Node
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		from = s.X
	case *ast.AssignStmt:
		from = s
	case *ast.IfStmt:
		if s.Init != nil {
			from = s.Init
		} else {
			from = s.Cond
		}
	default:
		return nil
	}
	var found *ast.CallExpr
	ast.Inspect(from, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok && isServerMethod(pass, call, "Serve") {
			found = call
		}
		return found == nil
	})
	return found
}

func isServerMethod(pass *report.Pass, call *ast.CallExpr, names ...string) bool {
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != stub.GRPCPath || fn.Signature().Recv() == nil {
		return false
	}
	for _, name := range names {
		if fn.Name() == name {
			return true
		}
	}
	return false
}

// receiver returns the variable or field that a method is called on.
func receiver(pass *report.Pass, call *ast.CallExpr) types.Object {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	return objectOf(pass, sel.X)
}

// objectOf returns the variable or field that an expression is, or nil.
func objectOf(pass *report.Pass, e ast.Expr) types.Object {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return pass.TypesInfo.Uses[x]
	case *ast.SelectorExpr:
		return pass.TypesInfo.Uses[x.Sel]
	}
	return nil
}

// stopsElsewhere reports whether the server may be stopped by somebody else: a
// goroutine that is started before, or who gets the server. Then what stands
// behind Serve runs.
func stopsElsewhere(pass *report.Pass, block *ast.BlockStmt, serve *ast.CallExpr, server types.Object) bool {
	file := syntax.Of(pass.Pass).File(block.Pos())
	stopped := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if isServerMethod(pass, n, "Stop", "GracefulStop") && (n.Pos() < serve.Pos() || n.Pos() > block.End()) && receiver(pass, n) == server {
				stopped = true
			}
			for _, arg := range n.Args {
				if id, ok := ast.Unparen(arg).(*ast.Ident); ok && pass.TypesInfo.Uses[id] == server && !registers(pass, n) {
					stopped = true
				}
			}
		case *ast.SelectorExpr:
			// A method value: run.AfterFunc(d, server.Stop).
			if (n.Sel.Name == "Stop" || n.Sel.Name == "GracefulStop") && n.Pos() < serve.Pos() && objectOf(pass, n.X) == server {
				stopped = true
			}
		}
		return !stopped
	})
	return stopped
}

// registers: a call that gives the server a service.
func registers(pass *report.Pass, call *ast.CallExpr) bool {
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	return ok && len(fn.Name()) > len("Register") && fn.Name()[:len("Register")] == "Register"
}

// waitsForSignal returns the receive from a channel of signals that a statement
// is.
func waitsForSignal(pass *report.Pass, stmt ast.Stmt) ast.Expr {
	var found ast.Expr
	look := func(e ast.Expr) {
		op, ok := ast.Unparen(e).(*ast.UnaryExpr)
		if !ok || op.Op != token.ARROW {
			return
		}
		channel, ok := pass.TypesInfo.TypeOf(op.X).Underlying().(*types.Chan)
		if !ok {
			return
		}
		if named, ok := types.Unalias(channel.Elem()).(*types.Named); ok && named.Obj().Name() == "Signal" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "os" {
			found = e
		}
	}
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		look(s.X)
	case *ast.AssignStmt:
		for _, e := range s.Rhs {
			look(e)
		}
	}
	return found
}

// stopOf returns the call that stops a server and that a statement is.
func stopOf(pass *report.Pass, stmt ast.Stmt, server types.Object) *ast.CallExpr {
	s, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := ast.Unparen(s.X).(*ast.CallExpr)
	if ok && isServerMethod(pass, call, "Stop", "GracefulStop") && receiver(pass, call) == server {
		return call
	}
	return nil
}
