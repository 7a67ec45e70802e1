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
	within := runBy(info.Program(), dialer)
	for _, call := range getting(info.Program(), ctx) {
		if !within[program.Outermost(call.Parent())] {
			continue // of somebody else who has the helper in common
		}
		what := lasting(info, call, dialer)
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

func stubContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

// runBy returns the functions of this package that one runs, as far as the
// declared ones around them.
func runBy(p *program.Program, fn *ssa.Function) map[*ssa.Function]bool {
	within, seen := make(map[*ssa.Function]bool), make(map[*ssa.Function]bool)
	work := []*ssa.Function{program.Outermost(fn)}
	for len(work) > 0 {
		fn, work = work[0], work[1:]
		if seen[fn] {
			continue
		}
		seen[fn], within[program.Outermost(fn)] = true, true
		work = append(work, fn.AnonFuncs...)
		for call := range program.Calls(fn) {
			work = append(work, p.Callees(call)...)
		}
	}
	return within
}

// getting returns the calls that get a context, or one derived from it by package
// context that ends with it.
func getting(p *program.Program, ctx ssa.Value) []*ssa.Call {
	var calls []*ssa.Call
	contexts := []ssa.Value{ctx}
	for i := 0; i < len(contexts); i++ {
		p.Follow(contexts[i], func(v ssa.Value, by ssa.Instruction) bool {
			call, ok := by.(*ssa.Call)
			if !ok || slices.Contains(calls, call) {
				return true
			}
			calls = append(calls, call)
			if obj := program.CalledObject(&call.Call); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "context" {
				switch obj.Name() {
				case "WithValue", "WithCancel", "WithTimeout", "WithDeadline":
					contexts = append(contexts, program.Result(call, 0))
				}
			}
			return true
		})
	}
	return calls
}

// lasting says what a call binds to the context for longer than the call
// lasts, or "".
func lasting(info *dial.Info, call *ssa.Call, dialer *ssa.Function) string {
	real := info.Program().Real(call)
	if !slices.ContainsFunc(real.Args, func(arg ssa.Value) bool { return arg != nil && stubContext(arg.Type()) }) {
		return "" // another context than the one that a helper gets
	}
	switch real.Name() {
	case "":
		rpc := info.Stubs.RPC(real.Func)
		if rpc != nil && !rpc.Unary() && returns(info.Program(), call, dialer) {
			return "the " + rpc.Name + " stream"
		}
	case "os/exec.CommandContext":
		if starts(info.Program(), call) {
			return "the process"
		}
	case "nhooyr.io/websocket.NetConn", "github.com/coder/websocket.NetConn":
		return "the WebSocket"
	}
	return ""
}

// starts reports whether a command is started and left to run, as opposed
// to one that runs to its end within the dialler.
func starts(p *program.Program, cmd *ssa.Call) bool {
	started, ended := false, false
	p.Follow(cmd, func(_ ssa.Value, by ssa.Instruction) bool {
		call, ok := by.(ssa.CallInstruction)
		if !ok || call.Common().IsInvoke() {
			return true
		}
		method := p.Real(call).Func
		if method == nil {
			return true
		}
		switch method.Name() {
		case "Start":
			started = true
		case "Run", "Output", "CombinedOutput":
			ended = true
		case "Wait":
			_, deferred := call.(*ssa.Defer)
			ended = ended || deferred
		}
		return true
	})
	return started && !ended
}

// returns reports whether the result of a call goes into what the dialler
// returns, through at most a struct or a constructor.
func returns(p *program.Program, call *ssa.Call, dialer *ssa.Function) bool {
	var work []ssa.Value
	for v := range p.Follow(program.Result(call, 0), func(ssa.Value, ssa.Instruction) bool { return true }).Values {
		work = append(work, v)
	}
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
				if r.Parent() == dialer && len(r.Results) > 0 && r.Results[0] == v {
					return true
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
