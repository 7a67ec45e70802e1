package reshape

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// placeShapes keep the value of the expression in another place than a
// variable.
func placeShapes() []Shape {
	shape := func(name string, rewrite func(*rewriter, *mover) bool) Shape {
		return Shape{name, "place", func(w *rewriter) bool {
			m := w.mover(w.own)
			return len(m.tuple) == 1 && !w.assigned(m) && rewrite(w, m)
		}}
	}
	return []Shape{
		shape("variable", func(w *rewriter, m *mover) bool {
			w.before(m.name + " := " + m.expr)
			w.put(m.name)
			return true
		}),
		shape("local struct", func(w *rewriter, m *mover) bool {
			w.before(fmt.Sprintf("%s := struct{ v %s }{%s}", m.name, m.local(w), m.expr))
			w.put(m.name + ".v")
			return true
		}),
		shape("package variable", func(w *rewriter, m *mover) bool {
			if len(m.vars) > 0 {
				return false
			}
			w.own.add("var %s %s = %s", m.name, m.results, m.expr)
			w.put(m.name)
			return true
		}),
		shape("slice", func(w *rewriter, m *mover) bool {
			w.before(fmt.Sprintf("%s := []%s{%s}", m.name, m.local(w), m.expr))
			w.put(m.name + "[0]")
			return true
		}),
		shape("map", func(w *rewriter, m *mover) bool {
			w.before(fmt.Sprintf("%s := map[string]%s{\"k\": %s}", m.name, m.local(w), m.expr))
			w.put(m.name + "[\"k\"]")
			return true
		}),
		shape("ranged slice", func(w *rewriter, m *mover) bool {
			if !w.endsQuietly() {
				return false
			}
			w.before(fmt.Sprintf("for _, %s := range []%s{%s} {", m.name, m.local(w), m.expr))
			w.put(m.name)
			w.source.replace(w.stmt.End(), w.stmt.End(), "\n}")
			return true
		}),
	}
}

// assigned reports whether the site's statement assigns to what the expression
// names before it gets there: before the statement that is something else.
func (w *rewriter) assigned(m *mover) bool {
	found := false
	ast.Inspect(w.stmt, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || assign.End() > w.Expr.Pos() {
			return true
		}
		for _, lhs := range assign.Lhs {
			if id, ok := lhs.(*ast.Ident); ok {
				if v, ok := w.Info.ObjectOf(id).(*types.Var); ok && slices.Contains(m.vars, v) {
					found = true
				}
			}
		}
		return true
	})
	return found
}

// endsQuietly reports whether a loop may be put around the site's statement:
// it declares nothing for others and neither leaves nor repeats anything.
func (w *rewriter) endsQuietly() bool {
	switch x := w.stmt.(type) {
	case *ast.ExprStmt:
		return true
	case *ast.AssignStmt:
		return x.Tok == token.ASSIGN
	}
	return false
}

// controlShapes change the flow of control around the site.
func controlShapes() []Shape {
	return []Shape{
		{"split if", "control", func(w *rewriter) bool {
			n, ok := w.enclosing(func(n ast.Node) bool {
				x, ok := n.(*ast.IfStmt)
				return ok && x.Init != nil
			}).(*ast.IfStmt)
			if !ok || !w.listed(n) {
				return false
			}
			init := w.source.between(n.Init.Pos(), n.Init.End())
			w.source.replace(n.Pos(), n.Cond.Pos(), "{\n"+init+"\nif ")
			w.source.replace(n.End(), n.End(), "\n}")
			return !w.ends(n)
		}},
		{"switch for if", "control", func(w *rewriter) bool {
			n, ok := w.enclosing(func(n ast.Node) bool {
				x, ok := n.(*ast.IfStmt)
				return ok && x.Else == nil && !leavesLoop(x.Body)
			}).(*ast.IfStmt)
			if !ok || !w.listed(n) {
				return false
			}
			init := ""
			if n.Init != nil {
				init = w.source.between(n.Init.Pos(), n.Init.End()) + ";"
			}
			w.source.replace(n.Pos(), n.Cond.Pos(), "switch "+init+" {\ncase ")
			w.source.replace(n.Cond.End(), n.Body.Lbrace+1, ":\n")
			return true
		}},
		{"else for return", "control", func(w *rewriter) bool {
			// if c { ...; return } rest  becomes  if !(c) { rest } else { ...; return }
			list, i := w.listWith(func(s ast.Stmt) bool {
				x, ok := s.(*ast.IfStmt)
				return ok && x.Init == nil && x.Else == nil && endsInReturn(x.Body)
			})
			if list == nil || i+1 >= len(list) {
				return false
			}
			n := list[i].(*ast.IfStmt)
			body := w.source.between(n.Body.Lbrace, n.Body.Rbrace+1)
			w.source.replace(n.Cond.Pos(), n.Cond.Pos(), "!(")
			w.source.replace(n.Cond.End(), n.Cond.End(), ")")
			w.source.replace(n.Body.Lbrace, n.Body.Rbrace+1, "{")
			last := list[len(list)-1]
			w.source.replace(last.End(), last.End(), "\n} else "+body)
			return n.Cond.End() <= w.Expr.Pos() && n.End() <= w.Expr.Pos() // the site stays in the text
		}},
		{"endless loop", "control", func(w *rewriter) bool {
			// for c { ... }  becomes  for { if !(c) { break }; ... }
			n, ok := w.enclosing(func(n ast.Node) bool {
				x, ok := n.(*ast.ForStmt)
				return ok && x.Cond != nil && x.Init == nil && x.Post == nil
			}).(*ast.ForStmt)
			if !ok {
				return false
			}
			cond := w.source.between(n.Cond.Pos(), n.Cond.End())
			w.source.replace(n.Cond.Pos(), n.Cond.End(), "")
			w.source.replace(n.Body.Lbrace+1, n.Body.Lbrace+1, "\nif !("+cond+") {\nbreak\n}\n")
			return true
		}},
		{"labelled loop", "control", func(w *rewriter) bool {
			n := w.enclosing(func(n ast.Node) bool {
				switch n.(type) {
				case *ast.ForStmt, *ast.RangeStmt:
					return true
				}
				return false
			})
			if n == nil || !w.listed(n.(ast.Stmt)) {
				return false
			}
			label := fmt.Sprintf("reshaped%d", w.index)
			used := false
			var visit func(n ast.Node, breaks bool)
			visit = func(n ast.Node, breaks bool) {
				ast.Inspect(n, func(c ast.Node) bool {
					switch x := c.(type) {
					case *ast.FuncLit:
						return false
					case *ast.ForStmt, *ast.RangeStmt:
						return c == n
					case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
						if c == n {
							return true
						}
						visit(c, false)
						return false
					case *ast.BranchStmt:
						if x.Label == nil && (x.Tok == token.CONTINUE || x.Tok == token.BREAK && breaks) {
							w.source.replace(x.End(), x.End(), " "+label)
							used = true
						}
					}
					return true
				})
			}
			visit(n, true)
			if used {
				w.source.replace(n.Pos(), n.Pos(), label+":\n")
			}
			return used
		}},
	}
}

// enclosing returns the innermost node around the site, within its function,
// that is as asked.
func (w *rewriter) enclosing(is func(ast.Node) bool) ast.Node {
	var found ast.Node
	ast.Inspect(w.Func.Body, func(n ast.Node) bool {
		if n == nil || w.Expr.Pos() < n.Pos() || n.End() < w.Expr.End() {
			return false
		}
		if is(n) {
			found = n
		}
		return true
	})
	return found
}

// lists visits the lists of statements of the site's function.
func (w *rewriter) lists(visit func([]ast.Stmt)) {
	ast.Inspect(w.Func.Body, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.BlockStmt:
			visit(x.List)
		case *ast.CaseClause:
			visit(x.Body)
		case *ast.CommClause:
			visit(x.Body)
		}
		return true
	})
}

// listed reports whether a statement is one of a list: not one behind else.
func (w *rewriter) listed(stmt ast.Stmt) bool {
	found := false
	w.lists(func(list []ast.Stmt) {
		for _, s := range list {
			found = found || s == stmt
		}
	})
	return found
}

// listWith returns the first list that has a statement as asked, and where.
func (w *rewriter) listWith(is func(ast.Stmt) bool) (found []ast.Stmt, at int) {
	w.lists(func(list []ast.Stmt) {
		for i, s := range list {
			if found == nil && is(s) {
				found, at = list, i
			}
		}
	})
	return found, at
}

// ends reports whether the function ends with a statement that it needs in
// order to return.
func (w *rewriter) ends(stmt ast.Stmt) bool {
	list := w.Func.Body.List
	return len(list) > 0 && list[len(list)-1] == stmt && w.Func.Type.Results != nil
}

func endsInReturn(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}

// leavesLoop reports whether a block breaks out of a loop around it, which a
// switch would catch.
func leavesLoop(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return false
		case *ast.BranchStmt:
			found = found || x.Tok == token.BREAK && x.Label == nil
		}
		return true
	})
	return found
}
