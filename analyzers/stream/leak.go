package stream

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// leak finds streams that a function opens and drops while they are open,
// with a context that nobody cancels. Four things free a stream: the end of
// its context, the end of the connection, an error of Recv (or the answer to
// a stream of the client), and an error of Header or Send that is not io.EOF.
func leak(pass *report.Pass) error {
	info := known(pass)
	for _, open := range info.Calls {
		if open.Op != streams.Open || pass.InTest(open.Instr.Pos()) || endsProcess(open.Func()) {
			continue
		}
		if !settled(info, open) {
			leakInField(pass, info, open)
			continue
		}
		life := info.LifeOf(open)
		if life.Kind == streams.UnknownLife || closesConn(info, open.Func()) || streams.KeptByLiteral(open.Stream) {
			continue
		}
		if life.Kind == streams.Callers && !receivesOnce(info, open) {
			continue
		}
		out := dropped(info, open)
		if out == nil {
			continue
		}
		reportLeak(pass, info, open, life, out)
	}
	return nil
}

// endsProcess: what main opens lives as long as the process anyway.
func endsProcess(fn *ssa.Function) bool {
	return fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main" && fn.Name() == "main"
}

// closesConn: a function, or one that it runs, closes a connection, and the
// streams on it.
func closesConn(info *streams.Info, fn *ssa.Function) bool {
	return closesWithin(info, fn, make(map[*ssa.Function]bool))
}

func closesWithin(info *streams.Info, fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if seen[fn] || len(seen) > 20 {
		return false
	}
	own := len(seen) == 0
	seen[fn] = true
	inside := func(fn *ssa.Function) bool { return closesWithin(info, fn, seen) }
	if slices.ContainsFunc(fn.AnonFuncs, inside) {
		return true
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call.Common().IsInvoke() {
				continue
			}
			callee := program.CalledObject(call.Common())
			if callee != nil && callee.Name() == "Close" && callee.Signature().Recv() != nil && (own || isConn(callee.Signature().Recv().Type())) {
				return true
			}
			callees := info.SSA.Callees(call)
			if slices.ContainsFunc(callees, inside) {
				return true
			}
			if len(callees) == 0 && callee != nil && callee.Pkg().Path() != stub.GRPCPath && slices.ContainsFunc(call.Common().Args, func(arg ssa.Value) bool { return isConn(arg.Type()) }) {
				return true // another package's, which may close it
			}
		}
	}
	return false
}

func isConn(t types.Type) bool {
	return strings.HasSuffix(types.TypeString(t, nil), stub.GRPCPath+".ClientConn")
}

// receivesOnce: the stream stands for one message, as if the RPC had been
// made for a single answer. Who does so means it to be over then.
func receivesOnce(info *streams.Info, open *streams.Call) bool {
	n := 0
	for _, u := range info.Uses(open.Func()) {
		if u.Place != open.Place || !u.Op.Receives() {
			continue
		}
		if n++; u.Call == nil || u.Call.Instr != u.At || len(info.SSA.Around(u.At)) > 0 {
			return false
		}
	}
	return n == 1 && open.RPC.ServerStream
}

// An openState is what is known of an opened stream on one way.
type openState struct {
	err  ssa.Value          // of the last operation that can tell the end
	last control.ErrorState // what is known of it
}

// dropped returns a return that leaves the stream open, or nil.
func dropped(info *streams.Info, open *streams.Call) ssa.Instruction {
	openErr := control.ErrorOf(open.Value())
	var out ssa.Instruction
	byInstr := make(map[ssa.Instruction][]streams.Use)
	for _, u := range info.Uses(open.Func()) {
		if u.Place == open.Place {
			byInstr[u.At] = append(byInstr[u.At], u)
		}
	}
	w := control.Ways[openState]{
		Step: func(s openState, instr ssa.Instruction) (openState, bool) {
			if out != nil {
				return s, false
			}
			for _, u := range byInstr[instr] {
				if u.Concurrent() || u.Loose || u.Deferred || u.Op == streams.CloseAndRecv || u.Op == streams.Recv && !open.RPC.ServerStream {
					return s, false // ends it, or may
				}
				if u.Op != streams.Recv && u.Op != streams.Send && u.Op != streams.Header {
					continue
				}
				if u.Call == nil || u.Call.Instr != instr || u.Call.Value() == nil {
					if u.Op == streams.Recv {
						return s, false // in a function that may receive to the end
					}
					continue
				}
				if err := control.ErrorOf(u.Call.Value()); err != nil {
					s.err, s.last = err, control.Anything
				}
			}
			switch instr := instr.(type) {
			case *ssa.Return:
				out = instr
				return s, false
			case *ssa.Panic:
				return s, false
			case *ssa.Call:
				if info.SSA.NeverReturns(instr) {
					return s, false
				}
			}
			return s, instr != ssa.Instruction(open.Value())
		},
		Branch: func(s openState, cond ssa.Value, outcome bool) (openState, bool) {
			possible := true
			if openErr != nil {
				_, possible = control.MayBeNil.Refine(cond, outcome, info.SSA.Is(openErr))
			}
			if isNil, known := nilTest(cond, outcome, info.SSA.Is(open.Stream)); known && isNil {
				return s, false
			}
			if s.err != nil && possible {
				s.last, possible = s.last.Refine(cond, outcome, info.SSA.Is(s.err))
				if s.last&control.MayBeNil == 0 {
					return s, false // the stream has ended
				}
			}
			return s, possible
		},
	}
	w.After(open.Instr, openState{})
	return out
}

func reportLeak(pass *report.Pass, info *streams.Info, open *streams.Call, life streams.Life, out ssa.Instruction) {
	call := expr(info, open.Instr)
	if call == nil {
		return
	}
	f := finding.Finding{Pos: call.Pos(), End: call.End(), Subject: open.RPC.FullMethod}
	lower(pass, &f)
	where := fmt.Sprintf("line %d", pass.Line(outPos(out)))
	switch life.Kind {
	case streams.Endless:
		f.Message = fmt.Sprintf("the stream of %s and its goroutine leak: nothing ends it when %s is left at %s, nor does %s", open.RPC.Name, open.Func().Name(), where, life.Is)
	case streams.Callers:
		f.Severity = rule.Info
		f.Message = fmt.Sprintf("the stream of %s stays open after %s is left at %s, until the caller cancels %s", open.RPC.Name, open.Func().Name(), where, life.Is)
	}
	f.Related = []finding.Related{{Message: "leaves the stream open", Pos: outPos(out), End: outPos(out)}}
	pass.Report("stream/leak", f)
}

// outPos is where control leaves: the return, or the brace that ends the
// function.
func outPos(instr ssa.Instruction) token.Pos {
	if instr.Pos().IsValid() {
		return instr.Pos()
	}
	if syntax := instr.Parent().Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return instr.Parent().Pos()
}
