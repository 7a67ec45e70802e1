package conn

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// optionExpr returns the expression of an option if it stands in fn or in
// the package at all.
func optionExpr(info *dial.Info, opt *dial.Option) *ast.CallExpr {
	if opt.Call() == nil {
		return nil
	}
	return info.Expr(opt.Call())
}

// sameFunction reports whether an option is made in the function, or in the
// one around the function literal, that uses it.
func sameFunction(opt *dial.Option, fn *ssa.Function) bool {
	return opt.Call() != nil && program.Outermost(opt.Call().Parent()) == program.Outermost(fn)
}

// deleteOption makes the edits that remove an option from a call's
// arguments or from a slice literal, or the statement that appends it. It
// fails where what is left would not compile.
func deleteOption(pass *report.Pass, expr *ast.CallExpr) (edits []finding.Edit, ok bool) {
	var deletion finding.Edit
	if stmt, appends := appending(pass, expr); appends {
		if stmt == nil {
			return nil, false
		}
		deletion, ok = edit.DeleteStatement(pass.Pass, stmt)
	} else {
		deletion, ok = edit.DeleteElement(pass.Pass, expr)
	}
	if !ok {
		return nil, false
	}
	more, ok := orphans(pass, expr)
	return append([]finding.Edit{deletion}, more...), ok
}

// appending reports whether an option is the only one that a call of append
// adds, and returns the statement opts = append(opts, option), if it is one.
func appending(pass *report.Pass, option *ast.CallExpr) (stmt *ast.AssignStmt, appends bool) {
	around := syntax.Of(pass.Pass).Around(option.Pos(), option.End())
	for len(around) > 0 && around[0] != ast.Node(option) {
		around = around[1:]
	}
	if len(around) < 4 {
		return nil, false
	}
	call, ok := around[1].(*ast.CallExpr)
	if !ok || !isAppend(pass, call) || len(call.Args) != 2 {
		return nil, false
	}
	stmt, ok = around[2].(*ast.AssignStmt)
	if _, inBlock := around[3].(*ast.BlockStmt); !ok || !inBlock || !sameVariable(pass, stmt.Lhs, call.Args[0]) {
		return nil, true // no statement, or the init statement of something
	}
	return stmt, true
}

func isAppend(pass *report.Pass, call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := pass.TypesInfo.Uses[id].(*types.Builtin)
	return ok && b.Name() == "append"
}

func sameVariable(pass *report.Pass, lhs []ast.Expr, arg ast.Expr) bool {
	if len(lhs) != 1 {
		return false
	}
	a, ok := lhs[0].(*ast.Ident)
	b, ok2 := ast.Unparen(arg).(*ast.Ident)
	return ok && ok2 && pass.TypesInfo.ObjectOf(a) == pass.TypesInfo.ObjectOf(b)
}

// orphans returns edits for imports that only the deleted expression uses.
// It fails if a variable would become unused, or if the expression does
// something.
func orphans(pass *report.Pass, expr *ast.CallExpr) (edits []finding.Edit, ok bool) {
	for _, arg := range expr.Args {
		does := false
		ast.Inspect(arg, func(n ast.Node) bool {
			call, isCall := n.(*ast.CallExpr)
			does = does || isCall && !pass.TypesInfo.Types[call.Fun].IsType()
			return !does
		})
		if does {
			return nil, false // calls something: not for us to drop
		}
	}
	for _, obj := range edit.LeftUnused(pass.Pass, expr) {
		name, isPackage := obj.(*types.PkgName)
		if !isPackage {
			return nil, false // declared and not used
		}
		deletion, ok := edit.DeleteImport(pass.Pass, expr.Pos(), name)
		if !ok {
			return nil, false
		}
		edits = append(edits, deletion)
	}
	return edits, true
}
