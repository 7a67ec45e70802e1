package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/report"
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
				judgeUpdates(pass, decl.Body)
			}
		}
	}
	return nil
}

// judgeUpdates looks at the RPCs of one function in the order in which they
// are written.
func judgeUpdates(pass *report.Pass, body *ast.BlockStmt) {
	read := make(map[*types.Named]types.Object) // resources with an etag to the variable that holds one
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			noteRead(pass, n, read)
		case *ast.CallExpr:
			if len(read) > 0 {
				judgeUpdate(pass, n, read)
			}
		}
		return true
	})
}

// noteRead: x, err := client.GetX(ctx, ...), where X has an etag.
func noteRead(pass *report.Pass, assign *ast.AssignStmt, read map[*types.Named]types.Object) {
	if len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
		return
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if !ok {
		return
	}
	rpc := stubs(pass).RPC(called(pass, call))
	if rpc == nil || !rpc.Unary() || !strings.HasPrefix(rpc.Name, "Get") {
		return
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok || id.Name == "_" {
		return
	}
	if named := namedOf(pass.TypesInfo.TypeOf(id)); named != nil && hasEtag(named) {
		read[named] = pass.TypesInfo.ObjectOf(id)
	}
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
func judgeUpdate(pass *report.Pass, call *ast.CallExpr, read map[*types.Named]types.Object) {
	rpc := stubs(pass).RPC(called(pass, call))
	if rpc == nil || !rpc.Unary() || !strings.HasPrefix(rpc.Name, "Update") || len(call.Args) < 2 {
		return
	}
	request := literal(call.Args[1])
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
		if lit := literal(kv.Value); lit != nil {
			if t := namedOf(pass.TypesInfo.TypeOf(lit)); t != nil && read[t] != nil {
				resource, named = lit, t
			}
		}
	}
	if resource == nil || !mentions(pass, resource, read[named]) {
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

// literal returns T{...} of &T{...}.
func literal(expr ast.Expr) *ast.CompositeLit {
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

func mentions(pass *report.Pass, n ast.Node, obj types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && pass.TypesInfo.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}
