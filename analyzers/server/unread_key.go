package server

import (
	"fmt"
	"go/token"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/tokenread"
	"github.com/grpclint/grpclint/finding"
)

// unreadKey reports handlers that carry out a request and never look at the
// token in it that tells a repeated one from a new one.
func unreadKey(pass *report.Pass) error {
	info := pass.ResultOf[tokenread.Analyzer].(*tokenread.Info)
	pass.Program.ReadTokens = info.Read
	for _, h := range info.Unread {
		pos := h.Func.Pos()
		pass.Report("server/unread-key", finding.Finding{
			Pos: pos, End: pos + token.Pos(len(h.Func.Name())), Subject: h.RPC.FullMethod,
			Message: fmt.Sprintf("a repeated %s is carried out again: its handler never reads %s, which tells it from a new one", h.Func.Name(), h.Token),
			Premise: premise(&h),
		})
	}
	return nil
}

// premise: nobody around reads the token in the handler's place, and if its
// type only looks like a server's, somebody serves it.
func premise(h *tokenread.Handler) finding.Premise {
	p := finding.Premise{UnreadToken: h.Message}
	recv := h.Func.Signature().Recv().Type()
	if pointer, ok := types.Unalias(recv).(*types.Pointer); ok {
		recv = pointer.Elem()
	}
	if named, ok := types.Unalias(recv).(*types.Named); ok && !stub.EmbedsServer(named) {
		p.Served = stub.TypePath(named)
	}
	return p
}
