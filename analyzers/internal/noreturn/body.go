package noreturn

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// A body is read from top to bottom, as far as control can come.
type body struct {
	index *Index
	err   *types.Var // known not to be nil; may be nil itself

	returns  bool   // by a statement that control can reach, or by who knows what
	recovers bool   // a deferred function may turn a panic into a return
	exits    string // how it ends the process, "" if it does not
	left     map[ast.Stmt]bool
	labels   map[types.Object]ast.Stmt
}

// ends reports whether no way leads out of a function.
func (b *body) ends(block *ast.BlockStmt) bool {
	b.left = make(map[ast.Stmt]bool)
	b.labels = make(map[types.Object]ast.Stmt)
	return !b.list(block.List, nil) && !b.returns && !b.recovers
}

// list reports whether control can come to the end of a list of statements.
// around is the statement that a break without a label leaves.
func (b *body) list(list []ast.Stmt, around ast.Stmt) bool {
	for _, s := range list {
		if !b.stmt(s, around) || b.returns {
			return false
		}
	}
	return true
}

// stmt reports whether control can come to the end of a statement.
func (b *body) stmt(s, around ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return !b.never(s.X)
	case *ast.AssignStmt:
		return len(s.Rhs) != 1 || !b.never(s.Rhs[0])
	case *ast.DeferStmt:
		b.recovers = b.recovers || b.mayRecover(s.Call)
	case *ast.ReturnStmt:
		b.returns = b.returns || len(s.Results) != 1 || !b.never(s.Results[0])
		return false
	case *ast.BranchStmt:
		switch s.Tok {
		case token.BREAK:
			if s.Label != nil {
				around = b.labels[b.index.info.Uses[s.Label]]
			}
			b.left[around] = true
		case token.GOTO:
			b.returns = true // or not: it is not followed
		}
		return false
	case *ast.LabeledStmt:
		b.labels[b.index.info.Defs[s.Label]] = s.Stmt
		falls := b.stmt(s.Stmt, around)
		return falls || b.left[s.Stmt]
	case *ast.BlockStmt:
		return b.list(s.List, around)
	case *ast.IfStmt:
		return b.ifStmt(s, around)
	case *ast.ForStmt:
		b.list(s.Body.List, s)
		return s.Cond != nil && !b.always(s.Cond) || b.left[s]
	case *ast.RangeStmt:
		b.list(s.Body.List, s)
	case *ast.SwitchStmt:
		return b.clauses(s.Body, s)
	case *ast.TypeSwitchStmt:
		return b.clauses(s.Body, s)
	case *ast.SelectStmt:
		falls := false
		for _, clause := range s.Body.List {
			falls = b.list(clause.(*ast.CommClause).Body, s) || falls
		}
		return falls || b.left[s]
	}
	return true
}

func (b *body) ifStmt(s *ast.IfStmt, around ast.Stmt) bool {
	outcome, known := b.outcome(s.Cond)
	falls := false
	if !known || outcome {
		falls = b.list(s.Body.List, around)
	}
	if !known || !outcome {
		falls = s.Else == nil || b.stmt(s.Else, around) || falls
	}
	return falls
}

// clauses of a switch: all of them can be reached.
func (b *body) clauses(block *ast.BlockStmt, of ast.Stmt) bool {
	falls, complete := false, false
	for _, clause := range block.List {
		clause := clause.(*ast.CaseClause)
		complete = complete || clause.List == nil
		falls = b.list(clause.Body, of) || falls
	}
	return falls || !complete || b.left[of]
}

// always: for true {.
func (b *body) always(cond ast.Expr) bool {
	value := b.index.info.Types[cond].Value
	return value != nil && value.Kind() == constant.Bool && constant.BoolVal(value)
}

// outcome returns how a comparison of the error with nil comes out.
func (b *body) outcome(cond ast.Expr) (outcome, known bool) {
	op, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || b.err == nil {
		return false, false
	}
	switch op.Op {
	case token.EQL, token.NEQ:
		x, y := op.X, op.Y
		if b.index.info.Types[x].IsNil() {
			x, y = y, x
		}
		return op.Op == token.NEQ, b.index.names(x, b.err) && b.index.info.Types[y].IsNil()
	case token.LAND, token.LOR:
		// One side may settle it.
		for _, side := range []ast.Expr{op.X, op.Y} {
			if outcome, known := b.outcome(side); known && outcome == (op.Op == token.LOR) {
				return outcome, true
			}
		}
	}
	return false, false
}

// never reports whether an expression is a call that control does not come
// back from.
func (b *body) never(expr ast.Expr) bool {
	call, ok := ast.Unparen(expr).(*ast.CallExpr)
	if !ok {
		return false
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if builtin, ok := b.index.info.Uses[id].(*types.Builtin); ok {
			return builtin.Name() == "panic"
		}
	}
	fn := b.callee(call)
	if fn == nil {
		return false
	}
	ends := b.index.ends(fn) || sends(fn) && b.fatalEvent(call)
	for i, arg := range call.Args {
		ends = ends || b.index.names(arg, b.err) && b.index.endsOnError(fn, i)
	}
	if ends && b.exits == "" && !b.isSuccess(call) {
		b.exits = cmp.Or(Ender(fn), b.index.exitOf(fn))
	}
	return ends
}

// isSuccess: os.Exit(0), of a program that is asked to stop.
func (b *body) isSuccess(call *ast.CallExpr) bool {
	if len(call.Args) != 1 {
		return false
	}
	value := b.index.info.Types[call.Args[0]].Value
	return value != nil && value.Kind() == constant.Int && constant.Sign(value) == 0
}

// callee returns the function or method that a call names, or nil.
func (b *body) callee(call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(b.index.info, call).(*types.Func)
	return fn
}

// mayRecover: a deferred function may call recover. One of the standard
// library does not, nor does a literal or function without such a call.
func (b *body) mayRecover(call *ast.CallExpr) bool {
	if literal, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return b.recoversIn(literal.Body)
	}
	fn := b.callee(call)
	switch {
	case fn == nil: // close, a function value
		t := b.index.info.TypeOf(call.Fun)
		named, ok := types.Unalias(t).(*types.Named) // context.CancelFunc
		builtin := b.index.info.Types[call.Fun].IsBuiltin()
		return !builtin && (!ok || named.Obj().Pkg() == nil || !isStandard(named.Obj().Pkg()))
	case fn.Pkg() == nil || isStandard(fn.Pkg()):
		return false
	}
	decl := b.index.decls[fn.Origin()]
	return decl == nil || b.recoversIn(decl.Body)
}

// recoversIn: the function itself calls recover; a literal inside it could
// not.
func (b *body) recoversIn(block *ast.BlockStmt) bool {
	found := false
	ast.Inspect(block, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.Ident:
			builtin, ok := b.index.info.Uses[n].(*types.Builtin)
			found = found || ok && builtin.Name() == "recover"
		}
		return !found
	})
	return found
}
