package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// isEndless: what background work is made of, a loop without a condition
// that waits for events, sleeps or has no way out.
func (s *survey) isEndless(loop *ast.ForStmt) bool {
	return loop.Cond == nil && (pauses(loop.Body) || !s.leaves(loop.Body))
}

// pauses: the block selects among channels or sleeps.
func pauses(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectStmt:
			found = true
		case *ast.SelectorExpr:
			found = found || n.Sel.Name == "Sleep"
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}

// leaves: something in a loop's body ends the loop, or may.
func (s *survey) leaves(body *ast.BlockStmt) bool {
	found := false
	var look func(n ast.Node, inner bool)
	look = func(root ast.Node, inner bool) {
		ast.Inspect(root, func(n ast.Node) bool {
			if n == root {
				return true
			}
			switch n := n.(type) {
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = found || n.Tok == token.GOTO || n.Tok == token.BREAK && (n.Label != nil || !inner)
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if !inner { // a break there is its own
					look(n, true)
					return false
				}
			case *ast.CallExpr:
				switch fn := typeutil.Callee(s.pass.TypesInfo, n).(type) {
				case *types.Builtin:
					found = found || fn.Name() == "panic"
				case *types.Func: // os.Exit, log.Fatal
					found = found || noreturn.EndsProcess(fn) || noreturn.NamedForEnding(fn)
				}
			case *ast.FuncLit:
				return false
			}
			return !found
		})
	}
	look(body, false)
	return found
}

// isTicker: the channel of a ticker.
func (s *survey) isTicker(x ast.Expr) bool {
	sel, ok := x.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "C" && isNamed(s.pass.TypesInfo.TypeOf(sel.X), "time", "Ticker")
}

// isSignals: a channel of signals.
func (s *survey) isSignals(x ast.Expr) bool {
	t := s.pass.TypesInfo.TypeOf(x)
	if t == nil {
		return false
	}
	ch, ok := t.Underlying().(*types.Chan)
	return ok && isNamed(ch.Elem(), "os", "Signal")
}

func (s *survey) waitsForSignal(recv *ast.UnaryExpr) bool {
	return recv.Op == token.ARROW && s.isSignals(recv.X)
}

// waitsForEnd: <-ctx.Done() as a statement, where nothing else is waited
// for: the context of a process is done when somebody stops it.
func (s *survey) waitsForEnd(stmt *ast.ExprStmt) bool {
	recv, ok := ast.Unparen(stmt.X).(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	call, ok := ast.Unparen(recv.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Done" && stub.IsContext(s.pass.TypesInfo.TypeOf(sel.X))
}

// isNamed: t is the named type, or a pointer to it.
func isNamed(t types.Type, path, name string) bool {
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path
}
