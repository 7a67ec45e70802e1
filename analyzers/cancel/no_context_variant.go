package cancel

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// variants are functions of the standard library that wait, and the ones that
// do the same and end with a context; "" for those which have no such twin.
var variants = map[string]map[string]string{
	"net/http": {
		"NewRequest": "NewRequestWithContext", "Get": "", "Head": "", "Post": "", "PostForm": "",
		"Client.Get": "", "Client.Head": "", "Client.Post": "", "Client.PostForm": "",
	},
	"os/exec": {"Command": "CommandContext"},
	"database/sql": {
		"DB.Query": "QueryContext", "DB.QueryRow": "QueryRowContext", "DB.Exec": "ExecContext", "DB.Prepare": "PrepareContext", "DB.Ping": "PingContext",
		"DB.Begin": "", "Tx.Query": "QueryContext", "Tx.QueryRow": "QueryRowContext", "Tx.Exec": "ExecContext", "Tx.Prepare": "PrepareContext",
		"Stmt.Query": "QueryContext", "Stmt.QueryRow": "QueryRowContext", "Stmt.Exec": "ExecContext",
	},
	"net": {"Dial": "", "DialTimeout": ""},
}

// noContextVariant finds calls in handlers that do not end with the RPC, of
// functions that have a twin which does.
func noContextVariant(pass *report.Pass) error {
	info := handlers(pass)
	for _, frame := range info.Frames {
		for instr := range info.Instructions(frame) {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.IsInvoke() {
				continue
			}
			fn := call.Call.StaticCallee()
			if fn == nil {
				continue
			}
			obj, ok := fn.Object().(*types.Func)
			if !ok || obj.Pkg() == nil {
				continue
			}
			twin, ok := variants[obj.Pkg().Path()][funckey.Of(obj)]
			expr := info.SSA.CallExpr(call)
			if !ok || expr == nil {
				continue
			}
			reportVariant(pass, frame, expr, obj, twin)
		}
	}
	return nil
}

func reportVariant(pass *report.Pass, frame *handling.Frame, call *ast.CallExpr, obj *types.Func, twin string) {
	f := finding.Finding{Pos: call.Fun.Pos(), End: call.Fun.End(), Subject: frame.Subject()}
	f.Message = fmt.Sprintf("%s goes on when its client has gone: %s does not end with the context", frame.Called(), obj.Name())
	if twin != "" {
		f.Message += ", " + twin + " does"
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	expr, param := frame.Context()
	if scope := pass.Pkg.Scope().Innermost(call.Pos()); ok && twin != "" && param != nil && scope != nil {
		if _, seen := scope.LookupParent(param.Name(), call.Pos()); seen == param.Object() {
			separator := ", "
			if len(call.Args) == 0 {
				separator = ""
			}
			f.Fixes = []finding.Fix{{Message: "Call " + twin, Edits: []finding.Edit{
				{Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: twin},
				{Pos: call.Lparen + 1, End: call.Lparen + 1, NewText: expr + separator},
			}}}
		}
	}
	pass.Report("cancel/no-context-variant", f)
}
