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
	stores := make(map[*ssa.Function][]*ssa.Store)
	for _, c := range info.Calls {
		if c.Op != streams.Send || c.Value() == nil {
			continue
		}
		if _, known := stores[c.Func()]; !known {
			stores[c.Func()] = fieldStores(c.Func())
		}
		change := changedAfter(info, c, stores[c.Func()])
		call := expr(info, c.Instr)
		if change == nil || call == nil || pass.InTest(call.Pos()) {
			continue
		}
		var at ast.Expr = call
		what := "the message"
		if len(call.Args) == 1 && c.Inner == c.Instr {
			at = call.Args[0]
			if id, ok := ast.Unparen(at).(*ast.Ident); ok {
				what = id.Name
			}
		}
		pass.Report("stream/mutated-message", finding.Finding{
			Pos: at.Pos(), End: at.End(), Subject: info.Subject(c),
			Message: fmt.Sprintf("a tracer or a stats handler may see another message than was sent: %s is changed after %s", what, method(c)),
			Related: []finding.Related{{Message: "changed here", Pos: change.Pos(), End: change.Pos() + 1}},
		})
	}
	return nil
}

// fieldStores returns what a function stores in fields behind pointers.
func fieldStores(fn *ssa.Function) []*ssa.Store {
	var list []*ssa.Store
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if store, ok := instr.(*ssa.Store); ok {
				if _, ok := store.Addr.(*ssa.FieldAddr); ok {
					list = append(list, store)
				}
			}
		}
	}
	return list
}

// changedAfter returns a store to a field of the message to which a way leads
// from the call that sends it, without the message being made anew.
func changedAfter(info *streams.Info, c *streams.Call, stores []*ssa.Store) ssa.Instruction {
	message := info.Message(c)
	if message.IsZero() || len(message.Fields()) > 0 {
		return nil
	}
	made, _ := message.Root.(ssa.Instruction)
	for _, store := range stores {
		owner := store.Addr.(*ssa.FieldAddr).X
		if types.Identical(owner.Type(), message.Root.Type()) && info.Place(owner) == message && control.Reaches(c.Instr, store, func(i ssa.Instruction) bool { return i == made }) {
			return store
		}
	}
	return nil
}
