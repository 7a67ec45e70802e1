package edit

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// A Lone call is a statement by itself, in a function that can leave with an
// error.
type Lone struct {
	Stmt   ast.Stmt // the call, or _ = the call
	Call   *ast.CallExpr
	Around []ast.Node // the statement and all that is around it
	// InLiteral: the function is a literal, whose caller may drop the error.
	InLiteral bool

	indent string // of the line that it begins
	leave  string // a return statement but for its error: "return nil, "
}

// LoneCall returns the statement around a call, if the call is all of it and
// the function around it returns an error last, and values before it whose
// zero has a short name.
func LoneCall(pass *analysis.Pass, call *ast.CallExpr) (*Lone, bool) {
	l := &Lone{Call: call}
	around := syntax.Of(pass).Around(call.Pos(), call.End())
	for i, n := range around {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if l.Stmt == nil && ast.Unparen(n.X) == call {
				l.Stmt, l.Around = n, around[i:]
			}
		case *ast.AssignStmt:
			if l.Stmt == nil && len(n.Lhs) == 1 && len(n.Rhs) == 1 && ast.Unparen(n.Rhs[0]) == call && isBlank(n.Lhs[0]) {
				l.Stmt, l.Around = n, around[i:]
			}
		case *ast.FuncLit:
			l.InLiteral = true
			return l, l.complete(pass, n.Type)
		case *ast.FuncDecl:
			return l, l.complete(pass, n.Type)
		}
	}
	return l, false
}

func isBlank(expr ast.Expr) bool {
	id, ok := expr.(*ast.Ident)
	return ok && id.Name == "_"
}

func (l *Lone) complete(pass *analysis.Pass, fn *ast.FuncType) bool {
	if l.Stmt == nil || fn.Results == nil {
		return false
	}
	var results []types.Type
	for _, field := range fn.Results.List {
		for range max(1, len(field.Names)) {
			results = append(results, pass.TypesInfo.TypeOf(field.Type))
		}
	}
	last := len(results) - 1
	if last < 0 || !types.Identical(results[last], types.Universe.Lookup("error").Type()) {
		return false
	}
	l.leave = "return "
	for _, t := range results[:last] {
		zero := zeroOf(t)
		if zero == "" {
			return false
		}
		l.leave += zero + ", "
	}
	l.indent = Indent(pass, l.Stmt.Pos())
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

// ReturnError leaves the function when the call returns an error.
func (l *Lone) ReturnError() []finding.Edit {
	return []finding.Edit{
		{Pos: l.Stmt.Pos(), End: l.Call.Pos(), NewText: "if err := "},
		{Pos: l.Call.End(), End: l.Stmt.End(), NewText: "; err != nil {\n" + l.indent + "\t" + l.leave + "err\n" + l.indent + "}"},
	}
}

// ListenTo replaces a sleep, whose package has the name clock, by a wait for
// the same time or for the end of a context, with which the function leaves.
func (l *Lone) ListenTo(ctx, clock, duration string) finding.Edit {
	lines := []string{
		"select {",
		"case <-" + ctx + ".Done():",
		"\t" + l.leave + ctx + ".Err()",
		"case <-" + clock + ".After(" + duration + "):",
		"}",
	}
	return Replace(l.Stmt, strings.Join(lines, "\n"+l.indent))
}
