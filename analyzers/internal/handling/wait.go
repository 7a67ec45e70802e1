package handling

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A source says where a channel comes from.
type source int

const (
	unknownSource source = iota
	timerSource          // time.After, a ticker
	doneSource           // the end of a context
	signalSource         // only ever closed, or a semaphore
	sharedSource         // a field of the receiver, a package variable
	subscription         // what a call returned that got no context
)

// sourceOf classifies a channel: by what a function of this package returns, or
// by the call of it.
func (info *Info) sourceOf(f *Frame, ch ssa.Value) source {
	s := info.sourceAt(f, ch, info.place(f, ch))
	if s == unknownSource {
		s = info.sourceAt(f, ch, info.resolver.Of(ch))
	}
	return s
}

func (info *Info) sourceAt(f *Frame, ch ssa.Value, p place.Place) source {
	if fields := p.Fields(); len(fields) > 0 && isTimer(fields[len(fields)-1]) {
		return timerSource
	}
	if call, ok := p.Root.(*ssa.Call); ok && len(p.Fields()) == 0 {
		return info.sourceOfCall(f, call)
	}
	if e, ok := p.Root.(*ssa.Extract); ok && len(p.Fields()) == 0 {
		if call, ok := e.Tuple.(*ssa.Call); ok {
			return info.sourceOfCall(f, call)
		}
	}
	t, ok := ch.Type().Underlying().(*types.Chan)
	if !ok {
		return unknownSource // a type parameter
	}
	if elem, ok := t.Elem().Underlying().(*types.Struct); ok && elem.NumFields() == 0 {
		return signalSource
	}
	switch root := p.Root.(type) {
	case *ssa.MakeChan:
		if info.handsOut(root) {
			return subscription
		}
	case *ssa.Global:
		return sharedSource
	case *ssa.Parameter:
		if len(p.Fields()) > 0 && root.Parent().Signature.Recv() != nil && root == root.Parent().Params[0] && !info.holdsRequest(root.Type()) {
			return sharedSource
		}
	}
	return unknownSource
}

func (info *Info) sourceOfCall(f *Frame, call *ssa.Call) source {
	obj := program.CalledObject(call.Common())
	if obj == nil || obj.Pkg() == nil {
		return unknownSource
	}
	switch {
	case obj.Name() == "Done":
		return doneSource
	case obj.Pkg().Path() == "time", ofTimes(obj.Signature()):
		return timerSource
	}
	for _, arg := range call.Call.Args {
		if isRequest(arg.Type()) || info.holdsRequest(arg.Type()) {
			return doneSource // whoever made it knows the context
		}
	}
	return subscription
}

// ofTimes: a function returns a channel of times, as time.After does.
func ofTimes(sig *types.Signature) bool {
	return sig.Results().Len() == 1 && types.TypeString(sig.Results().At(0).Type(), nil) == "<-chan time.Time"
}

// isTimer: the field C of a time.Timer or time.Ticker.
func isTimer(field *types.Var) bool {
	return field.Name() == "C" && field.Pkg() != nil && field.Pkg().Path() == "time"
}

// holdsRequest: a struct with a context or a stream in one of its fields may
// be told of the end of the RPC.
func (info *Info) holdsRequest(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if isRequest(field.Type()) || streams.SideOf(field.Type()) != streams.NoStream || field.Type().String() == "context.CancelFunc" {
			return true
		}
	}
	return false
}

// channels finds places at which a handler waits for a value that may never
// come, and not for the end of the RPC.
func (info *Info) channels(f *Frame) []*Site {
	sites := append(info.registered(f), info.triesToSend(f)...)
	if info.consults(f) {
		return sites
	}
	for instr := range info.instructions(f) {
		waits, stops := false, false
		switch instr := instr.(type) {
		case *ssa.UnOp:
			if instr.Op != token.ARROW {
				continue
			}
			switch info.sourceOf(f, instr.X) {
			case sharedSource:
				waits = true
			case subscription:
				waits = len(info.SSA.Around(instr)) > 0
			}
		case *ssa.Select:
			if !instr.Blocking {
				continue
			}
			for _, state := range instr.States {
				switch info.sourceOf(f, state.Chan) {
				case sharedSource:
					waits = waits || state.Dir == types.RecvOnly
				case subscription:
					waits = waits || state.Dir == types.RecvOnly && len(info.SSA.Around(instr)) > 0
				case signalSource:
					stops = stops || !info.ofServer(f, state.Chan)
				default:
					stops = true
				}
			}
		}
		if waits && !stops {
			sites = append(sites, &Site{Kind: Channel, Frame: f, Instr: instr})
		}
	}
	return sites
}

// ofServer: a channel in a field of the receiver of a method, or a package
// variable, speaks of the server and not of one client.
func (info *Info) ofServer(f *Frame, ch ssa.Value) bool {
	p := info.place(f, ch)
	switch root := p.Root.(type) {
	case *ssa.Global:
		return true
	case *ssa.Parameter:
		return len(p.Fields()) > 0 && root.Parent().Signature.Recv() != nil && root == root.Parent().Params[0] && !info.holdsRequest(root.Type())
	}
	return false
}

// consults: a function looks at whether the RPC has ended, or starts
// something that may look for it.
func (info *Info) consults(f *Frame) bool {
	for instr := range info.instructions(f) {
		switch instr := instr.(type) {
		case *ssa.Go:
			return true
		case *ssa.MakeClosure:
			if !onlyDeferred(instr) && !info.runsHere(f, instr) {
				return true
			}
		case *ssa.Call:
			common := instr.Common()
			if common.IsInvoke() && stub.IsContext(common.Value.Type()) && (common.Method.Name() == "Done" || common.Method.Name() == "Err") {
				return true
			}
			if obj := program.CalledObject(common); obj != nil && obj.Name() == "AfterFunc" {
				return true
			}
		}
	}
	return false
}

// onlyDeferred: a function literal runs when the handler has come to its end.
func onlyDeferred(literal *ssa.MakeClosure) bool {
	return !slices.ContainsFunc(control.Uses(literal), func(user ssa.Instruction) bool {
		_, isDefer := user.(*ssa.Defer)
		return !isDefer
	})
}

// loops finds loops that wait for something by looking again and again, and
// never at whether the RPC has ended.
func (info *Info) loops(f *Frame) []*Site {
	var sites []*Site
	for _, fn := range info.bodies(f) {
		for _, loop := range control.Loops(fn) {
			pause := info.pauseOf(f, loop)
			if pause == nil || info.noticesEnd(f, loop) {
				continue
			}
			call, _ := pause.(*ssa.Call)
			switch {
			case call != nil && isCondWait(program.CalledObject(&call.Call)):
				sites = append(sites, &Site{Kind: Loop, Frame: f, Instr: pause, What: "Cond.Wait"})
			case !loop.Counts():
				sites = append(sites, &Site{Kind: Loop, Frame: f, Instr: pause})
			}
		}
	}
	return sites
}

// pauseOf returns what makes a loop last: a wait for a timer, a short sleep
// or a condition variable; nil if nothing does, or if time.Sleep is too long
// to be overlooked, which is a finding of its own.
func (info *Info) pauseOf(f *Frame, loop *control.Loop) ssa.Instruction {
	var pause ssa.Instruction
	for _, block := range loop.Header.Parent().Blocks {
		if !loop.Blocks[block] {
			continue
		}
		for _, at := range block.Instrs {
			for instr := range info.steps(f, at) {
				switch instr := instr.(type) {
				case *ssa.UnOp:
					if instr.Op == token.ARROW && info.sourceOf(f, instr.X) == timerSource {
						pause = instr
					}
				case *ssa.Select:
					timers := 0
					for _, state := range instr.States {
						if info.sourceOf(f, state.Chan) == timerSource {
							timers++
						}
					}
					if timers > 0 && timers == len(instr.States) {
						pause = instr
					}
				case *ssa.Call:
					switch obj := program.CalledObject(&instr.Call); {
					case isSleep(obj):
						if d, ok := info.duration(f, program.SignatureArg(instr, 0)); !ok || d >= short {
							return nil
						}
						pause = instr
					case isCondWait(obj):
						pause = instr
					case obj != nil:
						fact := info.factOf(obj)
						if fact != nil && slices.ContainsFunc(fact.Sites, func(s RemoteSite) bool { return s.Kind == Sleep }) {
							return nil
						}
						if fact != nil && fact.Pauses {
							pause = instr
						}
					}
				}
			}
		}
	}
	return pause
}

// isCondWait: the method Wait of sync.Cond.
func isCondWait(obj *types.Func) bool {
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync" && funckey.Of(obj) == "Cond.Wait"
}

// noticesEnd: a loop looks at the RPC's context, uses its stream, or calls
// something that gets one of them or holds one.
func (info *Info) noticesEnd(f *Frame, loop *control.Loop) bool {
	for block := range loop.Blocks {
		for _, at := range block.Instrs {
			for instr := range info.steps(f, at) {
				if info.notices(f, instr) {
					return true
				}
			}
		}
	}
	return false
}

func (info *Info) notices(f *Frame, instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Select:
		return slices.ContainsFunc(instr.States, func(s *ssa.SelectState) bool { return info.sourceOf(f, s.Chan) != timerSource })
	case *ssa.MakeClosure:
		return !info.runsHere(f, instr)
	case *ssa.Go, *ssa.Defer:
		return true
	case *ssa.UnOp:
		return instr.Op == token.ARROW && info.sourceOf(f, instr.X) != timerSource
	case *ssa.Call:
		common := instr.Common()
		if common.IsInvoke() && (isRequest(common.Value.Type()) || streams.SideOf(common.Value.Type()) != streams.NoStream) {
			return true
		}
		if len(info.runBy(f, instr)) > 0 {
			return false // what it does is looked at
		}
		for _, arg := range common.Args {
			if isRequest(arg.Type()) || streams.SideOf(arg.Type()) != streams.NoStream || info.holdsRequest(arg.Type()) {
				return true
			}
		}
	}
	return false
}
