package server

import (
	"fmt"
	"go/token"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/tokenread"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
)

// unreadKey reports handlers that carry out a request and never look at the
// token in it that tells a repeated one from a new one.
func unreadKey(pass *report.Pass) error {
	info := pass.ResultOf[tokenread.Analyzer].(*tokenread.Info)
	pass.Claim(claim.ReadsToken, info.Read...)
	for _, h := range info.Unread {
		pos := h.Func.Pos()
		pass.Report("server/unread-key", finding.Finding{
			Pos: pos, End: pos + token.Pos(len(h.Func.Name())), Subject: h.RPC.FullMethod,
			Message: fmt.Sprintf("a repeated %s is carried out again: its handler never reads %s, which tells it from a new one", h.Func.Name(), h.Token),
			// Nobody around reads it in the handler's place.
			StandsOn: append(stub.Served(h.Func.Signature().Recv().Type()), claim.Unless(claim.ReadsToken, h.Message)),
		})
	}
	return nil
}
