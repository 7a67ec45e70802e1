package stream

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// A clash is what two goroutines must not do on one stream at the same time.
type clash struct {
	rule string
	name string // of the method, where the code does not tell: "Send"
	verb string // "send"
}

// clashing returns what two uses of a stream must not do at the same time. To
// close a stream for sending is to send that it ends.
func clashing(a, b *streams.Use) (clash, bool) {
	switch {
	case a.Op.Sends() && b.Op.Sends() && (a.Op == streams.Send || b.Op == streams.Send):
		return concurrentSend, true
	case a.Op == streams.Recv && b.Op == streams.Recv:
		return concurrentRecv, true
	}
	return clash{}, false
}

// concurrent finds streams on which two goroutines do the same. It judges each
// function that starts goroutines, with what they come to through the functions
// of this package and of others.
func concurrent(pass *report.Pass) error {
	info := known(pass)
	if info.SSA == nil {
		return nil
	}
	reported := make(map[token.Pos]bool)
	started := make(map[ssa.Instruction]bool) // goroutines of loops that were spoken of
	for _, fn := range info.SSA.Funcs {
		uses := info.Uses(fn)
		for i := range uses {
			a := &uses[i]
			if !a.Op.Sends() && a.Op != streams.Recv || !a.Concurrent() || a.Deferred || a.Loose || a.Awaits || !info.Raw(a.Place) || movesOn(info, a) {
				continue
			}
			for j := range uses {
				b := &uses[j]
				c, forbidden := clashing(a, b)
				if !forbidden || b.Place != a.Place || b.Loose || b.Deferred || b.Awaits || b.Concurrent() && j < i || reported[position(info, a)] {
					continue
				}
				if streams.Exclude(a.Locks, b.Locks) || !atOnce(info, a, b) {
					continue
				}
				reported[position(info, a)] = true
				reported[position(info, b)] = true
				if a == b && started[a.At] {
					continue // whatever else it sends, it is one mistake
				}
				started[a.At] = true
				reportConcurrent(pass, info, c, a, b, answers(info, uses, a, b))
			}
		}
	}
	besideMethods(pass, info, reported)
	betweenHandlers(pass, info, reported)
	return nil
}

// movesOn: the place may hold different streams at different times.
func movesOn(info *streams.Info, u *streams.Use) bool {
	if alloc, ok := u.Place.Root.(*ssa.Alloc); ok && len(u.Place.Fields()) == 0 {
		return alloc != nil // a variable with several values
	}
	switch u.Place.Root.(type) {
	case *ssa.Phi, *ssa.Lookup, *ssa.Next, *ssa.IndexAddr, *ssa.UnOp, *ssa.Global:
		return true
	}
	if held, _ := streams.Held(u.Place); held {
		return true
	}
	for _, field := range u.Place.Fields() {
		if streams.SideOf(field.Type()) != streams.NoStream && info.Reassigned(field) {
			return true
		}
	}
	return false
}

// atOnce: the goroutine of a may run while b happens.
func atOnce(info *streams.Info, a, b *streams.Use) bool {
	if limited(info, a.At) || limited(info, b.At) {
		return false
	}
	if a == b {
		return again(info, a)
	}
	if a.At == b.At {
		if a.Part != nil && b.Part != nil && a.Part != b.Part {
			return a.Go && b.Go && repeats(info, a) // two of a list
		}
		// Both come about in one call: its function is judged by itself,
		// unless it is of another package.
		return a.Remote != nil && b.Remote != nil && !a.Go
	}
	if control.Reaches(a.At, b.At, info.JoinsOf(a.At)) {
		return !replaced(a, b)
	}
	return b.Concurrent() && control.Reaches(b.At, a.At, info.JoinsOf(b.At))
}

// again: the goroutine is started several times, for the same stream, and not
// waited for before the next time. Of a list of functions each is started once.
func again(info *streams.Info, a *streams.Use) bool {
	if a.Again {
		return true
	}
	return a.Part == nil && repeats(info, a)
}

// repeats: a loop starts goroutines for one stream.
func repeats(info *streams.Info, a *streams.Use) bool {
	joins := info.JoinsOf(a.At)
	if !control.Repeats(a.At, joins) {
		return false
	}
	root, ok := a.Place.Root.(ssa.Instruction)
	if !ok || root.Parent() != a.At.Parent() {
		return true // made outside of the function
	}
	for _, loop := range info.SSA.Around(a.At) {
		if !loop.Holds(root) && control.Repeats(a.At, func(i ssa.Instruction) bool { return joins(i) || !loop.Holds(i) }) {
			return true
		}
	}
	return false
}

// replaced: the way from one use to the other opens the stream anew.
func replaced(a, b *streams.Use) bool {
	root, ok := a.Place.Root.(ssa.Instruction)
	if !ok || root.Parent() != a.At.Parent() || root.Parent() != b.At.Parent() {
		return false
	}
	return !control.Reaches(a.At, b.At, func(i ssa.Instruction) bool { return i == root })
}

// limited: a group that runs one goroutine at a time.
func limited(info *streams.Info, start ssa.Instruction) bool {
	call, ok := start.(*ssa.Call)
	if !ok || len(call.Call.Args) == 0 || call.Call.IsInvoke() {
		return false
	}
	group := info.Place(call.Call.Args[0])
	for _, block := range start.Parent().Blocks {
		for _, instr := range block.Instrs {
			set, ok := instr.(*ssa.Call)
			if !ok || set.Call.IsInvoke() || len(set.Call.Args) != 2 {
				continue
			}
			fn := program.CalledObject(&set.Call)
			if fn == nil || fn.Name() != "SetLimit" || info.Place(set.Call.Args[0]) != group {
				continue
			}
			if limit, ok := set.Call.Args[1].(*ssa.Const); !ok || limit.Int64() == 1 {
				return true
			}
		}
	}
	return false
}

// answers: the loop that starts the goroutine receives from the same stream, and
// what is sent may be the answer for which the other side waits before it sends
// again. Of that the code says nothing.
func answers(info *streams.Info, uses []streams.Use, a, b *streams.Use) bool {
	return slices.ContainsFunc(info.SSA.Around(a.At), func(loop *control.Loop) bool {
		return loop.Holds(b.At) && slices.ContainsFunc(uses, func(u streams.Use) bool {
			return u.Op == streams.Recv && u.Place == a.Place && !u.Concurrent() && loop.Holds(u.At)
		})
	})
}

func reportConcurrent(pass *report.Pass, info *streams.Info, c clash, a, b *streams.Use, answers bool) {
	pos, end := useRange(info, a)
	f := finding.Finding{Pos: pos, End: end}
	if answers && c == concurrentSend {
		f.Severity = rule.Info
	}
	called, what := c.name, "the stream"
	if a.Call != nil {
		f.Subject = info.Subject(a.Call)
		called, what = method(a.Call), name(info, a.Call)
	}
	switch {
	case a == b:
		f.Message = fmt.Sprintf("goroutines of one loop %s on %s at the same time: %s is not safe for that", c.verb, what, called)
	case a.Op != b.Op:
		closes := a
		if closes.Op == streams.Send {
			closes = b
		}
		f.Message = fmt.Sprintf("one goroutine sends on %s while another closes it: %s is not safe beside Send", what, closes.Op)
		other, otherEnd := useRange(info, b)
		f.Related = append(f.Related, finding.Related{Message: "the other one", Pos: other, End: otherEnd})
	default:
		f.Message = fmt.Sprintf("two goroutines %s on %s at the same time: %s is not safe for that", c.verb, what, called)
		other, otherEnd := useRange(info, b)
		f.Related = append(f.Related, finding.Related{Message: "the other one", Pos: other, End: otherEnd})
	}
	if start := a.At.Pos(); start.IsValid() && start != pos {
		f.Related = append(f.Related, finding.Related{Message: "the goroutine starts here", Pos: start, End: start})
	}
	if a.Remote != nil {
		f.Related = append(f.Related, finding.Related{Message: "here", Remote: a.Remote})
	}
	pass.Report(c.rule, f)
}

// useRange returns the source of a use: the operation, or the call of a
// function of another package.
func useRange(info *streams.Info, u *streams.Use) (from, to token.Pos) {
	call, ok := u.At.(ssa.CallInstruction)
	if u.Call != nil {
		call, ok = u.Call.Inner, true
	}
	if ok {
		if e := expr(info, call); e != nil {
			return e.Pos(), e.End()
		}
	}
	return u.At.Pos(), u.At.Pos()
}

func position(info *streams.Info, u *streams.Use) token.Pos {
	pos, _ := useRange(info, u)
	return pos
}
