package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A channelIndex knows what is sent to the channels that a package makes.
type channelIndex map[*ssa.MakeChan][]ssa.Value

// Received returns what is received from a channel: all that this package
// sends, which is complete if nobody else gets the channel to send to it. Test
// files do not count.
func (p *Program) Received(channel ssa.Value) Held {
	h := Held{Complete: true}
	for _, v := range p.Sources(channel) {
		made, ok := v.(*ssa.MakeChan)
		if !ok {
			return Held{}
		}
		private, known := p.private[made]
		if !known {
			private = p.isPrivate(made)
			p.private[made] = private
		}
		h.Values = append(h.Values, p.channels[made]...)
		h.Complete = h.Complete && private
	}
	h.Complete = h.Complete && len(h.Values) > 0
	return h
}

func (p *Program) indexChannels() {
	p.channels, p.private = make(channelIndex), make(map[*ssa.MakeChan]bool)
	p.forget()
	defer p.forget()
	send := func(instr ssa.Instruction, channel, v ssa.Value) {
		for _, source := range p.Sources(channel) {
			if made, ok := source.(*ssa.MakeChan); ok && !p.inTest(instr) {
				p.channels[made] = append(p.channels[made], v)
			}
		}
	}
	for instr := range p.Instructions {
		switch instr := instr.(type) {
		case *ssa.Send:
			send(instr, instr.Chan, instr.X)
		case *ssa.Select:
			for _, state := range instr.States {
				if state.Dir == types.SendOnly {
					send(instr, state.Chan, state.Send)
				}
			}
		}
	}
}

// isPrivate: a channel goes nowhere but where this package sees what is sent to
// it.
func (p *Program) isPrivate(made *ssa.MakeChan) bool {
	private := true
	p.Follow(made, func(channel ssa.Value, by ssa.Instruction) bool {
		private = usesPrivately(channel, by)
		return private
	})
	return private
}

func usesPrivately(channel ssa.Value, by ssa.Instruction) bool {
	if c, ok := channel.Type().Underlying().(*types.Chan); !ok || c.Dir() == types.RecvOnly {
		return ok
	}
	switch by := by.(type) {
	case *ssa.UnOp, *ssa.BinOp:
		return true
	case *ssa.Send:
		return by.X != channel
	case *ssa.Select:
		return !slices.ContainsFunc(by.States, func(state *ssa.SelectState) bool { return state.Send == channel })
	case ssa.CallInstruction:
		return isBuiltin(by.Common().Value) // close, len, cap
	}
	return false
}
