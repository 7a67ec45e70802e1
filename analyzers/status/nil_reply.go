package status

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// nilReply finds unary handlers that return neither a reply nor an error.
func nilReply(pass *report.Pass) error {
	if !stubs(pass).Reaches {
		return nil
	}
	eachReply(pass, func(decl *ast.FuncDecl, fn *types.Func, rpc *stub.Method, ret *ast.ReturnStmt) {
		judgeReply(pass, decl, fn, rpc, ret)
	})
	return nil
}

// eachReply visits the return statements of the handlers of unary RPCs, mocks
// not counted.
func eachReply(pass *report.Pass, visit func(decl *ast.FuncDecl, fn *types.Func, rpc *stub.Method, ret *ast.ReturnStmt)) {
	for decl := range syntax.All[*ast.FuncDecl](syntax.Of(pass.Pass)) {
		fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
		if !ok || decl.Body == nil || fn.Signature().Results().Len() != 2 {
			continue
		}
		rpc := stubs(pass).Handler(fn)
		if rpc == nil || !rpc.Unary() || pass.InTest(decl.Pos()) {
			continue
		}
		forReturns(decl.Body, func(ret *ast.ReturnStmt) { visit(decl, fn, rpc, ret) })
	}
}

// forReturns visits the return statements of a function, not those of
// function literals inside it.
func forReturns(body *ast.BlockStmt, visit func(*ast.ReturnStmt)) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			visit(n)
		}
		return true
	})
}

func judgeReply(pass *report.Pass, decl *ast.FuncDecl, fn *types.Func, rpc *stub.Method, ret *ast.ReturnStmt) {
	if len(ret.Results) != 2 || !isNil(pass, ret.Results[1]) {
		return
	}
	reply := ret.Results[0]
	f := finding.Finding{Pos: reply.Pos(), End: reply.End(), Subject: rpc.FullMethod, StandsOn: stub.Served(fn.Signature().Recv().Type())}
	name := fn.Name()
	switch {
	case isNil(pass, reply):
		f.Message = fmt.Sprintf("%s: %s returns neither a reply nor an error", nilOutcome(pass, fn), name)
		f.Fixes = emptyReply(pass, decl, fn, reply)
		if isEmpty(fn.Signature().Results().At(0).Type()) && !nilFails(pass) {
			f.Severity = rule.Info // there is nothing to miss
		}
	default:
		if !nilGetter(pass, decl, fn, reply) {
			return
		}
		f.Message = fmt.Sprintf("%s where %s is nil: %s returns no error then", nilOutcome(pass, fn), types.ExprString(reply), name)
	}
	pass.Report("status/nil-reply", f)
}

// nilOutcome says what a client gets to see; grpc-go changed its mind
// between 1.60 and 1.66.
func nilOutcome(pass *report.Pass, fn *types.Func) string {
	if nilFails(pass) {
		return "the call fails with Internal"
	}
	return "the client gets an empty " + replyName(fn) + " and OK"
}

func nilFails(pass *report.Pass) bool { return stubs(pass).Before("v1.61") }

func replyName(fn *types.Func) string {
	name := types.TypeString(fn.Signature().Results().At(0).Type(), func(*types.Package) string { return "" })
	return strings.TrimPrefix(name, "*")
}

// isEmpty: google.protobuf.Empty in any of its Go packages.
func isEmpty(t types.Type) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	if !ok || named.Obj().Name() != "Empty" {
		return false
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if field.Exported() && !strings.HasPrefix(field.Name(), "XXX_") {
			return false
		}
	}
	return true
}

// emptyReply writes what the client gets anyway.
func emptyReply(pass *report.Pass, decl *ast.FuncDecl, fn *types.Func, reply ast.Expr) []finding.Fix {
	if _, ok := types.Unalias(fn.Signature().Results().At(0).Type()).(*types.Pointer); !ok {
		return nil // not a message as generators make them
	}
	star, ok := resultType(decl, 0).(*ast.StarExpr)
	if !ok {
		return nil
	}
	text := "&" + types.ExprString(star.X) + "{}"
	return []finding.Fix{{
		Message: "Return an empty reply",
		Safe:    !nilFails(pass),
		Edits:   []finding.Edit{edit.Replace(reply, text)},
	}}
}

// resultType returns the type expression of result number i.
func resultType(decl *ast.FuncDecl, i int) ast.Expr {
	for _, field := range decl.Type.Results.List {
		n := max(1, len(field.Names))
		if i < n {
			return field.Type
		}
		i -= n
	}
	return nil
}

// nilGetter: reply is x.GetField(), a generated getter of a message field,
// which is compared with nothing in the function. The request's own fields
// do not count: who leaves one unset expects no more of the reply.
func nilGetter(pass *report.Pass, decl *ast.FuncDecl, fn *types.Func, reply ast.Expr) bool {
	call, ok := ast.Unparen(reply).(*ast.CallExpr)
	if !ok || !isGetter(called(pass, call)) {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false // a method expression
	}
	if x, ok := ast.Unparen(sel.X).(*ast.Ident); ok && pass.TypesInfo.Uses[x] == fn.Signature().Params().At(1) {
		return false
	}
	text := types.ExprString(call)
	compared := false
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && (types.ExprString(b.X) == text || types.ExprString(b.Y) == text) {
			compared = true
		}
		return !compared
	})
	return !compared
}

// isGetter: func (x *Message) GetField() *Other, for a field Field of the
// message.
func isGetter(fn *types.Func) bool {
	if fn == nil || fn.Signature().Recv() == nil || fn.Signature().Results().Len() != 1 {
		return false
	}
	field, ok := strings.CutPrefix(fn.Name(), "Get")
	if !ok {
		return false
	}
	result, ok := types.Unalias(fn.Signature().Results().At(0).Type()).(*types.Pointer)
	if !ok {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(fn.Signature().Recv().Type(), true, fn.Pkg(), field)
	v, ok := obj.(*types.Var)
	return ok && v.IsField() && types.Identical(v.Type(), result) && isMessage(result)
}

// isMessage: a pointer to a type that package proto, old or new, takes.
func isMessage(t types.Type) bool {
	for _, name := range []string{"ProtoMessage", "ProtoReflect"} {
		obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
		if _, ok := obj.(*types.Func); ok {
			return true
		}
	}
	return false
}
