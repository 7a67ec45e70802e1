package stream

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
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
	reported := make(map[*ssa.Call]bool)
	for _, open := range info.Calls {
		if open.Op != streams.Open || !open.RPC.ClientStream || !settled(info, open) {
			continue
		}
		masks := info.Masked(open.Func(), open.Place)
		if !info.Receives(open.Func(), open.Place) {
			for _, literal := range literalsIn(open.Func()) {
				masks = append(masks, logged(info.Masked(literal, open.Place))...)
			}
		}
		reportMasked(pass, info, open, reported, slices.DeleteFunc(masks, func(m streams.Mask) bool {
			return receivesElsewhere(info, open.Func(), open.Place, m.At)
		}))
	}
	for _, held := range info.HeldOpens() {
		reportMasked(pass, info, held.Open, reported, maskedInFields(info, held))
	}
	return nil
}

// maskedInFields judges a stream that a field holds: if nobody ever receives
// from it, where it is sent on, else the functions that have a struct of their
// own.
func maskedInFields(info *streams.Info, held streams.HeldOpen) []streams.Mask {
	var masks []streams.Mask
	for _, fn := range info.SSA.Funcs {
		for _, p := range placesOf(info, fn, held) {
			if _, parameter := p.Root.(*ssa.Parameter); held.Received && (parameter || info.HolderEscapes(p)) {
				continue
			}
			masks = append(masks, slices.DeleteFunc(info.Masked(fn, p), func(m streams.Mask) bool {
				return !held.Received && !m.Send.Call.IsInvoke() && !info.ByLiteral(m.Send) || held.Received && receivesElsewhere(info, fn, p, m.At)
			})...)
		}
	}
	return masks
}

// placesOf returns by which places a function sends on a stream in a field.
func placesOf(info *streams.Info, fn *ssa.Function, held streams.HeldOpen) []place.Place {
	var list []place.Place
	for _, u := range info.Uses(fn) {
		fields := u.Place.Fields()
		if u.Op != streams.Send || len(fields) == 0 || fields[len(fields)-1] != held.Field || slices.Contains(list, u.Place) {
			continue
		}
		switch root := u.Place.Root.(type) {
		case *ssa.Parameter:
			if root.Parent() == fn {
				list = append(list, u.Place)
			}
		case ssa.Instruction:
			if root.Parent() == fn {
				list = append(list, u.Place)
			}
		}
	}
	return list
}

func literalsIn(fn *ssa.Function) []*ssa.Function {
	list := slices.Clone(fn.AnonFuncs)
	for i := 0; i < len(list); i++ {
		list = append(list, list[i].AnonFuncs...)
	}
	return list
}

// logged returns those of masks whose error goes nowhere but into a log or
// into a question: what a literal returns is for who calls it.
func logged(masks []streams.Mask) []streams.Mask {
	return slices.DeleteFunc(masks, func(m streams.Mask) bool {
		_, isReturn := m.Out.(*ssa.Return)
		return isReturn
	})
}

// settled: all that happens to the opened stream is in sight.
func settled(info *streams.Info, open *streams.Call) bool {
	_, ok := open.Stream.(*ssa.Extract)
	return ok && !info.Escapes(open.Stream)
}

// receivesElsewhere: a goroutine, a deferred call or a function literal
// receives from the stream, and so learns the status. One that comes about
// only behind a Send, if that is not nil, does not count.
func receivesElsewhere(info *streams.Info, fn *ssa.Function, p place.Place, send ssa.Instruction) bool {
	counts := func(at ssa.Instruction) bool {
		return send == nil || at == send || send.Parent() != at.Parent() || control.Reaches(at, send, nil)
	}
	for _, u := range info.Uses(fn) {
		if u.Place == p && u.Op.Receives() && (u.Concurrent() || u.Loose || u.Deferred) && counts(u.At) {
			return true
		}
	}
	return slices.ContainsFunc(info.Calls, func(c *streams.Call) bool {
		return c.Place == p && c.Op.Receives() && c.Func() != fn && counts(madeAt(c.Func(), fn))
	})
}

// madeAt returns where a function literal is made, as the function around it
// sees that; else its first instruction.
func madeAt(literal, fn *ssa.Function) ssa.Instruction {
	for literal.Parent() != nil && literal.Parent() != fn {
		literal = literal.Parent()
	}
	if literal.Parent() == fn {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if made, ok := instr.(*ssa.MakeClosure); ok && made.Fn == ssa.Value(literal) {
					return made
				}
			}
		}
	}
	return literal.Blocks[0].Instrs[0]
}

// reportMasked makes one finding of all Sends on one stream, at the question
// for the code of the error if there is one.
func reportMasked(pass *report.Pass, info *streams.Info, open *streams.Call, reported map[*ssa.Call]bool, masks []streams.Mask) {
	masks = slices.DeleteFunc(masks, func(m streams.Mask) bool {
		again := reported[m.Send]
		reported[m.Send] = true
		_, isReturn := m.Out.(*ssa.Return)
		return again || expr(info, m.Send) == nil || !isReturn && pass.InTest(m.Send.Pos()) && !info.SSA.NeverReturns(m.Out)
	})
	if len(masks) == 0 {
		return
	}
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
	asks := slices.IndexFunc(masks, func(m streams.Mask) bool { return m.AsksCode() && expr(info, m.Out.(*ssa.Call)) != nil })
	if asks >= 0 {
		question := expr(info, masks[asks].Out.(*ssa.Call))
		f.Pos, f.End = question.Pos(), question.End()
		f.Message = fmt.Sprintf("the code is Unknown whatever has ended %s: %s io.EOF, and only %s the status", open.RPC.Name, says, receive)
	}
	for i, m := range masks {
		switch call := expr(info, m.Send); {
		case i == asks:
			f.Related = append(f.Related, finding.Related{Message: "the error is of this call", Pos: call.Pos(), End: call.End()})
			continue
		case i > 0 || asks >= 0:
			f.Related = append(f.Related, finding.Related{Message: "here too", Pos: call.Pos(), End: call.End()})
		}
		f.Related = append(f.Related, finding.Related{Message: "the error of Send leaves here", Pos: m.Out.Pos(), End: m.Out.Pos()})
	}
	pass.Report("stream/masked-send", f)
}
