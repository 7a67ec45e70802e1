package deployed

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"time"

	"golang.org/x/tools/go/types/typeutil"
)

// drain notes how long a function lets RPCs end before it stops the server: the
// time of what it waits for where it calls Stop.
//
//	select {
//	case <-done:                           // GracefulStop has returned
//	case <-time.After(30 * time.Second):
//		server.Stop()
//	}
func (c *collector) drain(body *ast.BlockStmt) {
	if !c.calls(body, "GracefulStop") {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CommClause:
			if n.Comm == nil || !stopsIn(c, n.Body) {
				return true
			}
			if receive := received(n.Comm); receive != nil {
				c.told.Drain = max(c.told.Drain, c.waited(receive, body))
			}
		case *ast.CallExpr:
			// time.AfterFunc(10*time.Second, server.Stop)
			if c.isFunc(n, "time", "AfterFunc") && len(n.Args) == 2 && c.names(n.Args[1], "Stop") {
				c.told.Drain = max(c.told.Drain, c.duration(n.Args[0]))
			}
		}
		return true
	})
}

func stopsIn(c *collector, list []ast.Stmt) bool {
	for _, stmt := range list {
		if c.calls(stmt, "Stop") {
			return true
		}
	}
	return false
}

// received returns the channel that a clause of a select receives from.
func received(comm ast.Stmt) ast.Expr {
	var e ast.Expr
	switch comm := comm.(type) {
	case *ast.ExprStmt:
		e = comm.X
	case *ast.AssignStmt:
		if len(comm.Rhs) == 1 {
			e = comm.Rhs[0]
		}
	}
	if op, ok := e.(*ast.UnaryExpr); ok && op.Op == token.ARROW {
		return ast.Unparen(op.X)
	}
	return nil
}

// waited returns how long it takes until a channel has something: of
// time.After(d), timer.C, ctx.Done(). It is 0 if that is not known.
func (c *collector) waited(channel ast.Expr, body *ast.BlockStmt) time.Duration {
	switch e := channel.(type) {
	case *ast.CallExpr:
		if c.isFunc(e, "time", "After") && len(e.Args) == 1 {
			return c.duration(e.Args[0])
		}
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "Done" {
			return c.madeWith(sel.X, body)
		}
	case *ast.SelectorExpr:
		if e.Sel.Name == "C" {
			return c.madeWith(e.X, body)
		}
	}
	return 0
}

// madeWith returns the time that a context or a timer was made with, in the same
// function.
func (c *collector) madeWith(e ast.Expr, body *ast.BlockStmt) time.Duration {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return 0
	}
	obj := c.pass.TypesInfo.ObjectOf(id)
	var found time.Duration
	ast.Inspect(body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Rhs) != 1 || len(assign.Lhs) == 0 {
			return true
		}
		to, ok := assign.Lhs[0].(*ast.Ident)
		call, isCall := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
		if !ok || !isCall || c.pass.TypesInfo.ObjectOf(to) != obj {
			return true
		}
		switch {
		case c.isFunc(call, "context", "WithTimeout") && len(call.Args) == 2:
			found = max(found, c.duration(call.Args[1]))
		case c.isFunc(call, "time", "NewTimer") && len(call.Args) == 1:
			found = max(found, c.duration(call.Args[0]))
		}
		return true
	})
	return found
}

// duration returns a constant one, else 0.
func (c *collector) duration(e ast.Expr) time.Duration {
	v := c.pass.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return 0
	}
	n, ok := constant.Int64Val(v)
	if !ok {
		return 0
	}
	return time.Duration(n)
}

func (c *collector) isFunc(call *ast.CallExpr, path, name string) bool {
	fn, ok := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == path && fn.Name() == name
}

// calls reports whether a method of grpc.Server's is called somewhere in a node.
func (c *collector) calls(n ast.Node, method string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && c.names(call.Fun, method) {
			found = true
		}
		return !found
	})
	return found
}

// names reports whether an expression is a method of grpc.Server's.
func (c *collector) names(e ast.Expr, method string) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != method {
		return false
	}
	fn, ok := c.pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "google.golang.org/grpc"
}
