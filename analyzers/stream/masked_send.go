package stream

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// maskedSend finds clients that report the error of Send, which is io.EOF
// whatever has happened, where Recv would tell the status:
//
//	if err := stream.Send(m); err != nil {
//		return err
//	}
func maskedSend(pass *report.Pass) error {
	info := known(pass)
	for _, open := range info.Calls {
		if open.Op != streams.Open || !open.RPC.ClientStream || !settled(info, open) {
			continue
		}
		if receivesElsewhere(info, open) {
			continue // a receiver of its own learns the status
		}
		for _, m := range info.Masked(open.Func(), open.Stream) {
			reportMasked(pass, info, open, m)
		}
	}
	return nil
}

// settled: all that happens to the opened stream is in sight.
func settled(info *streams.Info, open *streams.Call) bool {
	_, ok := open.Stream.(*ssa.Extract)
	return ok && !info.Escapes(open.Stream)
}

// receivesElsewhere: a goroutine, a deferred call or a function literal
// receives from the stream.
func receivesElsewhere(info *streams.Info, open *streams.Call) bool {
	for _, u := range info.Uses(open.Func()) {
		if u.Place == open.Place && u.Op.Receives() && (u.Concurrent() || u.Loose || u.Deferred) {
			return true
		}
	}
	for _, c := range info.Calls {
		if c.Place == open.Place && c.Op.Receives() && c.Func() != open.Func() {
			return true
		}
	}
	return false
}

func reportMasked(pass *report.Pass, info *streams.Info, open *streams.Call, m streams.Mask) {
	call := expr(info, m.Send)
	if call == nil {
		return
	}
	receive := "Recv"
	if !open.RPC.ServerStream {
		receive = "CloseAndRecv"
	}
	f := finding.Finding{
		Pos: call.Pos(), End: call.End(), Subject: open.RPC.FullMethod,
		Message: fmt.Sprintf("the server's reason for ending %s is lost: Send says io.EOF, and only %s the status", open.RPC.Name, receive),
		Related: []finding.Related{{Message: "the error of Send leaves here", Pos: m.Out.Pos(), End: m.Out.Pos()}},
	}
	if pass.InTest(call.Pos()) {
		f.Severity = rule.Info
	}
	pass.Report("stream/masked-send", f)
}
