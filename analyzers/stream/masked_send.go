package stream

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
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
		masks := slices.DeleteFunc(info.Masked(open.Func(), open.Stream), func(m streams.Mask) bool {
			return receivesElsewhere(info, open, m.Send) || expr(info, m.Send) == nil
		})
		if len(masks) > 0 {
			reportMasked(pass, info, open, masks)
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
// receives from the stream, and so learns the status. One that is started
// only behind a Send, if that is not nil, does not count.
func receivesElsewhere(info *streams.Info, open *streams.Call, send *ssa.Call) bool {
	for _, u := range info.Uses(open.Func()) {
		if u.Place != open.Place || !u.Op.Receives() || !u.Concurrent() && !u.Loose && !u.Deferred {
			continue
		}
		if !u.Concurrent() || send == nil || u.At == ssa.Instruction(send) || control.Reaches(u.At, send, nil) {
			return true
		}
	}
	for _, c := range info.Calls {
		if c.Place == open.Place && c.Op.Receives() && c.Func() != open.Func() && (send == nil || !startedBehind(c.Func(), send)) {
			return true
		}
	}
	return false
}

// startedBehind: a function literal is made where no way leads to the Send.
func startedBehind(literal *ssa.Function, send *ssa.Call) bool {
	if literal.Parent() != send.Parent() {
		return false
	}
	for _, block := range send.Parent().Blocks {
		for _, instr := range block.Instrs {
			if made, ok := instr.(*ssa.MakeClosure); ok && made.Fn == ssa.Value(literal) {
				return !control.Reaches(made, send, nil)
			}
		}
	}
	return false
}

// reportMasked makes one finding of all Sends on one stream.
func reportMasked(pass *report.Pass, info *streams.Info, open *streams.Call, masks []streams.Mask) {
	receive, says := "Recv", "Send says"
	if !open.RPC.ServerStream {
		receive = "CloseAndRecv"
	}
	if n := len(masks); n > 1 {
		says = fmt.Sprintf("%d calls of Send say", n)
	}
	call := expr(info, masks[0].Send)
	f := finding.Finding{
		Pos: call.Pos(), End: call.End(), Subject: open.RPC.FullMethod,
		Message: fmt.Sprintf("the server's reason for ending %s is lost: %s io.EOF, and only %s the status", open.RPC.Name, says, receive),
	}
	for i, m := range masks {
		if i > 0 {
			call := expr(info, m.Send)
			f.Related = append(f.Related, finding.Related{Message: "here too", Pos: call.Pos(), End: call.End()})
		}
		f.Related = append(f.Related, finding.Related{Message: "the error of Send leaves here", Pos: m.Out.Pos(), End: m.Out.Pos()})
	}
	pass.Report("stream/masked-send", f)
}
