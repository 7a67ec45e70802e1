package program

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A channelIndex knows what is sent to the channels that a package makes, and
// where fields and package variables that hold channels are read.
type channelIndex struct {
	sent    map[*ssa.MakeChan][]ssa.Value
	fields  map[*types.Var][]ssa.Value
	globals map[*ssa.Global][]ssa.Value
	private map[*ssa.MakeChan]bool
}

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
		private, known := p.channels.private[made]
		if !known {
			private = p.isPrivate(made, make(map[ssa.Value]bool))
			p.channels.private[made] = private
		}
		h.Values = append(h.Values, p.channels.sent[made]...)
		h.Complete = h.Complete && private
	}
	h.Complete = h.Complete && len(h.Values) > 0
	return h
}

func (p *Program) indexChannels() {
	x := &channelIndex{
		sent: make(map[*ssa.MakeChan][]ssa.Value), fields: make(map[*types.Var][]ssa.Value),
		globals: make(map[*ssa.Global][]ssa.Value), private: make(map[*ssa.MakeChan]bool),
	}
	p.channels = x
	p.sources = newSources(p.Meter)
	defer func() { p.sources = newSources(p.Meter) }()
	send := func(instr ssa.Instruction, channel, v ssa.Value) {
		for _, source := range p.Sources(channel) {
			if made, ok := source.(*ssa.MakeChan); ok && !p.inTest(instr) {
				x.sent[made] = append(x.sent[made], v)
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
		case *ssa.Field:
			if isChannel(instr.Type()) {
				field := FieldOf(instr.X.Type(), instr.Field)
				x.fields[field] = append(x.fields[field], instr)
			}
		case *ssa.UnOp:
			if instr.Op != token.MUL || !isChannel(instr.Type()) {
				continue
			}
			switch addr := instr.X.(type) {
			case *ssa.FieldAddr:
				field := FieldOf(addr.X.Type(), addr.Field)
				x.fields[field] = append(x.fields[field], instr)
			case *ssa.Global:
				x.globals[addr] = append(x.globals[addr], instr)
			}
		}
	}
}

func isChannel(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// isPrivate: a channel goes nowhere but where this package sees what is sent to
// it.
func (p *Program) isPrivate(channel ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[channel] {
		return true
	}
	seen[channel] = true
	if c, ok := channel.Type().Underlying().(*types.Chan); !ok || c.Dir() == types.RecvOnly {
		return ok
	}
	for _, user := range *channel.Referrers() {
		if !p.usesPrivately(user, channel, seen) {
			return false
		}
	}
	return true
}

func (p *Program) usesPrivately(user ssa.Instruction, channel ssa.Value, seen map[ssa.Value]bool) bool {
	all := func(reads []ssa.Value) bool {
		for _, read := range reads {
			if !p.isPrivate(read, seen) {
				return false
			}
		}
		return true
	}
	switch user := user.(type) {
	case *ssa.DebugRef, *ssa.UnOp, *ssa.BinOp:
		return true
	case *ssa.Send:
		return user.X != channel
	case *ssa.Select:
		for _, state := range user.States {
			if state.Send == channel {
				return false
			}
		}
		return true
	case *ssa.ChangeType:
		return p.isPrivate(user, seen)
	case *ssa.Phi:
		return p.isPrivate(user, seen)
	case *ssa.Store:
		switch addr := user.Addr.(type) {
		case *ssa.FieldAddr:
			field := FieldOf(addr.X.Type(), addr.Field)
			h := p.cells.fields[field]
			return p.owns(field) && h != nil && h.Complete && all(p.channels.fields[field])
		case *ssa.Global:
			_, complete := p.Stored(addr)
			return complete && all(p.channels.globals[addr])
		case *ssa.Alloc, *ssa.FreeVar:
			alloc := p.Variable(addr)
			return alloc != nil && p.HeldIn(alloc).Complete && all(p.loads(alloc))
		}
	case ssa.CallInstruction:
		if isBuiltin(user.Common().Value) {
			return true // close, len, cap
		}
		callees := p.Callees(user)
		for _, fn := range callees {
			args := Args(user.Common())
			if len(args) != len(fn.Params) {
				return false
			}
			for i, arg := range args {
				if arg == channel && !p.isPrivate(fn.Params[i], seen) {
					return false
				}
			}
		}
		return len(callees) > 0
	}
	return false
}

// loads are the reads of a local variable, those in function literals included.
func (p *Program) loads(alloc *ssa.Alloc) []ssa.Value {
	var reads []ssa.Value
	for _, name := range p.Names(alloc) {
		for _, user := range *name.Referrers() {
			if load, ok := user.(*ssa.UnOp); ok {
				reads = append(reads, load)
			}
		}
	}
	return reads
}
