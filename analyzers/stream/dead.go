package stream

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// dead finds loops that go on receiving from a stream after it has failed:
//
//	for {
//		m, err := stream.Recv()
//		if err != nil {
//			continue // every Recv after this one fails too
//		}
//	}
func dead(pass *report.Pass) error {
	info := known(pass)
	for _, c := range info.Calls {
		if c.Op != streams.Recv || c.Value() == nil {
			continue
		}
		loops := info.SSA.Around(c.Instr)
		if len(loops) == 0 || !sameStream(info, c, loops) {
			continue // received once, or from a stream per turn
		}
		// Of several loops, those in which the stream is the same.
		if !returnsAfterError(pass, info, c, loops[0]) {
			continue
		}
		reportDead(pass, info, c)
	}
	return nil
}

// sameStream: the loops around a call keep the stream that they began with.
// At least the outermost one on which that can be said has to be there.
func sameStream(info *streams.Info, c *streams.Call, loops []*control.Loop) bool {
	inner := loops[len(loops)-1]
	if root, ok := c.Place.Root.(ssa.Instruction); ok && root.Parent() == c.Func() && inner.Holds(root) {
		return false // opened, chosen or looked up anew in each turn
	}
	if _, element := c.Place.Root.(*ssa.Lookup); element {
		return false
	}
	return info.Unchanged(c, inner)
}

// returnsAfterError: some way in the outermost loop leads from the failed call
// back to it. Ways that a counter limits do not count.
func returnsAfterError(pass *report.Pass, info *streams.Info, c *streams.Call, loop *control.Loop) bool {
	call := c.Value()
	err := control.ErrorOf(call)
	message := control.Result(call, 0)
	if control.IsError(call.Type()) {
		message = nil // RecvMsg
	}
	failed := info.SSA.Is(err)
	// Behind what opens the stream it is another one.
	var opens ssa.Instruction
	switch root := c.Place.Root.(type) {
	case *ssa.Extract:
		opens, _ = root.Tuple.(ssa.Instruction)
	case ssa.Instruction:
		opens = root
	}
	found := false
	var flags control.Flags
	w := control.Ways[failure]{
		Step: func(s failure, instr ssa.Instruction) (failure, bool) {
			if instr == ssa.Instruction(call) {
				found = true
			}
			s.cancelled = s.cancelled || cancels(instr)
			if s.cancelled && waitsForEnd(instr) {
				return s, false
			}
			return s, !found && loop.Holds(instr) && !info.Replaces(instr, c) && instr != opens &&
				!info.SSA.NeverReturns(instr) && !info.SSA.EndsOn(instr, failed) && !asserts(pass, instr, failed)
		},
		Branch: func(s failure, cond ssa.Value, outcome bool) (failure, bool) {
			if limits(cond) || mayCount(info, cond, err) || !flags.Allows(s.flags, cond, outcome) {
				return s, false
			}
			if over, known := endTest(cond, outcome); known && s.cancelled {
				return s, over
			}
			if isNil, known := nilTest(cond, outcome, info.SSA.Is(message)); known {
				return s, isNil // Recv returns nil with an error
			}
			possible := true
			s.err, possible = s.err.Refine(cond, outcome, failed)
			return s, possible
		},
		Edge: func(s failure, from, to *ssa.BasicBlock) failure {
			s.flags = flags.Edge(s.flags, from, to)
			return s
		},
	}
	w.After(call, failure{err: control.Failed})
	return found
}

// A failure is what is known on a way behind a failed call: its error,
// variables that were set because of it, and that some context was cancelled.
type failure struct {
	err       control.ErrorState
	flags     control.FlagState
	cancelled bool
}

// asserts: a test hands the error to a library, which may well end the test
// because of it: require.NoError(t, err).
func asserts(pass *report.Pass, instr ssa.Instruction, failed func(ssa.Value) bool) bool {
	call, ok := instr.(*ssa.Call)
	if !ok || !pass.InTest(call.Pos()) || call.Call.Signature().Results().Len() > 1 {
		return false
	}
	fn := program.CalledObject(&call.Call)
	if fn == nil || call.Call.IsInvoke() || fn.Pkg() == nil || fn.Pkg() == pass.Pkg {
		return false
	}
	if first, _, _ := strings.Cut(fn.Pkg().Path(), "/"); !strings.Contains(first, ".") {
		return false // the standard library: log.Print
	}
	return slices.ContainsFunc(call.Call.Args, failed)
}

// nilTest: the condition compares a message with nil.
func nilTest(cond ssa.Value, outcome bool, isMessage func(ssa.Value) bool) (isNil, known bool) {
	op, ok := cond.(*ssa.BinOp)
	if !ok || op.Op != token.EQL && op.Op != token.NEQ {
		return false, false
	}
	if !control.IsNil(op.Y) || !isMessage(op.X) {
		return false, false
	}
	return outcome == (op.Op == token.EQL), true
}

func reportDead(pass *report.Pass, info *streams.Info, c *streams.Call) {
	call := expr(info, c.Instr)
	if call == nil {
		return // in a wrapper that SSA makes
	}
	f := finding.Finding{Pos: call.Pos(), End: call.End(), Subject: info.Subject(c)}
	f.Message = fmt.Sprintf("the loop spins once %s has failed: every %s after an error fails at once, and the loop goes on", name(info, c), method(c))
	if again := continueOf(pass, call); again != nil {
		f.Pos, f.End = again.Pos(), again.End()
		f.Related = []finding.Related{{Message: "receives here", Pos: call.Pos(), End: call.End()}}
	}
	pass.Report("stream/dead", f)
}

// continueOf finds the statement that leads back to a failed Recv: the last
// continue in a branch that is taken because of its error.
func continueOf(pass *report.Pass, call *ast.CallExpr) *ast.BranchStmt {
	err, loop := errorVariable(pass, call)
	if err == nil || loop == nil {
		return nil
	}
	var last *ast.BranchStmt
	ast.Inspect(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt:
			if n.Pos() < call.Pos() && n.Init == nil || !syntax.Mentions(pass.TypesInfo, n.Cond, err) || len(n.Body.List) == 0 {
				return true
			}
			if b, ok := n.Body.List[len(n.Body.List)-1].(*ast.BranchStmt); ok && b.Tok == token.CONTINUE {
				last = b
			}
		}
		return true
	})
	return last
}

// errorVariable returns the variable that a call's error goes to, and the
// loop around the call.
func errorVariable(pass *report.Pass, call *ast.CallExpr) (err types.Object, loop ast.Stmt) {
	for _, n := range syntax.Of(pass.Pass).AroundPos(call.Pos()) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if id, ok := n.Lhs[len(n.Lhs)-1].(*ast.Ident); ok && err == nil {
				err = pass.TypesInfo.ObjectOf(id)
			}
		case *ast.ForStmt, *ast.RangeStmt:
			return err, n.(ast.Stmt)
		case *ast.FuncLit, *ast.FuncDecl:
			return nil, nil
		}
	}
	return nil, nil
}
