package cancel

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// A statement is a call that stands by itself, in a function that can leave
// with an error.
type statement struct {
	stmt   ast.Stmt // the call, or _ = the call
	call   *ast.CallExpr
	indent string // of the line that it begins
	// leave is a return statement but for its error: "return nil, ".
	leave string
	scope *types.Scope
}

// statementOf returns the statement around a call, if the call is all of it
// and the function around it can return an error in its last result.
func statementOf(pass *report.Pass, call *ast.CallExpr) (statement, bool) {
	if call == nil {
		return statement{}, false
	}
	s := statement{call: call, scope: pass.Pkg.Scope().Innermost(call.Pos())}
	path := syntax.Of(pass.Pass).AroundPos(call.Pos())
	for _, n := range path {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if s.stmt == nil && ast.Unparen(n.X) == call {
				s.stmt = n
			}
		case *ast.AssignStmt:
			if s.stmt == nil && len(n.Lhs) == 1 && len(n.Rhs) == 1 && ast.Unparen(n.Rhs[0]) == call && isBlank(n.Lhs[0]) {
				s.stmt = n
			}
		case *ast.FuncLit:
			return s, false // whoever calls it may drop its error
		case *ast.FuncDecl:
			return s, s.complete(pass, n.Type)
		}
	}
	return s, false
}

func isBlank(expr ast.Expr) bool {
	id, ok := expr.(*ast.Ident)
	return ok && id.Name == "_"
}

// complete fills in how to leave the function. It fails where the zero value
// of a result has no short name.
func (s *statement) complete(pass *report.Pass, fn *ast.FuncType) bool {
	if s.stmt == nil || s.scope == nil || fn.Results == nil {
		return false
	}
	s.indent = edit.Indent(pass.Pass, s.stmt.Pos())
	var zeros []string
	for _, field := range fn.Results.List {
		for range max(1, len(field.Names)) {
			zero := zeroOf(pass.TypesInfo.TypeOf(field.Type))
			if zero == "" {
				return false
			}
			zeros = append(zeros, zero)
		}
	}
	last := pass.TypesInfo.TypeOf(fn.Results.List[len(fn.Results.List)-1].Type)
	if !types.Identical(last, types.Universe.Lookup("error").Type()) {
		return false
	}
	s.leave = "return " + strings.Join(append(zeros[:len(zeros)-1], ""), ", ")
	return true
}

// zeroOf writes the zero value of a type; "" for those that have to be named.
func zeroOf(t types.Type) string {
	switch t := t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return "nil"
	case *types.Basic:
		switch {
		case t.Info()&types.IsNumeric != 0:
			return "0"
		case t.Info()&types.IsString != 0:
			return `""`
		case t.Info()&types.IsBoolean != 0:
			return "false"
		}
	}
	return ""
}

// contextAt returns the expression for the RPC's context, if its variable is
// not hidden by another one at the statement.
func (s *statement) contextAt(f *handling.Frame) string {
	expr, param := f.Context()
	if param == nil {
		return ""
	}
	if _, obj := s.scope.LookupParent(param.Name(), s.call.Pos()); obj != param.Object() {
		return ""
	}
	return expr
}

// means reports whether a name means what is declared in the universe or by
// an import at the statement.
func (s *statement) means(name string, want func(types.Object) bool) bool {
	_, obj := s.scope.LookupParent(name, s.call.Pos())
	return obj != nil && want(obj)
}
