package stream

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/absent"
	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// uncheckedRecv finds messages that are read although Recv may have failed:
//
//	m, err := stream.Recv()
//	if err == io.EOF {
//		return nil
//	}
//	log.Print(m.Name) // m is nil with any other error
func uncheckedRecv(pass *report.Pass) error {
	info := known(pass)
	for _, c := range info.Calls {
		call := c.Value()
		if c.Op != streams.Recv && c.Op != streams.CloseAndRecv || call == nil || control.IsError(call.Type()) {
			continue // RecvMsg fills what it gets
		}
		message := control.Result(call, 0)
		if message == nil {
			continue // nobody looks at it
		}
		use := readAfterError(info, pass.ResultOf[absent.Analyzer].(*absent.Info), call, message)
		at := expr(info, c.Instr)
		if use == nil || at == nil || pass.InTest(at.Pos()) {
			continue
		}
		f := finding.Finding{
			Pos: use.Pos(), End: use.Pos() + 1, Subject: info.Subject(c),
			Message: fmt.Sprintf("panics when the stream fails: %s returns nil with an error, and the message is read all the same", method(c)),
			Related: []finding.Related{{Message: "received here", Pos: at.Pos(), End: at.End()}},
		}
		if call, ok := use.(*ssa.Call); ok && expr(info, call) != nil {
			f.Pos, f.End = expr(info, call).Pos(), expr(info, call).End()
		} else if sel := syntax.Of(pass.Pass).Selector(use.Pos()); sel != nil {
			f.Pos, f.End = sel.Pos(), sel.End()
		}
		pass.Report("stream/unchecked-recv", f)
	}
	return nil
}

// readAfterError returns where a field of the message is read on a way on
// which Recv has failed, be it in a function that is called there. Getters may
// be called on nil.
func readAfterError(info *streams.Info, absents *absent.Info, call *ssa.Call, message ssa.Value) ssa.Instruction {
	r := reader{info.SSA, absents, message.Type(), info.SSA.Is(message), info.SSA.Is(control.ErrorOf(call)), func(v ssa.Value) ssa.Value { return v }}
	var found ssa.Instruction
	w := r.ways(call, &found, 0)
	w.After(call, control.Failed)
	return found
}

// A reader reads a message that is nil.
type reader struct {
	program   *program.Program
	absents   *absent.Info
	of        types.Type
	isMessage func(ssa.Value) bool
	failed    func(ssa.Value) bool
	outer     func(ssa.Value) ssa.Value // a parameter is what is passed
}

// maxReaders bounds how deep a message is handed on.
const maxReaders = 3

// ways sets found to the first read, or to the call that comes to it. They end
// at the call that receives.
func (r reader) ways(receive ssa.Instruction, found *ssa.Instruction, depth int) control.Ways[control.ErrorState] {
	return control.Ways[control.ErrorState]{
		Step: func(s control.ErrorState, instr ssa.Instruction) (control.ErrorState, bool) {
			if *found == nil && r.reads(instr, depth) {
				*found = instr
			}
			return s, *found == nil && instr != receive && !r.program.NeverReturns(instr) && !r.program.EndsOn(instr, r.failed)
		},
		Branch: func(s control.ErrorState, cond ssa.Value, outcome bool) (control.ErrorState, bool) {
			if isNil, known := nilTest(cond, outcome, r.isMessage); known {
				return s, isNil
			}
			return s.Refine(r.outer(cond), outcome, r.failed)
		},
	}
}

func (r reader) reads(instr ssa.Instruction, depth int) bool {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		return types.Identical(instr.X.Type(), r.of) && r.isMessage(instr.X)
	case *ssa.Call:
		return depth < maxReaders && control.Sees(instr, r.isMessage) && (r.readElsewhere(instr) ||
			slices.ContainsFunc(r.program.Inside(instr), func(in program.Inside) bool { return r.readIn(in, depth+1) }))
	}
	return false
}

// readElsewhere: a function of another package gets the message and reads it,
// without being told whether there is one.
func (r reader) readElsewhere(call *ssa.Call) bool {
	fn, obj := r.program.Callee(&call.Call)
	if fn != nil || obj == nil || call.Call.IsInvoke() || slices.ContainsFunc(call.Call.Args, tells) {
		return false
	}
	for i, arg := range call.Call.Args {
		if types.Identical(arg.Type(), r.of) && r.isMessage(arg) && r.absents.ReadsThrough(obj, i) {
			return true
		}
	}
	return false
}

// tells: an argument may say that there is no message.
func tells(arg ssa.Value) bool {
	basic, ok := arg.Type().Underlying().(*types.Basic)
	return control.IsError(arg.Type()) || ok && basic.Kind() == types.Bool
}

func (r reader) readIn(in program.Inside, depth int) bool {
	inner := r
	inner.isMessage = func(v ssa.Value) bool { return r.isMessage(in.Outer(v)) }
	inner.outer = func(v ssa.Value) ssa.Value { return r.outer(in.Outer(v)) }
	inner.failed = func(v ssa.Value) bool { return r.failed(in.Outer(v)) }
	var found ssa.Instruction
	w := inner.ways(nil, &found, depth)
	w.Start(in.Fn, control.Failed)
	return found != nil
}
