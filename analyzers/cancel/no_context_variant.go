package cancel

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
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
			if !ok || expr == nil || getsContext(call) {
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
	rename, ok := edit.Rename(call.Fun, twin)
	if ctx := contextAt(pass, frame, call); ok && twin != "" && ctx != "" {
		f.Fixes = []finding.Fix{{Message: "Call " + twin, Edits: []finding.Edit{rename, edit.PrependArgument(call, ctx)}}}
	}
	pass.Report("cancel/no-context-variant", f)
}

// getsContext: what a call makes is given a context afterwards, as by
// req.WithContext(ctx), or goes with one into another call; or somebody ends
// the process that it stands for.
func getsContext(call *ssa.Call) bool { return meetsContext(call, make(map[ssa.Value]bool)) }

func meetsContext(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Extract:
			if user.Index == 0 && meetsContext(user, seen) {
				return true
			}
		case *ssa.Phi, *ssa.ChangeInterface, *ssa.MakeInterface:
			if meetsContext(user.(ssa.Value), seen) {
				return true
			}
		case *ssa.Store:
			if variable, ok := user.Addr.(*ssa.Alloc); ok && user.Val == v && meetsContext(variable, seen) {
				return true
			}
		case *ssa.UnOp:
			if meetsContext(user, seen) {
				return true
			}
		case *ssa.MakeClosure:
			for i, binding := range user.Bindings {
				if binding == v && meetsContext(user.Fn.(*ssa.Function).FreeVars[i], seen) {
					return true
				}
			}
		case *ssa.FieldAddr:
			if name := fieldName(user); name == "Process" || name == "Cancel" {
				return true // of an exec.Cmd
			}
		case ssa.CallInstruction:
			if slices.ContainsFunc(user.Common().Args, func(arg ssa.Value) bool { return stub.IsContext(arg.Type()) }) {
				return true
			}
		}
	}
	return false
}

func fieldName(addr *ssa.FieldAddr) string {
	p, ok := addr.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return ""
	}
	s, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	return s.Field(addr.Field).Name()
}
