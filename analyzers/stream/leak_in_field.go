package stream

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// leakInField finds streams that are kept in a struct without what cancels
// them, although a method means to end them:
//
//	stream, err := c.Chat(context.Background())
//	return &Session{stream: stream}
//
//	func (s *Session) Close() error { return s.stream.CloseSend() }
//
// What holds a stream for as long as the process lives needs no such method.
func leakInField(pass *report.Pass, info *streams.Info, open *streams.Call) {
	life := info.LifeOf(open)
	store := keptOnlyIn(info, open)
	call := expr(info, open.Instr)
	if life.Kind != streams.Endless || store == nil || call == nil || closesConn(info, open.Func()) {
		return
	}
	closer := closerOf(info, fieldOf(store))
	if closer == nil {
		return
	}
	pos, end := useRange(info, closer)
	f := finding.Finding{
		Pos: call.Pos(), End: call.End(), Subject: open.RPC.FullMethod,
		Message: fmt.Sprintf("the stream of %s and its goroutine leak: CloseSend in %s does not end it, nor does %s", open.RPC.Name, closer.At.Parent().Name(), life.Is),
		Related: []finding.Related{{Message: "closes one side only", Pos: pos, End: end}, {Message: "kept here", Pos: store.Pos(), End: store.Pos()}},
	}
	lower(pass, &f)
	pass.Report("stream/leak", f)
}

func fieldOf(store *ssa.Store) *types.Var {
	addr := store.Addr.(*ssa.FieldAddr)
	return program.FieldOf(addr.X.Type(), addr.Field)
}

// keptOnlyIn returns the store of an opened stream to a field of a struct that
// is made for it; nil if it goes elsewhere, too.
func keptOnlyIn(info *streams.Info, open *streams.Call) *ssa.Store {
	var kept *ssa.Store
	for _, user := range control.Uses(open.Stream) {
		switch user := user.(type) {
		case *ssa.BinOp:
		case *ssa.Store:
			addr, ok := user.Addr.(*ssa.FieldAddr)
			if !ok || kept != nil {
				return nil
			}
			if _, made := addr.X.(*ssa.Alloc); !made {
				return nil
			}
			kept = user
		case *ssa.Call:
			if u := info.UsesAt(user); len(u) != 1 || u[0].Op.Receives() || u[0].Concurrent() {
				return nil
			}
		default:
			return nil
		}
	}
	return kept
}

// closerOf returns the CloseSend of a method that means to end the stream in a
// field, if nothing in the package ends it: nobody receives until it fails, or
// may, or gets it, and no method of the struct closes a connection.
func closerOf(info *streams.Info, field *types.Var) *streams.Use {
	if field.Exported() || info.Reassigned(field) || info.FieldEscapes(field) {
		return nil
	}
	var closer *streams.Use
	for _, fn := range info.SSA.Funcs {
		uses := info.Uses(fn)
		for i := range uses {
			u := &uses[i]
			if fields := u.Place.Fields(); len(fields) == 0 || fields[len(fields)-1] != field {
				continue
			}
			if u.Op.Receives() || closesConn(info, fn) || ends(fn) {
				return nil
			}
			if u.Op == streams.CloseSend && u.Call != nil && u.Call.Func() == fn && fn.Signature.Recv() != nil {
				closer = u
			}
		}
	}
	return closer
}

// ends: a function cancels a context.
func ends(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Blocks, func(block *ssa.BasicBlock) bool { return slices.ContainsFunc(block.Instrs, cancels) })
}
