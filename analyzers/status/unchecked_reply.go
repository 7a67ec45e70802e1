package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// uncheckedReply reports fields of a reply that are read before anybody has
// looked at the error: with an error the reply is nil.
func uncheckedReply(pass *report.Pass) error {
	if !stubs(pass).Reaches {
		return nil
	}
	for block := range syntax.All[*ast.BlockStmt](syntax.Of(pass.Pass)) {
		if !pass.InTest(block.Pos()) {
			uncheckedIn(pass, block.List)
		}
	}
	for clause := range syntax.All[*ast.CaseClause](syntax.Of(pass.Pass)) {
		if !pass.InTest(clause.Pos()) {
			uncheckedIn(pass, clause.Body)
		}
	}
	return nil
}

func uncheckedIn(pass *report.Pass, list []ast.Stmt) {
	for i, stmt := range list {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
			continue
		}
		call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
		if !ok {
			continue
		}
		fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if fn == nil {
			continue
		}
		rpc := stubs(pass).RPC(fn)
		reply, ok := assign.Lhs[0].(*ast.Ident)
		if rpc == nil || !rpc.Unary() || !ok || reply.Name == "_" {
			continue
		}
		err, ok := assign.Lhs[1].(*ast.Ident)
		if !ok || err.Name == "_" {
			continue // kept somewhere, where it may be looked at; or status/swallowed
		}
		w := &unchecked{pass: pass, reply: pass.TypesInfo.ObjectOf(reply), err: pass.TypesInfo.ObjectOf(err)}
		for _, next := range list[i+1:] {
			if w.look(next) {
				break
			}
		}
		if w.read == nil {
			continue
		}
		pass.Report("status/unchecked-reply", finding.Finding{
			Pos: w.read.Pos(), End: w.read.End(), Subject: rpc.FullMethod,
			Message: fmt.Sprintf("panics whenever %s fails: %s is nil then, and nobody has looked at the error yet", fn.Name(), reply.Name),
			Related: []finding.Related{{Message: "the RPC", Pos: call.Pos(), End: call.End()}},
		})
	}
}

// unchecked looks for what happens first: the error is named, or a field of the
// reply is read.
type unchecked struct {
	pass       *report.Pass
	reply, err types.Object
	read       *ast.SelectorExpr
}

// look reports whether a statement decides the question. Only what runs as soon
// as the statement does counts.
func (w *unchecked) look(stmt ast.Stmt) (done bool) {
	switch s := stmt.(type) {
	case *ast.DeferStmt, *ast.GoStmt, *ast.LabeledStmt:
		return w.mentions(stmt)
	case *ast.IfStmt:
		if s.Init != nil && w.look(s.Init) {
			return true
		}
		return w.expr(s.Cond) || w.mentions(stmt)
	case *ast.ForStmt, *ast.SelectStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt:
		return w.mentions(stmt)
	case *ast.RangeStmt:
		return w.expr(s.X) || w.mentions(stmt)
	case *ast.ReturnStmt:
		for _, result := range s.Results {
			if w.expr(result) {
				return true
			}
		}
		return true
	}
	return w.expr(stmt)
}

// mentions reports whether the reply or its error are named in a node, in
// whatever way.
func (w *unchecked) mentions(n ast.Node) bool {
	return syntax.Mentions(w.pass.TypesInfo, n, w.reply) || syntax.Mentions(w.pass.TypesInfo, n, w.err)
}

// expr looks at what is evaluated: the first that counts decides.
func (w *unchecked) expr(n ast.Node) (done bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if done {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			done = w.mentions(n) // runs some time
			return false
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				// reply != nil && reply.Name != ""
				done = w.mentions(n)
				return false
			}
		case *ast.SelectorExpr:
			id, ok := ast.Unparen(n.X).(*ast.Ident)
			if !ok || w.pass.TypesInfo.Uses[id] != w.reply {
				return true
			}
			if s := w.pass.TypesInfo.Selections[n]; s != nil && s.Kind() == types.FieldVal && isReply(w.reply.Type()) {
				w.read = n
			}
			done = w.read != nil // a getter does nothing to nil
			return false
		case *ast.Ident:
			if obj := w.pass.TypesInfo.ObjectOf(n); obj != nil && (obj == w.err || obj == w.reply) {
				done = true
			}
		}
		return true
	})
	return done
}

// isReply: a pointer to a message.
func isReply(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Struct)
	return ok
}
