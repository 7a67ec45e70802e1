package stream

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// openSend finds clients that have sent all, do not say so, and wait for the
// server to end:
//
//	stream.Send(m)
//	for {
//		_, err := stream.Recv() // the server waits for more
//	}
func openSend(pass *report.Pass) error {
	info := known(pass)
	for _, open := range info.Calls {
		if open.Op != streams.Open || !open.RPC.ClientStream || !open.RPC.ServerStream || !settled(info, open) {
			continue
		}
		receive := lastReceive(info, open)
		if receive == nil {
			continue
		}
		call := expr(info, receive.Instr)
		if call == nil || pass.InTest(call.Pos()) {
			continue
		}
		pass.Report("stream/open-send", finding.Finding{
			Pos: call.Pos(), End: call.End(), Subject: open.RPC.FullMethod,
			Message: fmt.Sprintf("waits for ever if the server waits for more: all is sent, and CloseSend is never called on %s", name(info, receive)),
		})
	}
	return nil
}

// lastReceive returns the Recv in a loop behind which nothing is sent any
// more, although the client's side is open; nil if there is none.
func lastReceive(info *streams.Info, open *streams.Call) *streams.Call {
	var receive *streams.Call
	sends := false
	uses := info.Uses(open.Func())
	for i := range uses {
		u := &uses[i]
		if u.Place != open.Place {
			continue
		}
		switch {
		case u.Op == streams.CloseSend, u.Concurrent(), u.Loose:
			return nil // closes, or somebody else sends
		case u.Op == streams.Send:
			sends = true
		case u.Op == streams.Recv && u.Call != nil && u.Call.Func() == open.Func():
			loops := info.SSA.Around(u.Call.Instr)
			if len(loops) == 0 {
				continue // an answer
			}
			if made := open.Instr; loops[len(loops)-1].Holds(made) {
				continue // of a stream per turn
			}
			receive = u.Call
		}
	}
	if !sends || receive == nil {
		return nil
	}
	for i := range uses {
		if u := &uses[i]; u.Place == open.Place && u.Op == streams.Send && control.Reaches(receive.Instr, u.At, nil) {
			return nil // a conversation
		}
	}
	return receive
}
