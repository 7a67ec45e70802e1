package status

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// nilReply finds unary handlers that return neither a reply nor an error.
func nilReply(pass *report.Pass) error {
	unwritten := make(map[unwrittenHandlers][]finding.Finding)
	eachReply(pass, func(r *reply, made *flow.Tracer[flow.Part[message]]) {
		m := made.Of(program.GivenBack(r.ret, 0))
		if m.Open() || !control.IsNil(program.GivenBack(r.ret, 1)) {
			return
		}
		f := finding.Finding{Pos: r.expr.Pos(), End: r.expr.End(), Subject: r.rpc.FullMethod, StandsOn: stub.Served(r.obj.Signature().Recv().Type())}
		name := r.obj.Name()
		expr, isExpr := r.expr.(ast.Expr)
		switch {
		case m.Own.kind == noMessage:
			f.Message = fmt.Sprintf("%s: %s returns neither a reply nor an error", nilOutcome(pass, r.obj), name)
			if isExpr && isNil(pass, expr) {
				f.Fixes = emptyReply(pass, r.fn.Syntax().(*ast.FuncDecl), r.obj, expr)
			}
			if isEmpty(r.obj.Signature().Results().At(0).Type()) && !nilFails(pass) {
				f.Severity = rule.Info // there is nothing to miss
			}
		case m.Own.kind == gotten && isExpr && mayGetNil(pass, program.GivenBack(r.ret, 0), m.Own.getter):
			f.Message = fmt.Sprintf("%s where %s is nil: %s returns no error then", nilOutcome(pass, r.obj), types.ExprString(expr), name)
		default:
			return
		}
		if of := handlersOf(r.obj, f.Severity); isExpr && isNil(pass, expr) && isUnwritten(r.fn) && !pass.Ignored("status/nil-reply", f.Pos) {
			unwritten[of] = append(unwritten[of], f)
			return
		}
		pass.Report("status/nil-reply", f)
	})
	for of := range unwritten {
		pass.Report("status/nil-reply", asOne(pass, unwritten[of]))
	}
	return nil
}

// unwrittenHandlers are those of one type: nobody has written them yet, and one
// finding says so.
type unwrittenHandlers struct {
	receiver string
	severity rule.Severity
}

func handlersOf(handler *types.Func, severity rule.Severity) unwrittenHandlers {
	return unwrittenHandlers{strings.TrimPrefix(handler.Signature().Recv().Type().String(), "*"), severity}
}

// isUnwritten: a handler does nothing but return.
func isUnwritten(fn *ssa.Function) bool {
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	return ok && len(decl.Body.List) == 1
}

// asOne joins the findings of handlers that are not written.
func asOne(pass *report.Pass, list []finding.Finding) finding.Finding {
	f := list[0]
	if len(list) == 1 {
		return f
	}
	outcome := "clients get empty replies and OK"
	if nilFails(pass) {
		outcome = "the calls fail with Internal"
	}
	f.Message = fmt.Sprintf("%s: %s return neither a reply nor an error", outcome, say.More(say.Last(say.RPC(f.Subject)), len(list)-1, "handler"))
	var edits []finding.Edit
	for _, other := range list {
		if other.Pos != f.Pos {
			f.Related = append(f.Related, finding.Related{Message: "nor does this", Pos: other.Pos, End: other.End})
		}
		for _, fix := range other.Fixes {
			edits = append(edits, fix.Edits...)
		}
	}
	if len(f.Fixes) > 0 {
		f.Fixes = []finding.Fix{{Message: "Return empty replies", Safe: f.Fixes[0].Safe, Edits: edits}}
	}
	return f
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

// mayGetNil: nobody looks at what a generated getter returns before it is a
// reply, nor compares what is got so in the same function. The request's own
// fields do not count: who leaves one unset expects no more of the reply.
func mayGetNil(pass *report.Pass, reply ssa.Value, getter *ssa.Call) bool {
	p := flowOf(pass).Program
	call, called := reply.(*ssa.Call)
	elsewhere := false
	for _, v := range p.Sources(reply) {
		if by, ok := v.(*ssa.Call); ok && p.Body(by) == getter.Parent() {
			call, called, elsewhere = by, true, true
		}
	}
	expr := p.CallExpr(getter)
	if expr == nil && !elsewhere || isLookedAt(reply) || isLookedAt(getter) {
		return false
	}
	of := program.Args(&getter.Call)[0]
	if param, ok := of.(*ssa.Parameter); ok { // of a helper
		if called && p.ArgOf(call, param) != nil {
			of = p.ArgOf(call, param)
		}
	}
	if slices.ContainsFunc(p.Sources(of), func(v ssa.Value) bool {
		_, isParam := v.(*ssa.Parameter)
		return isParam
	}) {
		return false // the request, or who knows what
	}
	if elsewhere {
		return true
	}
	if _, ok := ast.Unparen(expr.Fun).(*ast.SelectorExpr); !ok || len(expr.Args) > 0 {
		return false // a method expression
	}
	text := types.ExprString(expr)
	compared := false
	ast.Inspect(getter.Parent().Syntax(), func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && (types.ExprString(b.X) == text || types.ExprString(b.Y) == text) {
			compared = true
		}
		return !compared
	})
	return !compared
}

// isLookedAt: a message is compared, or given to somebody who may look at it.
func isLookedAt(v ssa.Value) bool {
	return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.BinOp:
			return true
		case *ssa.Call:
			obj := calledFunc(user)
			return obj == nil || obj.Signature().Recv() == nil || len(program.Args(&user.Call)) > 1
		}
		return false
	})
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
