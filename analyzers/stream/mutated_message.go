package stream

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// mutatedMessage finds messages that are changed after they were sent:
//
//	event := new(pb.Event)
//	for ... {
//		event.Name = name // the one before may still be read
//		stream.Send(event)
//	}
func mutatedMessage(pass *report.Pass) error {
	info := known(pass)
	for _, c := range info.Calls {
		if c.Op != streams.Send || c.Value() == nil || c.Inner != c.Instr || len(c.Instr.Common().Args) != 1 {
			continue
		}
		message := c.Instr.Common().Args[0]
		if made, ok := message.(*ssa.MakeInterface); ok {
			message = made.X // SendMsg
		}
		change := changedAfter(c, message)
		call := expr(info, c.Instr)
		if change == nil || call == nil || len(call.Args) != 1 || pass.InTest(call.Pos()) {
			continue
		}
		what := "the message"
		if id, ok := ast.Unparen(call.Args[0]).(*ast.Ident); ok {
			what = id.Name
		}
		pass.Report("stream/mutated-message", finding.Finding{
			Pos: call.Args[0].Pos(), End: call.Args[0].End(), Subject: info.Subject(c),
			Message: fmt.Sprintf("a tracer or a stats handler may see another message than was sent: %s is changed after %s", what, method(c)),
			Related: []finding.Related{{Message: "changed here", Pos: change.Pos(), End: change.Pos() + 1}},
		})
	}
	return nil
}

// changedAfter returns a store to a field of a message to which a way leads
// from the call that sends it, without the message being made anew.
func changedAfter(c *streams.Call, message ssa.Value) ssa.Instruction {
	if _, ok := message.Type().Underlying().(*types.Pointer); !ok || message.Referrers() == nil {
		return nil
	}
	made, _ := message.(ssa.Instruction)
	for _, user := range *message.Referrers() {
		field, ok := user.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *field.Referrers() {
			store, ok := use.(*ssa.Store)
			if ok && store.Addr == field && control.Reaches(c.Instr, store, func(i ssa.Instruction) bool { return i == made }) {
				return store
			}
		}
	}
	return nil
}
