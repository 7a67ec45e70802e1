package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// lostEtag finds a resource that is read, and then written from a new
// literal that leaves its etag out:
//
//	order, err := client.GetOrder(ctx, ...)
//	client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: order.Name, State: paid}})
func lostEtag(pass *report.Pass) error {
	if !stubs(pass).Reaches {
		return nil
	}
	for _, file := range pass.Files {
		if pass.InTest(file.FileStart) {
			continue
		}
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
				u := &updates{pass: pass, body: decl.Body, read: make(map[*types.Named]types.Object)}
				u.judge()
			}
		}
	}
	return nil
}

// updates judges the RPCs of one function.
type updates struct {
	pass *report.Pass
	body *ast.BlockStmt
	read map[*types.Named]types.Object // resources with an etag to the variable that holds one
}

// judge looks at the RPCs in the order in which they are written.
func (u *updates) judge() {
	ast.Inspect(u.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			u.noteRead(n)
		case *ast.CallExpr:
			if len(u.read) > 0 {
				u.judgeUpdate(n)
			}
		}
		return true
	})
}

// noteRead: x, err := client.GetX(ctx, ...), where X has an etag.
func (u *updates) noteRead(assign *ast.AssignStmt) {
	pass := u.pass
	if len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
		return
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok {
		return
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok || id.Name == "_" {
		return
	}
	if named := namedOf(pass.TypesInfo.TypeOf(id)); named != nil && hasEtag(named) && reads(pass, call) {
		u.read[named] = pass.TypesInfo.ObjectOf(id)
	}
}

// reads: the call makes an RPC that gets something, or calls a function
// that does and returns its error.
func reads(pass *report.Pass, call *ast.CallExpr) bool {
	if rpc := stubs(pass).RPC(called(pass, call)); rpc != nil {
		return rpc.Unary() && strings.HasPrefix(rpc.Name, "Get")
	}
	flow := flowOf(pass)
	if flow.Program == nil {
		return false
	}
	for _, fn := range flow.Program.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				made, ok := instr.(*ssa.Call)
				if !ok || made.Pos() != call.Lparen {
					continue
				}
				for _, user := range *made.Referrers() {
					err, ok := user.(*ssa.Extract)
					if !ok || err.Index != 1 {
						continue
					}
					sources := flow.Of(err).Sources
					return len(sources) > 0 && !slices.ContainsFunc(sources, func(s errflow.Source) bool {
						_, method, _ := strings.Cut(strings.TrimPrefix(s.Name, "/"), "/")
						return s.Kind != errflow.RPC || !strings.HasPrefix(method, "Get")
					})
				}
			}
		}
	}
	return false
}

func namedOf(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

func hasEtag(named *types.Named) bool {
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if field.Name() == "Etag" && types.Identical(field.Type(), types.Typ[types.String]) {
			return true
		}
	}
	return false
}

// judgeUpdate: client.UpdateX(ctx, &UpdateXRequest{X: &X{...}}).
func (u *updates) judgeUpdate(call *ast.CallExpr) {
	pass, read := u.pass, u.read
	rpc := stubs(pass).RPC(called(pass, call))
	if rpc == nil || !rpc.Unary() || !strings.HasPrefix(rpc.Name, "Update") || len(call.Args) < 2 {
		return
	}
	request := u.literal(call.Args[1])
	if request == nil {
		return
	}
	var resource *ast.CompositeLit
	var named *types.Named
	masked := false
	for _, elt := range request.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "UpdateMask" {
			masked = true
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Etag" {
			return
		}
		if lit := u.literal(kv.Value); lit != nil {
			if t := namedOf(pass.TypesInfo.TypeOf(lit)); t != nil && read[t] != nil {
				resource, named = lit, t
			}
		}
	}
	if resource == nil || !syntax.Mentions(pass.TypesInfo, resource, read[named]) {
		return // another one than the one that was read
	}
	for _, elt := range resource.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Etag" {
			return
		}
	}
	f := finding.Finding{
		Pos: resource.Type.Pos(), End: resource.Type.End(), Subject: rpc.FullMethod,
		Message: fmt.Sprintf("a change that somebody makes in between is overwritten: this %s lacks the etag of %s", named.Obj().Name(), read[named].Name()),
	}
	if masked {
		f.Severity = rule.Info // the last writer of these fields may be meant to win
	}
	pass.Report("status/lost-etag", f)
}

// literal returns T{...} of &T{...}, also of a variable that is given it and
// then used once.
func (u *updates) literal(expr ast.Expr) *ast.CompositeLit {
	if id, ok := ast.Unparen(expr).(*ast.Ident); ok {
		expr = u.onlyValue(id)
	}
	address, ok := ast.Unparen(expr).(*ast.UnaryExpr)
	if !ok || address.Op != token.AND {
		return nil
	}
	lit, _ := ast.Unparen(address.X).(*ast.CompositeLit)
	if lit == nil || lit.Type == nil {
		return nil
	}
	return lit
}

// onlyValue is what x := gives a variable that is nowhere else mentioned but
// at id.
func (u *updates) onlyValue(id *ast.Ident) ast.Expr {
	v, ok := u.pass.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Parent() == u.pass.Pkg.Scope() {
		return &ast.BadExpr{}
	}
	uses := 0
	ast.Inspect(u.body, func(n ast.Node) bool {
		if x, ok := n.(*ast.Ident); ok && u.pass.TypesInfo.Uses[x] == v {
			uses++
		}
		return true
	})
	value := syntax.Of(u.pass.Pass).DeclaredAs(v)
	if uses != 1 || value == nil {
		return &ast.BadExpr{} // changed, or somebody else's
	}
	return value
}
