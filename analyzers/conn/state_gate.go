package conn

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

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
	built := pass.ResultOf[program.Analyzer].(*program.Package).Build()
	g := gates{pass: pass, info: info}
	for _, fn := range built.Funcs {
		if connects(fn) {
			return nil // somebody sees to it that connections connect
		}
	}
	for _, fn := range built.Funcs {
		g.check(fn)
	}
	return nil
}

// looksAtState reports whether the package asks connections for their state
// at all, and with a grpc-go that has NewClient.
func looksAtState(pass *report.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if ok && dial.IsGRPC(fn) && (fn.Name() == "GetState" || fn.Name() == "WaitForStateChange") {
			return fn.Pkg().Scope().Lookup("NewClient") != nil
		}
	}
	return false
}

// connMethod returns the name of the *grpc.ClientConn method that an
// instruction calls, and the connection.
func connMethod(instr ssa.Instruction) (name string, conn ssa.Value) {
	call, ok := instr.(ssa.CallInstruction)
	if !ok || call.Common().IsInvoke() {
		return "", nil
	}
	fn := call.Common().StaticCallee()
	if fn == nil || fn.Signature.Recv() == nil || !dial.IsConn(fn.Signature.Recv().Type()) {
		return "", nil
	}
	return fn.Name(), call.Common().Args[0]
}

func connects(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if name, _ := connMethod(instr); name == "Connect" {
				return true
			}
		}
	}
	return false
}

type gates struct {
	pass *report.Pass
	info *dial.Info
}

func (g *gates) check(fn *ssa.Function) {
	waits, considersIdle := false, false
	var states []*ssa.Call
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			name, conn := connMethod(instr)
			call, _ := instr.(*ssa.Call)
			switch {
			case name == "GetState" && call != nil:
				states = append(states, call)
				considersIdle = considersIdle || comparedWith(call, idle)
			case name == "WaitForStateChange" && call != nil:
				waits = true
				if isState(call.Call.Args[2], ready) && g.fresh(conn, call) && len(states) == 0 {
					g.report(call, "WaitForStateChange", "WaitForStateChange(ctx, READY) waits for the connection to leave READY and returns at once: it is IDLE")
					return
				}
			}
		}
	}
	if considersIdle {
		return // knows that IDLE is no failure
	}
	for _, call := range states {
		conn := call.Call.Args[0]
		for _, r := range *call.Referrers() {
			test, ok := r.(*ssa.BinOp)
			if !ok || !isState(other(test, call), ready) {
				continue
			}
			if waits || inCycle(call.Block()) {
				if g.fresh(conn, call) {
					g.report(call, "GetState", "waits for ever: grpc.NewClient leaves the connection IDLE, and nothing calls Connect or makes an RPC")
					return
				}
				continue
			}
			if reject := rejects(test); reject && !g.calledBefore(call) {
				g.report(call, "GetState", "turns away what would work: a connection is IDLE, not READY, until its first RPC and after a pause")
				return
			}
		}
	}
}

func (g *gates) report(call *ssa.Call, subject, message string) {
	f := finding.Finding{Pos: call.Pos(), End: call.Pos(), Subject: subject, Message: message}
	if expr := g.info.Expr(call); expr != nil {
		f.Pos, f.End = expr.Pos(), expr.End()
	}
	g.pass.Report("conn/state-gate", f)
}

func other(test *ssa.BinOp, v ssa.Value) ssa.Value {
	if test.X == v {
		return test.Y
	}
	return test.X
}

func isState(v ssa.Value, state int64) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return false
	}
	n, exact := constant.Int64Val(c.Value)
	return exact && n == state
}

// comparedWith reports whether a state is compared with a constant
// somewhere, also after it went through a variable.
func comparedWith(call *ssa.Call, state int64) bool {
	values := []ssa.Value{call}
	for i := 0; i < len(values) && i < 20; i++ {
		if values[i].Referrers() == nil {
			continue
		}
		for _, r := range *values[i].Referrers() {
			switch r := r.(type) {
			case *ssa.BinOp:
				if isState(other(r, values[i]), state) {
					return true
				}
			case *ssa.Phi:
				values = append(values, r)
			}
		}
	}
	return false
}

// inCycle reports whether control can come back to a block.
func inCycle(block *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := append([]*ssa.BasicBlock(nil), block.Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == block {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// fresh reports whether a connection was made by grpc.NewClient in this
// function, and no RPC on it comes before the call.
func (g *gates) fresh(conn ssa.Value, before *ssa.Call) bool {
	for _, a := range g.info.Acquisitions {
		if a.Func == before.Parent() && a.Dial != nil && a.Dial.Name == "NewClient" && a.Leads(conn) {
			return !g.calledBefore(before)
		}
	}
	return false
}

// calledBefore reports whether an RPC may come before a call in its
// function, or a call that gets the connection and may make one.
func (g *gates) calledBefore(before *ssa.Call) bool {
	for _, block := range before.Parent().Blocks {
		for _, instr := range block.Instrs {
			if instr == ssa.Instruction(before) {
				break
			}
			if block != before.Block() && !reachesBlock(block, before.Block()) {
				break
			}
			if call, ok := instr.(ssa.CallInstruction); ok && g.info.MayCall(call.Common(), before.Call.Args[0]) {
				return true
			}
		}
	}
	return false
}

func reachesBlock(from, to *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
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
