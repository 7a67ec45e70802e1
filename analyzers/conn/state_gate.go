package conn

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// States of google.golang.org/grpc/connectivity.
const (
	idle  = 0
	ready = 2
)

// stateGate reports code that lets nothing through unless the connection is
// READY, although nobody makes it so: a connection of grpc.NewClient is
// IDLE until its first RPC, and again after a while without any.
func stateGate(pass *report.Pass) error {
	info := dials(pass)
	if !info.Reaches || !looksAtState(pass) {
		return nil
	}
	if info.Eager || !info.Complete {
		return nil // grpc.Dial connects by itself
	}
	if info.Program() == nil {
		return nil
	}
	g := gates{pass: pass, info: info, program: info.Program()}
	for instr := range g.program.Instructions {
		if call, ok := instr.(ssa.CallInstruction); ok && info.Connects(call.Common()) {
			return nil // somebody sees to it that connections connect
		}
	}
	for _, fn := range g.program.Funcs {
		g.check(fn)
	}
	return nil
}

// looksAtState reports whether the package asks connections for their state
// at all, be it by a function of another package, and with a grpc-go that has
// NewClient.
func looksAtState(pass *report.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		switch {
		case ok && dial.IsGRPC(fn) && (fn.Name() == "GetState" || fn.Name() == "WaitForStateChange"):
			return hasNewClient(fn.Pkg())
		case obj.Pkg() != nil && obj.Pkg().Path() == "google.golang.org/grpc/connectivity":
			return slices.ContainsFunc(pass.Pkg.Imports(), hasNewClient)
		}
	}
	return false
}

func hasNewClient(pkg *types.Package) bool {
	obj := pkg.Scope().Lookup("NewClient")
	return obj != nil && dial.IsGRPC(obj)
}

type gates struct {
	pass    *report.Pass
	info    *dial.Info
	program *program.Program
}

// connMethod returns the name of the *grpc.ClientConn method that an
// instruction calls, and the connection.
func (g *gates) connMethod(instr ssa.Instruction) (name string, args []ssa.Value) {
	call, ok := instr.(ssa.CallInstruction)
	if !ok || call.Common().IsInvoke() {
		return "", nil
	}
	real := g.program.Real(call)
	if real.Func == nil || real.Func.Signature().Recv() == nil || !dial.IsConn(real.Func.Signature().Recv().Type()) {
		return "", nil
	}
	return real.Func.Name(), real.Args
}

// calls reports whether a function calls a method of a connection.
func (g *gates) calls(fn *ssa.Function, method string) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if name, _ := g.connMethod(instr); name == method {
				return true
			}
		}
	}
	return false
}

func (g *gates) check(fn *ssa.Function) {
	waits := false
	var tests []*ssa.BinOp
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if test, ok := instr.(*ssa.BinOp); ok && isStateType(test.X.Type()) {
				if isState(test.X, idle) || isState(test.Y, idle) {
					return // knows that IDLE is no failure
				}
				if isState(test.X, ready) || isState(test.Y, ready) {
					tests = append(tests, test)
				}
			}
			if name, args := g.connMethod(instr); name == "WaitForStateChange" {
				waits = true
				if call, ok := instr.(*ssa.Call); ok && isState(args[2], ready) && !g.calls(fn, "GetState") && g.fresh(args[0], call) {
					g.report(call, "WaitForStateChange", "WaitForStateChange(ctx, READY) waits for the connection to leave READY and returns at once: it is IDLE")
					return
				}
			}
		}
	}
	for _, test := range tests {
		if g.judge(test, waits) {
			return
		}
	}
}

// judge reports what a comparison with READY does, if that is wrong. Other
// comparisons of its function may wait for another state.
func (g *gates) judge(test *ssa.BinOp, waits bool) bool {
	state := test.X
	if isState(test.X, ready) {
		state = test.Y
	}
	asked := g.asked(state)
	if asked == nil {
		return false
	}
	at, ok := state.(*ssa.Call)
	if !ok || asked.Parent() == test.Parent() {
		at = asked
	}
	_, args := g.connMethod(asked)
	conn := args[0]
	switch {
	case waits || g.program.Innermost(test.Block()) != nil:
		if !g.fresh(conn, asked) {
			return false
		}
		g.report(at, "GetState", "waits for ever: grpc.NewClient leaves the connection IDLE, and nothing calls Connect or makes an RPC")
	case rejects(test) && !g.calledBefore(conn, test):
		g.report(at, "GetState", "turns away what would work: a connection is IDLE, not READY, until its first RPC and after a pause")
	default:
		return false
	}
	return true
}

// asked returns the one call that asks a connection for a state, or nil.
func (g *gates) asked(state ssa.Value) *ssa.Call {
	sources := g.program.Sources(state)
	if len(sources) != 1 {
		return nil
	}
	call, ok := sources[0].(*ssa.Call)
	if !ok {
		return nil
	}
	if name, _ := g.connMethod(call); name != "GetState" {
		return nil
	}
	return call
}

func (g *gates) report(call *ssa.Call, subject, message string) {
	f := finding.Finding{Pos: call.Pos(), End: call.Pos(), Subject: subject, Message: message}
	if expr := g.info.Expr(call); expr != nil {
		f.Pos, f.End = expr.Pos(), expr.End()
	}
	g.pass.Report("conn/state-gate", f)
}

func isStateType(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "State" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "google.golang.org/grpc/connectivity"
}

func isState(v ssa.Value, state int64) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return false
	}
	n, exact := constant.Int64Val(c.Value)
	return exact && n == state
}

// fresh reports whether a connection was made by grpc.NewClient in the function
// that makes a call, be it in a helper, and no RPC on it comes before.
func (g *gates) fresh(conn ssa.Value, call *ssa.Call) bool {
	sources := g.program.Sources(conn)
	if len(sources) != 1 {
		return false
	}
	for _, a := range g.info.Acquisitions {
		if a.Dial == nil || a.Dial.Name != "NewClient" || program.Result(a.Instr, 0) != sources[0] {
			continue
		}
		at := g.program.SurelyAt(a.Func, call)
		return len(at) == 1 && !g.calledBefore(sources[0], at[0])
	}
	return false
}

// calledBefore reports whether an RPC may come before an instruction in its
// function, or a call that gets the connection and may make one.
func (g *gates) calledBefore(conn ssa.Value, before ssa.Instruction) bool {
	isConn := g.program.Is(conn)
	for _, block := range before.Parent().Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || instr == before || !control.Reaches(instr, before, nil) {
				continue
			}
			if g.info.MayCall(call.Common(), isConn) {
				return true
			}
			for fn := range g.program.Running(call) {
				if g.makesRPC(fn) {
					return true
				}
			}
		}
	}
	return false
}

// makesRPC: a function of the package calls an RPC itself.
func (g *gates) makesRPC(fn *ssa.Function) bool {
	nobody := func(ssa.Value) bool { return false }
	for call := range program.Calls(fn) {
		if g.info.MayCall(call.Common(), nobody) {
			return true
		}
	}
	return false
}

// rejects reports whether a comparison with READY decides an if whose
// not-ready branch gives up: it returns an error or false, or answers an
// HTTP request with one.
func rejects(test *ssa.BinOp) bool {
	for _, r := range *test.Referrers() {
		branch, ok := r.(*ssa.If)
		if !ok {
			continue
		}
		notReady := branch.Block().Succs[0] // state != READY
		if test.Op.String() == "==" {
			notReady = branch.Block().Succs[1]
		}
		return givesUp(notReady, branch.Block())
	}
	return false
}

// givesUp looks at the blocks from one that only the branch leads to.
func givesUp(block, branch *ssa.BasicBlock) bool {
	if len(block.Preds) != 1 || block.Preds[0] != branch {
		return false // the way on for both outcomes, or another condition leads here too
	}
	answers := false
	for range 8 {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				fn := instr.Common().StaticCallee()
				if fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "net/http" && fn.Name() == "Error" {
					answers = true
				}
				if instr.Common().IsInvoke() && instr.Common().Method.Name() == "WriteHeader" {
					answers = true
				}
			case *ssa.Return:
				return answers || returnsFailure(instr)
			}
		}
		if len(block.Succs) != 1 || len(block.Succs[0].Preds) != 1 {
			return false // decides more, or goes on with the other branch
		}
		block = block.Succs[0]
	}
	return false
}

// isMadeError reports whether an error is made on the spot, or is a sentinel:
// the outcome of another attempt may be nil.
func isMadeError(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.UnOp:
		_, isGlobal := v.X.(*ssa.Global)
		return isGlobal
	case *ssa.MakeInterface:
		return true
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		if fn == nil || fn.Signature.Results().Len() != 1 {
			return false
		}
		for _, prefix := range []string{"New", "Error", "Wrap", "With"} {
			if strings.HasPrefix(fn.Name(), prefix) {
				return true
			}
		}
	}
	return false
}

// returnsFailure reports whether a return carries an error that is not nil,
// or nothing but false.
func returnsFailure(ret *ssa.Return) bool {
	if len(ret.Results) == 0 {
		return false
	}
	last := ret.Results[len(ret.Results)-1]
	if types.Identical(last.Type(), types.Universe.Lookup("error").Type()) {
		return isMadeError(last)
	}
	c, ok := last.(*ssa.Const)
	return ok && len(ret.Results) == 1 && c.Value != nil && c.Value.Kind() == constant.Bool && !constant.BoolVal(c.Value)
}
