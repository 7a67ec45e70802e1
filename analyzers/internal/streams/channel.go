package streams

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/absent"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// channels are those that a function sends on or closes, or those that it
// receives from.
type channels struct {
	places []place.Place
	// context: that of a context's end, which the calling of its cancel
	// function closes.
	context bool
	any     bool // others too, of which nothing is known
}

func (c *channels) add(p place.Place) {
	if !p.IsZero() && !slices.Contains(c.places, p) {
		c.places = append(c.places, p)
	}
}

// merge adds the channels of a function that a call runs.
func (info *Info) merge(c, inner *channels, t *target, caller *ssa.Function) {
	c.context = c.context || inner.context
	c.any = c.any || inner.any
	for _, p := range inner.places {
		c.add(info.outside(p, t, caller))
	}
}

// JoinsOf returns what tells the instructions that may wait for the goroutine
// that start starts, or a call that starts one: they receive from a channel
// which the goroutine sends on or closes, or others that have waited for it
// themselves, or do something that is named for waiting or for ending.
func (info *Info) JoinsOf(start ssa.Instruction) func(ssa.Instruction) bool {
	call, ok := start.(ssa.CallInstruction)
	if !ok {
		return info.Joins
	}
	targets := info.targets(call)
	for _, arg := range call.Common().Args {
		if _, isFunc := arg.Type().Underlying().(*types.Signature); isFunc {
			handed := info.functions(arg)
			if len(handed) == 0 {
				return info.Joins
			}
			targets = append(targets, handed...)
		}
	}
	if len(targets) == 0 && !info.tellsNobody(start, call.Common()) {
		return info.Joins
	}
	var tells, takes channels
	for i := range targets {
		info.merge(&tells, info.feeds(targets[i].fn), &targets[i], start.Parent())
		info.merge(&takes, info.waits(targets[i].fn), &targets[i], start.Parent())
	}
	if tells.any {
		return info.Joins
	}
	return func(instr ssa.Instruction) bool { return info.waitsFor(instr, &tells) || info.fills(instr, &takes) }
}

// tellsNobody: a goroutine has no way to say that it is done, as in
//
//	go stream.Send(m)
//
// because it is an operation of a stream, or gets nothing but one and messages.
func (info *Info) tellsNobody(start ssa.Instruction, call *ssa.CallCommon) bool {
	if slices.ContainsFunc(info.byFunc[start.Parent()], func(c *Call) bool { return c.Instr == start && c.wrapped == nil }) {
		return true
	}
	return call.StaticCallee() != nil && !slices.ContainsFunc(call.Args, func(arg ssa.Value) bool {
		return SideOf(arg.Type()) == NoStream && !absent.IsMessage(arg.Type())
	})
}

// fills: an instruction waits until there is room for one in a channel, from
// which the goroutine receives.
func (info *Info) fills(instr ssa.Instruction, takes *channels) bool {
	send, ok := instr.(*ssa.Send)
	if !ok {
		return false
	}
	p := info.Place(send.Chan)
	channel, ok := p.Root.(*ssa.MakeChan)
	if !ok || len(p.Fields()) > 0 || !slices.Contains(takes.places, p) {
		return false
	}
	size, ok := channel.Size.(*ssa.Const)
	return !ok || size.Int64() <= 1
}

// waitsFor: an instruction may wait for one who tells by some channels.
func (info *Info) waitsFor(instr ssa.Instruction, tells *channels) bool {
	var waits channels
	info.noteWaits(&waits, instr)
	if waits.any || waits.context && tells.context {
		return true
	}
	return slices.ContainsFunc(waits.places, func(p place.Place) bool {
		return slices.Contains(tells.places, p) || info.fedByWaiter(p)
	})
}

// feeds returns the channels by which a function, what it calls and the
// goroutines that it starts may tell that they are done.
func (info *Info) feeds(fn *ssa.Function) *channels {
	if known := info.fed[fn]; known != nil {
		return known
	}
	c := new(channels)
	info.fed[fn] = c
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send:
				c.add(info.Place(instr.Chan))
			case *ssa.Select:
				for _, state := range instr.States {
					if state.Dir == types.SendOnly {
						c.add(info.Place(state.Chan))
					}
				}
			case ssa.CallInstruction:
				info.noteFeeds(c, instr)
			}
		}
	}
	return c
}

func (info *Info) noteFeeds(c *channels, call ssa.CallInstruction) {
	common := call.Common()
	targets := info.targets(call)
	for i := range targets {
		info.merge(c, info.feeds(targets[i].fn), &targets[i], call.Parent())
	}
	b, builtin := common.Value.(*ssa.Builtin)
	switch {
	case builtin && b.Name() == "close":
		c.add(info.Place(common.Args[0]))
	case builtin || len(targets) > 0 || common.IsInvoke() || common.StaticCallee() != nil:
	case endsContext(common.Value.Type()):
		c.context = true
	default:
		_, isParam := common.Value.(*ssa.Parameter)
		c.any = c.any || !isParam // a function that nobody knows, not even the caller
	}
	for _, arg := range common.Args {
		switch arg.Type().Underlying().(type) {
		case *types.Chan:
			if !builtin {
				c.add(info.Place(arg))
			}
		case *types.Signature:
			list := info.functions(arg)
			for i := range list {
				info.merge(c, info.feeds(list[i].fn), &list[i], call.Parent())
			}
			_, isParam := arg.(*ssa.Parameter)
			c.any = c.any || len(list) == 0 && !isParam && len(targets) > 0
			c.context = c.context || len(targets) == 0 && endsContext(arg.Type())
		}
	}
}

// endsContext: a function of the type that context.WithCancel returns.
func endsContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// noteWaits adds what an instruction waits for.
func (info *Info) noteWaits(c *channels, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			info.noteReceive(c, instr.X)
		}
	case *ssa.Select:
		for _, state := range instr.States {
			if state.Dir == types.RecvOnly {
				info.noteReceive(c, state.Chan)
			}
		}
	case *ssa.Go:
	case ssa.CallInstruction:
		if op, _ := info.opOf(instr.Common()); op != NoOp {
			return
		}
		if obj := called(instr.Common()); obj != nil && waitsByName(obj.Name()) {
			c.any = true
			return
		}
		targets := info.targets(instr)
		for i := range targets {
			info.merge(c, info.waits(targets[i].fn), &targets[i], instr.Parent())
		}
	}
}

// noteReceive adds the channel that is received from.
func (info *Info) noteReceive(c *channels, channel ssa.Value) {
	p := info.Place(channel)
	if call, ok := p.Root.(*ssa.Call); ok {
		if call.Call.IsInvoke() && stub.IsContext(call.Call.Value.Type()) {
			c.context = true
		} else {
			c.any = true
		}
		return
	}
	if ch, ok := channel.Type().Underlying().(*types.Chan); ok && types.TypeString(ch.Elem(), nil) == "time.Time" {
		c.any = true // as long as it takes, perhaps
		return
	}
	c.add(p)
}

// waits returns what a function waits for.
func (info *Info) waits(fn *ssa.Function) *channels {
	if known := info.waited[fn]; known != nil {
		return known
	}
	c := new(channels)
	info.waited[fn] = c
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			info.noteWaits(c, instr)
		}
	}
	return c
}

// A feeder sends on a channel or closes it.
type feeder struct {
	fn *ssa.Function
	of place.Place
}

// fedByWaiter: who sends on a channel or closes it has waited for something,
// perhaps for the goroutine that is asked about.
func (info *Info) fedByWaiter(p place.Place) bool {
	if info.feeders == nil {
		info.feeders = []feeder{{}}
		for _, fn := range info.SSA.Funcs {
			if waits := info.waits(fn); !waits.any && !waits.context && len(waits.places) == 0 {
				continue
			}
			for _, of := range info.feeds(fn).places {
				info.feeders = append(info.feeders, feeder{fn, of})
			}
		}
	}
	return slices.ContainsFunc(info.feeders, func(f feeder) bool { return f.of == p || sameField(f.of, p) })
}

// sameField: two places are the same field, perhaps of the same struct.
func sameField(a, b place.Place) bool {
	x, y := a.Fields(), b.Fields()
	return len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1]
}
