package conn

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// dialerContext reports diallers that tie what they return to the context
// that they get: grpc-go cancels it as soon as the dialler's connection is
// set up.
func dialerContext(pass *report.Pass) error {
	info := dials(pass)
	seen := make(map[*ssa.Function]bool)
	for _, fn := range info.Functions() {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || call.Call.StaticCallee() == nil || len(call.Call.Args) != 1 {
					continue
				}
				obj := call.Call.StaticCallee().Object()
				if !dial.IsGRPC(obj) || obj.Name() != "WithContextDialer" {
					continue
				}
				for _, dialer := range info.Dialer(call.Call.Args[0]) {
					if !seen[dialer] {
						seen[dialer] = true
						tied(pass, info, dialer)
					}
				}
			}
		}
	}
	return nil
}

// tied reports the calls of a dialler that bind something lasting to its
// context.
func tied(pass *report.Pass, info *dial.Info, dialer *ssa.Function) {
	if len(dialer.Params) == 0 {
		return
	}
	ctx := dialer.Params[len(dialer.Params)-dialer.Signature.Params().Len()]
	for _, v := range contextsOf(info.Program(), ctx) {
		for _, r := range *v.Referrers() {
			call, ok := r.(*ssa.Call)
			if !ok {
				continue
			}
			what := lasting(info, call, v)
			if what == "" {
				continue
			}
			from, to := call.Pos(), call.Pos()
			if expr := info.Expr(call); expr != nil {
				from, to = expr.Pos(), expr.End()
				for _, arg := range expr.Args {
					if stubContext(pass.TypesInfo.TypeOf(arg)) {
						from, to = arg.Pos(), arg.End()
						break
					}
				}
			}
			pass.Report("conn/dialer-context", finding.Finding{
				Pos: from, End: to, Subject: what,
				Message: fmt.Sprintf("%s ends as soon as the connection is set up: grpc-go cancels the dialer's context then", what),
			})
		}
	}
}

func stubContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

// contextsOf returns the context and those derived from it by package
// context, but for the ones that no longer end with it, also as the functions
// of this package get them.
func contextsOf(p *program.Program, ctx ssa.Value) []ssa.Value {
	all := []ssa.Value{ctx}
	for i := 0; i < len(all); i++ {
		if all[i].Referrers() == nil {
			continue
		}
		for _, r := range *all[i].Referrers() {
			call, ok := r.(*ssa.Call)
			if !ok {
				continue
			}
			for _, fn := range p.Callees(call) {
				for _, param := range fn.Params {
					if p.ArgOf(call, param) == all[i] && !slices.Contains(all, ssa.Value(param)) {
						all = append(all, param)
					}
				}
			}
			if call.Call.StaticCallee() == nil || call.Call.StaticCallee().Pkg == nil {
				continue
			}
			fn := call.Call.StaticCallee()
			if fn.Pkg.Pkg.Path() != "context" {
				continue
			}
			switch fn.Name() {
			case "WithValue":
				all = append(all, call)
			case "WithCancel", "WithTimeout", "WithDeadline":
				for _, rr := range *call.Referrers() {
					if x, ok := rr.(*ssa.Extract); ok && x.Index == 0 {
						all = append(all, x)
					}
				}
			}
		}
	}
	return all
}

// lasting says what a call binds to the context for longer than the call
// lasts, or "".
func lasting(info *dial.Info, call *ssa.Call, ctx ssa.Value) string {
	if call.Call.IsInvoke() {
		rpc := info.Stubs.RPC(call.Call.Method)
		if rpc != nil && !rpc.Unary() && returns(call) {
			return "the " + rpc.Name + " stream"
		}
		return ""
	}
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Pkg == nil || len(call.Call.Args) == 0 || call.Call.Args[0] != ctx {
		return ""
	}
	switch fn.Pkg.Pkg.Path() {
	case "os/exec":
		if fn.Name() == "CommandContext" && starts(call) {
			return "the process"
		}
	case "nhooyr.io/websocket", "github.com/coder/websocket":
		if fn.Name() == "NetConn" {
			return "the WebSocket"
		}
	}
	return ""
}

// starts reports whether a command is started and left to run, as opposed
// to one that runs to its end within the dialler.
func starts(cmd *ssa.Call) bool {
	started := false
	for _, r := range *cmd.Referrers() {
		call, ok := r.(ssa.CallInstruction)
		if !ok || call.Common().StaticCallee() == nil {
			continue
		}
		switch call.Common().StaticCallee().Name() {
		case "Start":
			started = true
		case "Run", "Output", "CombinedOutput":
			return false
		case "Wait":
			if _, deferred := call.(*ssa.Defer); deferred {
				return false
			}
		}
	}
	return started
}

// returns reports whether the result of a call goes into what the dialler
// returns, through at most a struct or a constructor.
func returns(call *ssa.Call) bool {
	work := []ssa.Value{call}
	seen := make(map[ssa.Value]bool)
	for len(work) > 0 {
		v := work[0]
		work = work[1:]
		if seen[v] || v.Referrers() == nil {
			continue
		}
		seen[v] = true
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.Return:
				for i, result := range r.Results {
					if result == v && i == 0 {
						return true
					}
				}
			case *ssa.Extract:
				if r.Index == 0 {
					work = append(work, r)
				}
			case *ssa.Store:
				if fa, ok := r.Addr.(*ssa.FieldAddr); ok && r.Val == v {
					work = append(work, fa.X)
				}
			case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.Phi:
				work = append(work, r.(ssa.Value))
			case *ssa.Call:
				if !r.Call.IsInvoke() && r.Call.Value != v {
					work = append(work, r)
				}
			}
		}
	}
	return false
}
