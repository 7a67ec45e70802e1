package server

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
)

// noSigterm reports programs that wait for the terminal's signal and not for
// the one by which Kubernetes, systemd and docker stop programs.
func noSigterm(pass *report.Pass) error {
	if !servers(pass).Reaches {
		return nil
	}
	var calls []*ast.CallExpr
	caught := false
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if !ok || fn.Pkg() == nil || pass.InTest(call.Pos()) {
			continue
		}
		if catchesForOthers(fn) {
			caught = true
		}
		if fn.Pkg().Path() != "os/signal" || fn.Name() != "Notify" && fn.Name() != "NotifyContext" {
			continue
		}
		switch names, known := signals(pass, call); {
		case !known || slices.Contains(names, "SIGTERM") || len(names) == 0:
			caught = true // without any it is all of them
		case slices.Contains(names, "Interrupt") || slices.Contains(names, "SIGINT"):
			calls = append(calls, call)
		}
	}
	pass.ClaimIf(caught, claim.CatchesTerm)
	if caught || !stopsServers(pass) {
		return nil
	}
	for _, call := range calls {
		last := call.Args[len(call.Args)-1]
		f := finding.Finding{
			Pos: last.Pos(), End: last.End(), Subject: say.Expr(last),
			Message:  fmt.Sprintf("RPCs are cut off at every rollout: SIGTERM ends the program at once, as it only waits for %s", say.Expr(last)),
			StandsOn: []claim.Condition{claim.Unless(claim.CatchesTerm)},
		}
		if name := edit.ImportName(pass.Pass, call.Pos(), "syscall"); name != "" {
			f.Fixes = []finding.Fix{{Message: "Wait for SIGTERM, too", Edits: []finding.Edit{edit.Insert(last.End(), ", "+name+".SIGTERM")}}}
		}
		pass.Report("server/no-sigterm", f)
	}
	return nil
}

// signals returns the names of those that a call waits for, and whether all of
// them are known.
func signals(pass *report.Pass, call *ast.CallExpr) (names []string, known bool) {
	if call.Ellipsis.IsValid() || len(call.Args) < 1 {
		return nil, false
	}
	for _, arg := range call.Args[1:] {
		var id *ast.Ident
		switch arg := ast.Unparen(arg).(type) {
		case *ast.SelectorExpr:
			id = arg.Sel
		case *ast.Ident:
			id = arg
		default:
			return nil, false
		}
		obj := pass.TypesInfo.Uses[id]
		if obj == nil || obj.Pkg() == nil {
			return nil, false
		}
		switch obj.Pkg().Path() {
		case "os", "syscall", "golang.org/x/sys/unix", "golang.org/x/sys/windows":
			names = append(names, obj.Name())
		default:
			return nil, false // a variable
		}
	}
	return names, true
}

// catchesForOthers: functions of frameworks that wait for SIGTERM themselves.
func catchesForOthers(fn *types.Func) bool {
	path := fn.Pkg().Path()
	switch fn.Name() {
	case "SetupSignalHandler":
		return strings.Contains(path, "controller-runtime") || strings.Contains(path, "apiserver")
	case "SignalHandler":
		return path == "github.com/oklog/run"
	case "New":
		return path == "go.uber.org/fx" || strings.HasPrefix(path, "github.com/go-kratos/kratos/")
	}
	return false
}

// stopsServers: the package runs or stops servers, or is a program that has
// others do it.
func stopsServers(pass *report.Pass) bool {
	info := servers(pass)
	for _, name := range []string{"NewServer", "Server.Serve", "Server.Stop", "Server.GracefulStop"} {
		if info.Uses[name] {
			return true
		}
	}
	return syntax.Main(pass.Pass) != nil && (info.Made || info.Held)
}
