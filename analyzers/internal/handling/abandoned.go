package handling

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
)

// abandoned finds channels without room on which a goroutine waits to hand
// over a result that nobody takes any more:
//
//	ch := make(chan result)
//	go func() { ch <- work() }()
//	select {
//	case r := <-ch:
//	case <-ctx.Done():
//		return ctx.Err()
//	}
//
// or one of several, when who takes them leaves after the first:
//
//	go func() {
//		for rows.Next() {
//			ch <- row(rows)
//		}
//	}()
//	for row := range ch {
//		if err := stream.Send(row); err != nil {
//			return err
//		}
//	}
func (info *Info) abandoned(f *Frame) []*Site {
	var sites []*Site
	for _, block := range f.Func.Blocks {
		for _, instr := range block.Instrs {
			made, ok := instr.(*ssa.MakeChan)
			if !ok || !isUnbuffered(made) {
				continue
			}
			h := handoverOf(info, made)
			if h.other || len(h.sends) == 0 || !h.leftWaiting(info, made) {
				continue
			}
			s := &Site{Kind: Abandoned, Frame: f, Instr: made, Second: h.sends[0], Again: h.again != nil}
			if s.Again {
				s.Second = h.again
			}
			s.Once = len(h.sends) == 1 && !s.Again && !h.crowd
			sites = append(sites, s)
		}
	}
	return sites
}

// clientResults finds those that wait to hand over what an RPC has brought, in
// functions that work for no handler.
func (info *Info) clientResults() {
	for _, fn := range info.SSA.Funcs {
		if fn.Parent() != nil || info.frames[fn] != nil || info.skips(fn) {
			continue
		}
		for _, s := range info.abandoned(&Frame{Func: fn}) {
			if info.makesRPC(s.Second.Parent(), 0) {
				info.Results = append(info.Results, s)
			}
		}
	}
}

// makesRPC: a function makes an RPC or uses the client's end of a stream,
// itself or in what it calls.
func (info *Info) makesRPC(fn *ssa.Function, depth int) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if op, stream := streams.OpOf(&call.Call); op == streams.Recv && streams.SideOf(stream.Type()) == streams.Client {
				return true
			}
			local, obj := info.SSA.Callee(&call.Call)
			if obj != nil && info.stubs.RPC(obj) != nil || local != nil && depth < 2 && info.makesRPC(local, depth+1) {
				return true
			}
			if obj != nil && obj.Pkg() != nil && !call.Call.IsInvoke() {
				if fact := info.factOf(obj); fact != nil && slices.ContainsFunc(fact.Works, func(w Work) bool { return w.RPC }) {
					return true
				}
			}
		}
	}
	return false
}

func isUnbuffered(made *ssa.MakeChan) bool {
	size, ok := made.Size.(*ssa.Const)
	return ok && size.Value != nil && size.Int64() == 0
}

// A handover is what happens to one channel in the function that makes it.
type handover struct {
	sends    []*ssa.Send       // in goroutines, outside of a select
	selects  []*ssa.Select     // that receive, in the function itself or in one that it calls
	receives []*ssa.UnOp       // outside of a select, there
	starts   []ssa.Instruction // of the functions that send
	again    *ssa.Send         // the first of them in a loop
	crowd    bool              // one of the starts is
	other    bool              // anything else
}

// handoverOf collects the uses of a channel.
func handoverOf(info *Info, made *ssa.MakeChan) *handover {
	h := new(handover)
	h.follow(info, made, made.Parent(), nil, make(map[ssa.Value]bool))
	return h
}

// follow collects those of the channel by one of its names; start is where
// the function literal begins that has it.
func (h *handover) follow(info *Info, v ssa.Value, home *ssa.Function, start ssa.Instruction, seen map[ssa.Value]bool) {
	if seen[v] {
		return
	}
	seen[v] = true
	for _, user := range control.Uses(v) {
		switch user := user.(type) {
		case *ssa.Store:
			alloc, ok := user.Addr.(*ssa.Alloc)
			if user.Addr == v {
				h.other = h.other || !isMade(info, user.Val)
				continue
			}
			if !ok {
				h.other = true
				continue
			}
			h.follow(info, alloc, home, start, seen)
		case *ssa.UnOp:
			switch {
			case user.Op == token.MUL:
				h.follow(info, user, home, start, seen)
			case user.Parent() != home:
				h.other = true
			default:
				h.receives = append(h.receives, user)
			}
		case *ssa.ChangeType:
			h.follow(info, user, home, start, seen)
		case *ssa.MakeClosure:
			fn := user.Fn.(*ssa.Function)
			for i, binding := range user.Bindings {
				if binding == v {
					h.follow(info, fn.FreeVars[i], home, h.begin(info, start, user), seen)
				}
			}
		case *ssa.Go:
			fn := place.Literal(user.Call.Value)
			if fn == nil {
				h.other = true
				continue
			}
			for i, arg := range user.Call.Args {
				if arg == v {
					h.follow(info, fn.Params[i], home, h.begin(info, start, user), seen)
				}
			}
		case *ssa.Send:
			if user.Chan != v || user.Parent() == home {
				h.other = true
				continue
			}
			h.sends = append(h.sends, user)
			if h.again == nil && len(info.SSA.Around(user)) > 0 {
				h.again = user
			}
			h.crowd = h.crowd || len(info.SSA.Around(start)) > 0
			if !slices.Contains(h.starts, start) {
				h.starts = append(h.starts, start)
			}
		case *ssa.Select:
			if user.Parent() != home {
				h.other = true
				continue
			}
			h.selects = append(h.selects, user)
		case *ssa.Call:
			if fn := info.SSA.Local(user.Call.StaticCallee()); fn != nil && user.Parent() == home && fn.Parent() == nil && len(fn.Blocks) > 0 {
				for i, arg := range user.Call.Args {
					if arg == v {
						h.follow(info, fn.Params[i], fn, start, seen)
					}
				}
				continue
			}
			h.other = h.other || !isBuiltin(user, "close")
		case *ssa.Defer:
			h.other = h.other || !isBuiltin(user, "close")
		default:
			h.other = true
		}
	}
}

// begin returns where what sends begins: the outermost literal.
func (h *handover) begin(info *Info, start, user ssa.Instruction) ssa.Instruction {
	if start == nil {
		return user
	}
	h.crowd = h.crowd || len(info.SSA.Around(user)) > 0
	return start
}

// leftWaiting: who receives may leave while there is something to send.
func (h *handover) leftWaiting(info *Info, made *ssa.MakeChan) bool {
	switch {
	case len(h.selects) == 1 && len(h.receives) == 0:
		return givesUp(info, h.selects[0], made) || h.leavesLoop(info, h.selects[0], made)
	case len(h.selects) > 0 || len(h.receives) == 0:
		return false
	}
	for _, recv := range h.receives {
		if recv.Parent() != h.receives[0].Parent() {
			return false // who takes the last is out of sight
		}
	}
	if slices.ContainsFunc(h.receives, func(recv *ssa.UnOp) bool { return h.leavesLoop(info, recv, made) }) {
		return true
	}
	return h.takesTooFew(info)
}

// leavesLoop: who receives in a loop may leave it for reasons of its own,
// such as that the client has gone, without taking what comes later.
func (h *handover) leavesLoop(info *Info, recv ssa.Instruction, made *ssa.MakeChan) bool {
	loops := info.SSA.Around(recv)
	if len(loops) == 0 || h.again == nil && !h.several() {
		return false
	}
	loop, found := loops[len(loops)-1], false
	w := control.Ways[struct{}]{
		Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
			if _, ok := instr.(*ssa.Return); ok {
				found = true
			}
			return s, !found && instr != loop.Header.Instrs[0] && !h.takes(instr)
		},
		Branch: func(s struct{}, cond ssa.Value, outcome bool) (struct{}, bool) {
			return s, h.independent(info, recv, made, cond, outcome)
		},
	}
	w.After(recv, struct{}{})
	return found
}

// several goroutines send.
func (h *handover) several() bool { return h.crowd || len(h.starts) > 1 }

func (h *handover) takes(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return slices.Contains(h.receives, instr)
	case *ssa.Select:
		return slices.Contains(h.selects, instr)
	}
	return false
}

// independent: a branch behind a receive can be taken while who sends goes
// on. What was received may say that it was the last, and who sends may have
// other ways to say so.
func (h *handover) independent(info *Info, recv ssa.Instruction, made *ssa.MakeChan, cond ssa.Value, outcome bool) bool {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		return h.independent(info, recv, made, not.X, !outcome)
	}
	tuple, _ := recv.(ssa.Value)
	sel, isSelect := recv.(*ssa.Select)
	if x, ok := cond.(*ssa.Extract); ok && x.Tuple == tuple && x.Index == 1 {
		return outcome // closed otherwise
	}
	op, ok := cond.(*ssa.BinOp)
	if ok && isSelect {
		if index, ok := op.X.(*ssa.Extract); ok && index.Tuple == tuple && index.Index == 0 {
			chosen, ok := op.Y.(*ssa.Const)
			return ok && (!outcome || isOf(info, sel.States[chosen.Int64()].Chan, made) || endsWait(sel.States[chosen.Int64()].Chan))
		}
	}
	if !madeOf(cond, tuple, make(map[ssa.Value]bool)) {
		return true
	}
	if h.several() {
		return true // one of those that send
	}
	return ok && control.IsError(op.X.Type()) && control.IsNil(op.Y) && outcome == (op.Op == token.EQL)
}

// madeOf: a value is taken from another, or a call says something about it.
// Whether a call fails that gets it is another matter.
func madeOf(v, of ssa.Value, seen map[ssa.Value]bool) bool {
	if v == of {
		return true
	}
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && control.IsError(v.Type()) && call != of {
			return false
		}
	case *ssa.Call:
		if control.IsError(v.Type()) {
			return false
		}
	case *ssa.Alloc:
		return slices.ContainsFunc(control.Uses(v), func(user ssa.Instruction) bool {
			store, ok := user.(*ssa.Store)
			return ok && store.Addr == v && madeOf(store.Val, of, seen)
		})
	}
	instr, ok := v.(ssa.Instruction)
	return ok && slices.ContainsFunc(instr.Operands(nil), func(operand *ssa.Value) bool { return *operand != nil && madeOf(*operand, of, seen) })
}

// takesTooFew: several goroutines send one result each, and some way behind
// their start comes by fewer receives.
func (h *handover) takesTooFew(info *Info) bool {
	if h.again != nil || h.crowd || len(h.starts) < 2 {
		return false
	}
	last := h.starts[0]
	for _, start := range h.starts[1:] {
		switch {
		case start.Parent() != h.receives[0].Parent():
			return false
		case control.Dominates(last, start):
			last = start
		case !control.Dominates(start, last):
			return false // one or the other
		}
	}
	if last.Parent() != h.receives[0].Parent() || slices.ContainsFunc(h.receives, func(recv *ssa.UnOp) bool { return len(info.SSA.Around(recv)) > 0 || !control.Dominates(last, recv) }) {
		return false
	}
	few := false
	w := control.Ways[int]{Step: func(taken int, instr ssa.Instruction) (int, bool) {
		if h.takes(instr) {
			taken++
		}
		if _, ok := instr.(*ssa.Return); ok && taken > 0 && taken < len(h.starts) {
			few = true
		}
		return taken, !few
	}}
	w.After(last, 0)
	return few
}

// isMade: the value is a channel that is made on the spot.
func isMade(info *Info, v ssa.Value) bool {
	_, ok := info.resolver.Of(v).Root.(*ssa.MakeChan)
	return ok
}

// givesUp: another case of the select waits for the end of a context or for
// a timer, and leads out of the function without coming back to the select.
func givesUp(info *Info, sel *ssa.Select, made *ssa.MakeChan) bool {
	if !sel.Blocking {
		return false
	}
	for i, state := range sel.States {
		if state.Dir == types.RecvOnly && !isOf(info, state.Chan, made) && endsWait(state.Chan) && leaves(sel, i) {
			return true
		}
	}
	return false
}

func isOf(info *Info, ch ssa.Value, made *ssa.MakeChan) bool {
	return info.resolver.Of(ch).Root == made
}

// endsWait: a channel for the end of a context, or for that of some time.
func endsWait(ch ssa.Value) bool {
	call, ok := ch.(*ssa.Call)
	if !ok {
		return false
	}
	obj := program.CalledObject(&call.Call)
	return call.Call.IsInvoke() && obj.Name() == "Done" || isFunc(call, "time", "After")
}

// leaves: some way leads from a case of a select out of the function, and not
// through the select again.
func leaves(sel *ssa.Select, chosen int) bool {
	found := false
	w := control.Ways[struct{}]{
		Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
			if _, ok := instr.(*ssa.Return); ok {
				found = true
			}
			return s, !found && instr != ssa.Instruction(sel)
		},
		Branch: func(s struct{}, cond ssa.Value, outcome bool) (struct{}, bool) {
			op, ok := cond.(*ssa.BinOp)
			if !ok || op.Op != token.EQL {
				return s, true
			}
			index, ok := op.X.(*ssa.Extract)
			if !ok || index.Tuple != ssa.Value(sel) || index.Index != 0 {
				return s, true
			}
			at, ok := op.Y.(*ssa.Const)
			return s, !ok || (at.Int64() == int64(chosen)) == outcome
		},
	}
	w.After(sel, struct{}{})
	return found
}
