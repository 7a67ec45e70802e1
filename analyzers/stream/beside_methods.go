package stream

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// besideMethods finds exported methods that send on a stream beside a
// goroutine which was started when the struct was made:
//
//	func Dial(...) *Client {
//		c := &Client{stream: stream}
//		go c.acknowledge()
//		return c
//	}
//
//	func (c *Client) Say(m *pb.Message) error { return c.stream.Send(m) }
//
// Who has the client calls its methods while the goroutine runs.
func besideMethods(pass *report.Pass, info *streams.Info, reported map[token.Pos]bool) {
	if pass.Pkg.Name() == "main" {
		return // who calls the methods is in sight
	}
	background := make(map[*types.Var]*streams.Use)
	own := make(map[ssa.Instruction]bool) // what the goroutines themselves do
	for _, fn := range info.SSA.Funcs {
		uses := info.Uses(fn)
		for i := range uses {
			u := &uses[i]
			if !u.Op.Sends() || u.Call == nil || !u.Async && !(u.Go && info.Outlives(u.At)) || u.Loose || u.Awaits || u.Deferred || len(u.Locks) > 0 {
				continue
			}
			if field := keptIn(info, fn, u); field != nil {
				own[u.Call.Inner] = true
				if background[field] == nil {
					background[field] = u
				}
			}
		}
	}
	if len(background) == 0 {
		return
	}
	beside := make(map[*types.Var][]*streams.Use)
	var fields []*types.Var
	for _, fn := range info.SSA.Funcs {
		if obj, ok := fn.Object().(*types.Func); !ok || !obj.Exported() || obj.Signature().Recv() == nil || pass.InTest(fn.Pos()) {
			continue
		}
		uses := info.Uses(fn)
		for i := range uses {
			u := &uses[i]
			field := heldInField(info, u)
			running := background[field]
			if running == nil || u.Place.Root != ssa.Value(fn.Params[0]) || u.Concurrent() || u.Loose || u.Deferred || u.Awaits {
				continue
			}
			if _, forbidden := clashing(running, u); !forbidden || streams.Exclude(running.Locks, u.Locks) || waitsBefore(info, u.At) {
				continue
			}
			if own[u.Call.Inner] || ofOthers(running, u, field) || reported[position(info, running)] || reported[position(info, u)] {
				continue // perhaps nobody else calls it
			}
			if beside[field] == nil {
				fields = append(fields, field)
			}
			beside[field] = append(beside[field], u)
		}
	}
	for _, field := range fields {
		reportBeside(pass, info, background[field], beside[field])
	}
}

// keptIn returns the field in which a function that makes a struct keeps the
// stream of a use.
func keptIn(info *streams.Info, fn *ssa.Function, u *streams.Use) *types.Var {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			store, ok := instr.(*ssa.Store)
			if !ok || streams.SideOf(store.Val.Type()) == streams.NoStream {
				continue
			}
			addr, ok := store.Addr.(*ssa.FieldAddr)
			if !ok || info.Place(store.Val) != u.Place && info.Place(addr) != u.Place {
				continue
			}
			if _, made := addr.X.(*ssa.Alloc); made {
				return program.FieldOf(addr.X.Type(), addr.Field)
			}
		}
	}
	return nil
}

// heldInField returns the field that holds the stream on which a use sends, if
// it holds the same as long as the struct lives.
func heldInField(info *streams.Info, u *streams.Use) *types.Var {
	fields := u.Place.Fields()
	if len(fields) == 0 || !u.Op.Sends() || u.Call == nil || !info.Raw(u.Place) || movesOn(info, u) {
		return nil
	}
	return fields[len(fields)-1]
}

// ofOthers: two uses of what a field holds are made for different types that
// embed the struct with the field, of which a value makes one or the other.
func ofOthers(a, b *streams.Use, field *types.Var) bool {
	of := func(u *streams.Use) *types.Named {
		fields := u.Call.Place.Fields()
		receiver, ok := u.Call.Place.Root.(*ssa.Parameter)
		if !ok || len(fields) == 0 || fields[len(fields)-1] != field {
			return nil
		}
		return stub.NamedOf(receiver.Type())
	}
	first, second := of(a), of(b)
	return first != nil && second != nil && first.Origin() != second.Origin()
}

// waitsBefore: something that comes before an instruction may wait for a
// goroutine, or end one.
func waitsBefore(info *streams.Info, instr ssa.Instruction) bool {
	for _, block := range instr.Parent().Blocks {
		if slices.ContainsFunc(block.Instrs, func(before ssa.Instruction) bool {
			return before != instr && before.Pos() < instr.Pos() && (info.Joins(before) || cancels(before))
		}) {
			return true
		}
	}
	return false
}

func reportBeside(pass *report.Pass, info *streams.Info, running *streams.Use, uses []*streams.Use) {
	slices.SortStableFunc(uses, func(a, b *streams.Use) int { return int(position(info, a) - position(info, b)) })
	first := uses[0]
	pos, end := useRange(info, first)
	verb := "send"
	if first.Op != streams.Send {
		verb = "close"
	}
	f := finding.Finding{
		Pos: pos, End: end, Subject: info.Subject(first.Call),
		Message: fmt.Sprintf("callers %s on %s while a goroutine sends: %s is not safe for that", verb, name(info, first.Call), method(first.Call)),
	}
	if verb == "close" {
		f.Message = fmt.Sprintf("callers close %s while a goroutine sends on it: %s is not safe beside Send", name(info, first.Call), method(first.Call))
	}
	seen := map[token.Pos]bool{pos: true}
	for _, u := range uses[1:] {
		if at, end := useRange(info, u); !seen[at] {
			seen[at] = true
			f.Related = append(f.Related, finding.Related{Message: "here too", Pos: at, End: end})
		}
	}
	other, otherEnd := useRange(info, running)
	f.Related = append(f.Related, finding.Related{Message: "the goroutine sends here", Pos: other, End: otherEnd})
	if start := running.At.Pos(); start.IsValid() && start != other {
		f.Related = append(f.Related, finding.Related{Message: "the goroutine starts here", Pos: start, End: start})
	}
	pass.Report(concurrentSend.rule, f)
}
