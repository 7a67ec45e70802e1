package stream

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
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
		use := readAfterError(info, call, message)
		at := expr(info, c.Instr)
		if use == nil || at == nil || pass.InTest(at.Pos()) {
			continue
		}
		f := finding.Finding{
			Pos: use.Pos(), End: use.Pos() + 1, Subject: info.Subject(c),
			Message: fmt.Sprintf("panics when the stream fails: %s returns nil with an error, and the message is read all the same", method(c)),
			Related: []finding.Related{{Message: "received here", Pos: at.Pos(), End: at.End()}},
		}
		if sel := syntax.Of(pass.Pass).Selector(use.Pos()); sel != nil {
			f.Pos, f.End = sel.Pos(), sel.End()
		}
		pass.Report("stream/unchecked-recv", f)
	}
	return nil
}

// readAfterError returns where a field of the message is read on a way on
// which Recv has failed. Getters may be called on nil.
func readAfterError(info *streams.Info, call *ssa.Call, message ssa.Value) ssa.Instruction {
	failed := info.SSA.Is(control.ErrorOf(call))
	reads := func(instr ssa.Instruction) bool {
		field, ok := instr.(*ssa.FieldAddr)
		return ok && field.X == message
	}
	if !slices.ContainsFunc(*message.Referrers(), reads) {
		return nil
	}
	var found ssa.Instruction
	w := control.Ways[control.ErrorState]{
		Step: func(s control.ErrorState, instr ssa.Instruction) (control.ErrorState, bool) {
			if found == nil && reads(instr) {
				found = instr
			}
			return s, found == nil && instr != ssa.Instruction(call)
		},
		Branch: func(s control.ErrorState, cond ssa.Value, outcome bool) (control.ErrorState, bool) {
			if isNil, known := nilTest(cond, outcome, message); known {
				return s, isNil
			}
			return s.Refine(cond, outcome, failed)
		},
	}
	w.After(call, control.Failed)
	return found
}
