package handling

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// twins are functions of the standard library that wait, and the ones that
// do the same and end with a context; "" for those which have no such twin.
var twins = map[string]map[string]string{
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

func twinOf(obj *types.Func) (twin string, ok bool) {
	if obj == nil || obj.Pkg() == nil {
		return "", false
	}
	twin, ok = twins[obj.Pkg().Path()][funckey.Of(obj)]
	return twin, ok
}

// variants finds calls of functions that have a twin which ends with the
// context.
func (info *Info) variants(f *Frame) []*Site {
	var sites []*Site
	for instr := range info.instructions(f) {
		call, ok := instr.(*ssa.Call)
		if !ok || call.Call.IsInvoke() {
			continue
		}
		obj := program.CalledObject(&call.Call)
		if twin, ok := twinOf(obj); ok && info.SSA.CallExpr(call) != nil && !info.getsContext(call) {
			sites = append(sites, &Site{Kind: Variant, Frame: f, Instr: call, What: obj.Name(), Twin: twin})
		}
	}
	return sites
}

// getsContext: what a call makes is given a context afterwards, as by
// req.WithContext(ctx), or goes with one into another call; or somebody ends
// the process that it stands for.
func (info *Info) getsContext(call *ssa.Call) bool {
	return info.meetsContext(call, make(map[ssa.Value]bool))
}

func (info *Info) meetsContext(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Extract:
			if user.Index == 0 && info.meetsContext(user, seen) {
				return true
			}
		case *ssa.Phi, *ssa.ChangeInterface, *ssa.MakeInterface:
			if info.meetsContext(user.(ssa.Value), seen) {
				return true
			}
		case *ssa.Store:
			if variable, ok := user.Addr.(*ssa.Alloc); ok && user.Val == v && info.meetsContext(variable, seen) {
				return true
			}
		case *ssa.UnOp:
			if info.meetsContext(user, seen) {
				return true
			}
		case *ssa.MakeClosure:
			for i, binding := range user.Bindings {
				if binding == v && info.meetsContext(user.Fn.(*ssa.Function).FreeVars[i], seen) {
					return true
				}
			}
		case *ssa.Return:
			sites, _ := info.SSA.Callers(user.Parent())
			for _, site := range sites {
				result := program.Result(site, slices.Index(user.Results, v))
				if result != nil && info.meetsContext(result, seen) {
					return true
				}
			}
		case *ssa.FieldAddr:
			if name := program.FieldOf(user.X.Type(), user.Field).Name(); name == "Process" || name == "Cancel" {
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
