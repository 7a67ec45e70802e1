package stream

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// senderError finds goroutines that send what comes out of a channel, and end
// when Send fails, without a word to who fills the channel:
//
//	go func() {
//		for m := range out {
//			if stream.Send(m) != nil {
//				return
//			}
//		}
//	}()
//	out <- m // for ever, once nobody takes it
func senderError(pass *report.Pass) error {
	info := known(pass)
	for _, c := range info.Calls {
		fn := c.Func()
		if c.Op != streams.Send || c.Value() == nil || fn.Parent() == nil || !started(fn) || len(info.SSA.Around(c.Instr)) == 0 {
			continue // not in a loop of a goroutine
		}
		channel := emptied(info, fn)
		if channel.IsZero() || !endsSilently(info, c) {
			continue
		}
		fill := filled(info, fn, channel)
		call := expr(info, c.Instr)
		if fill == nil || call == nil || pass.InTest(call.Pos()) {
			continue
		}
		pass.Report("stream/sender-error", finding.Finding{
			Pos: call.Pos(), End: call.End(), Subject: info.Subject(c),
			Message: fmt.Sprintf("who fills the channel hangs once %s has failed: the goroutine that empties it ends, and tells nobody", method(c)),
			Related: []finding.Related{{Message: "hangs here", Pos: fill.Pos(), End: fill.Pos() + 1}},
		})
	}
	return nil
}

// started: the literal is what a go statement runs.
func started(fn *ssa.Function) bool {
	for _, block := range fn.Parent().Blocks {
		for _, instr := range block.Instrs {
			if g, ok := instr.(*ssa.Go); ok && place.Literal(g.Call.Value) == fn {
				return true
			}
		}
	}
	return false
}

// emptied returns the one channel that a goroutine receives from in a loop,
// if it does nothing else that others may wait for.
func emptied(info *streams.Info, fn *ssa.Function) place.Place {
	var channel place.Place
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op != token.ARROW {
					continue
				}
				p := info.Place(instr.X)
				if !channel.IsZero() && p != channel || len(info.SSA.Around(instr)) == 0 {
					return place.Place{}
				}
				channel = p
			case *ssa.Select, *ssa.Send:
				return place.Place{}
			case *ssa.Defer:
				if !isDone(instr) {
					return place.Place{} // closes, cancels
				}
			}
		}
	}
	return channel
}

// isDone: the Done of a WaitGroup, which tells those only who wait.
func isDone(call ssa.CallInstruction) bool {
	fn := program.CalledObject(call.Common())
	return fn != nil && fn.Name() == "Done" && fn.Pkg() != nil && fn.Pkg().Path() == "sync"
}

// endsSilently: when Send has failed the goroutine ends, and does nothing on
// the way but log.
func endsSilently(info *streams.Info, c *streams.Call) bool {
	err := control.ErrorOf(c.Value())
	if err == nil {
		return false // the loop goes on
	}
	failed := info.SSA.Is(err)
	ends, tells := false, false
	w := control.Ways[control.ErrorState]{
		Step: func(s control.ErrorState, instr ssa.Instruction) (control.ErrorState, bool) {
			switch instr := instr.(type) {
			case *ssa.Return:
				ends = true
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					tells = true // goes on
				}
			case *ssa.Store:
				if _, shared := instr.Addr.(*ssa.FreeVar); shared {
					tells = true
				}
				if field, ok := instr.Addr.(*ssa.FieldAddr); ok && !isLocal(field.X) {
					tells = true
				}
			case *ssa.Send, *ssa.Panic:
				tells = true
			case *ssa.Call:
				tells = tells || !logs(instr)
			}
			return s, !ends && !tells
		},
		Branch: func(s control.ErrorState, cond ssa.Value, outcome bool) (control.ErrorState, bool) {
			return s.Refine(cond, outcome, failed)
		},
	}
	w.After(c.Instr, control.Failed)
	return ends && !tells
}

// isLocal: a variable that nobody else sees.
func isLocal(addr ssa.Value) bool {
	alloc, ok := addr.(*ssa.Alloc)
	return ok && !alloc.Heap
}

// logs: a call that tells people, not goroutines.
func logs(call *ssa.Call) bool {
	fn := program.CalledObject(&call.Call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "log", "log/slog", "fmt", "errors":
		return true
	}
	return false
}

// filled returns where a function around the goroutine, or another literal in
// it, sends to the channel without waiting for anything else; nil if nobody
// does, or if somebody else empties it too.
func filled(info *streams.Info, fn *ssa.Function, channel place.Place) ssa.Instruction {
	if _, ok := channel.Root.(*ssa.MakeChan); !ok || len(channel.Fields()) > 0 {
		return nil // of others, who may empty it too
	}
	var fill ssa.Instruction
	for _, other := range append([]*ssa.Function{fn.Parent()}, fn.Parent().AnonFuncs...) {
		for _, block := range other.Blocks {
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					if info.Place(instr.Chan) == channel {
						fill = instr
					}
				case *ssa.UnOp:
					if instr.Op == token.ARROW && other != fn && info.Place(instr.X) == channel {
						return nil
					}
				case *ssa.Call:
					for _, arg := range instr.Call.Args {
						if _, isChan := arg.Type().Underlying().(*types.Chan); !isChan || info.Place(arg) != channel {
							continue
						}
						if _, builtin := instr.Call.Value.(*ssa.Builtin); !builtin {
							return nil // who knows
						}
					}
				}
			}
		}
	}
	return fill
}
