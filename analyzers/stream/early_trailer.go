package stream

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// earlyTrailer finds clients that ask for the trailer of a stream that has
// not ended.
func earlyTrailer(pass *report.Pass) error {
	info := known(pass)
	for _, c := range info.Calls {
		if c.Op != streams.Trailer || c.Side != streams.Client || c.Value() == nil {
			continue
		}
		open := info.OpenedBy(c.Place)
		if open == nil || open.Func() != c.Func() || !settled(info, open) || receivesElsewhere(info, open.Func(), open.Place, nil) {
			continue
		}
		if !tooEarly(info, open, c) {
			continue
		}
		call := expr(info, c.Instr)
		if call == nil {
			continue
		}
		f := finding.Finding{
			Pos: call.Pos(), End: call.End(), Subject: open.RPC.FullMethod,
			Message: fmt.Sprintf("the trailer is always empty: Trailer is called before %s has ended, which an error of Recv tells", name(info, c)),
		}
		pass.Report("stream/early-trailer", f)
	}
	return nil
}

// A received is what is known of the last message that was asked for.
type received struct {
	err   ssa.Value // of the last Recv; nil: none, or nobody looks at it
	state control.ErrorState
}

// tooEarly: on every way to the call, the stream has not ended.
func tooEarly(info *streams.Info, open, trailer *streams.Call) bool {
	early, late := false, false
	w := control.Ways[received]{
		Step: func(s received, instr ssa.Instruction) (received, bool) {
			if instr == trailer.Instr {
				if s.state&control.Failed == 0 {
					early = true
				} else {
					late = true
				}
				return s, false
			}
			for _, u := range info.Uses(instr.Parent()) {
				if u.At != instr || u.Place != open.Place {
					continue
				}
				switch {
				case u.Op == streams.CloseAndRecv || u.Op == streams.Recv && !open.RPC.ServerStream:
					late = late || control.Reaches(instr, trailer.Instr, nil)
					return s, false // has ended, well or not
				case u.Op == streams.Recv && u.Call != nil && u.Call.Instr == instr && u.Call.Value() != nil:
					if err := control.ErrorOf(u.Call.Value()); err != nil {
						s = received{err, control.Anything}
					} else {
						s.state |= control.Failed
					}
				case u.Op.Receives():
					s.state |= control.Failed // in a function; who knows
				}
			}
			return s, true
		},
		Branch: func(s received, cond ssa.Value, outcome bool) (received, bool) {
			if s.err == nil {
				return s, true
			}
			state, possible := s.state.Refine(cond, outcome, info.SSA.Is(s.err))
			return received{s.err, state}, possible
		},
	}
	w.After(open.Instr, received{nil, control.MayBeNil})
	return early && !late
}
