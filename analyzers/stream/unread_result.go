package stream

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// unreadResult finds uploads whose outcome nobody asks for:
//
//	stream.Send(m)
//	return stream.CloseSend()
func unreadResult(pass *report.Pass) error {
	info := known(pass)
	for _, open := range info.Calls {
		if open.Op != streams.Open || !open.RPC.ClientStream || open.RPC.ServerStream || !settled(info, open) {
			continue
		}
		var closes *streams.Call
		sends, asked := false, receivesElsewhere(info, open.Func(), open.Place, nil)
		for _, u := range info.Uses(open.Func()) {
			if u.Place != open.Place {
				continue
			}
			switch {
			case u.Op.Receives():
				asked = true
			case u.Op == streams.Send:
				sends = true
			case u.Op == streams.CloseSend:
				closes = u.Call
			}
		}
		if asked || !sends {
			continue
		}
		reportUnread(pass, info, open, closes)
	}
	return nil
}

func reportUnread(pass *report.Pass, info *streams.Info, open, closes *streams.Call) {
	f := finding.Finding{Subject: open.RPC.FullMethod}
	at := open
	if closes != nil {
		at = closes
		f.Message = fmt.Sprintf("nobody learns whether %s succeeded: CloseSend does not wait for the server's answer, CloseAndRecv does", open.RPC.Name)
	} else {
		f.Message = fmt.Sprintf("nobody learns whether %s succeeded: CloseAndRecv is never called", open.RPC.Name)
	}
	call := expr(info, at.Instr)
	if call == nil {
		return
	}
	f.Pos, f.End = call.Pos(), call.End()
	pass.Report("stream/unread-result", f)
}
