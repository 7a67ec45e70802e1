package reshape

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// Sites returns where the code of a function can be moved so that what stands
// between two positions moves with it: the smallest expression around it that
// can be, or the largest in it. There may be none.
func (p *Package) Site(pos, end token.Pos, index int) *Site {
	file := p.fileOf(pos)
	if file == nil {
		return nil
	}
	nodes, _ := astutil.PathEnclosingInterval(file, pos, end)
	var decl *ast.FuncDecl
	for _, n := range nodes {
		if d, ok := n.(*ast.FuncDecl); ok {
			decl = d
		}
	}
	if decl == nil || decl.Body == nil || pos < decl.Body.Pos() {
		return nil
	}
	for i, n := range nodes {
		if s := p.movable(file, decl, nodes, i, index); s != nil {
			return s
		}
		if _, isStmt := n.(ast.Stmt); isStmt {
			break
		}
	}
	// Nothing around it: something in it.
	var found *Site
	ast.Inspect(nodes[0], func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok || found != nil {
			return found == nil
		}
		inner, _ := astutil.PathEnclosingInterval(file, e.Pos(), e.End())
		for i, around := range inner {
			if around == n {
				found = p.movable(file, decl, inner, i, index)
			}
		}
		return found == nil
	})
	return found
}

func (p *Package) fileOf(pos token.Pos) *ast.File {
	for _, f := range p.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// movable makes a site of the expression nodes[i], if it can be moved.
func (p *Package) movable(file *ast.File, decl *ast.FuncDecl, nodes []ast.Node, i, index int) *Site {
	e, ok := nodes[i].(ast.Expr)
	if !ok {
		return nil
	}
	switch x := e.(type) {
	case *ast.CallExpr:
		if tv := p.Info.Types[x.Fun]; tv.IsType() || tv.IsBuiltin() {
			return nil
		}
	case *ast.CompositeLit:
		if i+1 < len(nodes) {
			if u, ok := nodes[i+1].(*ast.UnaryExpr); ok && u.Op == token.AND {
				e, i = u, i+1
			}
			if _, ok := nodes[i+1].(*ast.CompositeLit); ok && x.Type == nil {
				return nil
			}
		}
	case *ast.FuncLit:
	default:
		return nil
	}
	s := &Site{File: file, Func: decl, Expr: e, index: index}
	for j := i; j+1 < len(nodes); j++ {
		if lit, ok := nodes[j].(*ast.FuncLit); ok && lit != e {
			// What is declared in a literal is free in the expression as
			// anything else; only the list of statements counts.
			_ = lit
		}
		if stmt, ok := nodes[j].(ast.Stmt); ok && inList(nodes[j+1], stmt) {
			s.stmt = stmt
			break
		}
	}
	if s.stmt == nil || !p.findFree(s) {
		return nil
	}
	return s
}

func inList(parent ast.Node, stmt ast.Stmt) bool {
	var list []ast.Stmt
	switch x := parent.(type) {
	case *ast.BlockStmt:
		list = x.List
	case *ast.CaseClause:
		list = x.Body
	case *ast.CommClause:
		list = x.Body
	}
	for _, s := range list {
		if s == stmt {
			return true
		}
	}
	return false
}

// findFree finds the variables that the expression takes from its function,
// and reports whether it means the same elsewhere if it gets their values.
func (p *Package) findFree(s *Site) bool {
	ok := true
	seen := make(map[*types.Var]bool)
	local := func(o types.Object) bool {
		return o != nil && o.Pkg() == p.Types && o.Parent() != p.Types.Scope() && o.Pos().IsValid() &&
			!(s.Expr.Pos() <= o.Pos() && o.Pos() < s.Expr.End())
	}
	ast.Inspect(s.Expr, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.Ident:
			switch o := p.Info.Uses[x].(type) {
			case *types.Var:
				if o.IsField() || !local(o) {
					break
				}
				if !seen[o] {
					seen[o] = true
					s.free = append(s.free, o)
				}
			case *types.TypeName:
				if o.Parent() != types.Universe && local(o) {
					ok = false // a local type, or a type parameter
				}
			case *types.Const:
				if local(o) {
					ok = false
				}
			case *types.Builtin:
				ok = ok && o.Name() != "recover"
			}
		case *ast.UnaryExpr:
			if x.Op == token.AND && !isLiteral(x.X) {
				ok = false // of which variable matters
			}
		case *ast.SelectorExpr:
			if sel := p.Info.Selections[x]; sel != nil && sel.Kind() == types.MethodVal && takesAddress(sel, p.Info.TypeOf(x.X)) {
				ok = false
			}
		}
		return ok
	})
	if !ok {
		return false
	}
	for _, v := range s.free {
		if p.assigned(s, v) || hasTypeParam(v.Type()) {
			return false
		}
	}
	return !hasTypeParam(p.Info.TypeOf(s.Expr))
}

func isLiteral(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok
}

// takesAddress reports whether a method with a pointer receiver is called on
// a variable.
func takesAddress(sel *types.Selection, receiver types.Type) bool {
	f, ok := sel.Obj().(*types.Func)
	if !ok {
		return false
	}
	recv := f.Signature().Recv()
	if recv == nil {
		return false
	}
	_, pointer := types.Unalias(recv.Type()).(*types.Pointer)
	_, isPointer := receiver.Underlying().(*types.Pointer)
	_, isInterface := receiver.Underlying().(*types.Interface)
	return pointer && !isPointer && !isInterface
}

// assigned reports whether the expression writes to a variable, or keeps it
// in a function literal while others write to it.
func (p *Package) assigned(s *Site, v *types.Var) bool {
	within, around := false, 0
	count := func(e ast.Expr) {
		id, ok := ast.Unparen(e).(*ast.Ident)
		if !ok || p.Info.ObjectOf(id) != v {
			if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
				if base, ok := ast.Unparen(sel.X).(*ast.Ident); ok && p.Info.Uses[base] == v && s.Expr.Pos() <= base.Pos() && base.Pos() < s.Expr.End() {
					if _, pointer := v.Type().Underlying().(*types.Pointer); !pointer {
						within = true
					}
				}
			}
			return
		}
		if s.Expr.Pos() <= id.Pos() && id.Pos() < s.Expr.End() {
			within = true
		}
		around++
	}
	ast.Inspect(s.Func, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.AssignStmt:
			for _, e := range x.Lhs {
				count(e)
			}
		case *ast.IncDecStmt:
			count(x.X)
		case *ast.RangeStmt:
			if x.Key != nil {
				count(x.Key)
			}
			if x.Value != nil {
				count(x.Value)
			}
		case *ast.ValueSpec:
			for _, id := range x.Names {
				count(id)
			}
		case *ast.Field: // a parameter has a value already
			for _, id := range x.Names {
				count(id)
			}
		}
		return true
	})
	if within {
		return true
	}
	keeps := false
	ast.Inspect(s.Expr, func(n ast.Node) bool {
		_, lit := n.(*ast.FuncLit)
		keeps = keeps || lit
		return !keeps
	})
	return keeps && around > 1
}

func hasTypeParam(t types.Type) bool {
	found := false
	var visit func(t types.Type, depth int)
	visit = func(t types.Type, depth int) {
		if t == nil || found || depth > 8 {
			return
		}
		switch x := t.(type) {
		case *types.TypeParam:
			found = true
		case *types.Pointer:
			visit(x.Elem(), depth+1)
		case *types.Slice:
			visit(x.Elem(), depth+1)
		case *types.Array:
			visit(x.Elem(), depth+1)
		case *types.Chan:
			visit(x.Elem(), depth+1)
		case *types.Map:
			visit(x.Key(), depth+1)
			visit(x.Elem(), depth+1)
		case *types.Tuple:
			for v := range x.Variables() {
				visit(v.Type(), depth+1)
			}
		case *types.Signature:
			visit(x.Params(), depth+1)
			visit(x.Results(), depth+1)
		case *types.Named:
			for a := range x.TypeArgs().Types() {
				visit(a, depth+1)
			}
		}
	}
	visit(t, 0)
	return found
}

// Index is the number of the site in its package: what is declared for it is
// named reshaped and this number.
func (s *Site) Index() int { return s.index }
