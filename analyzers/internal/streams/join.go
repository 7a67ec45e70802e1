package streams

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
)

// receives: something comes out of a channel.
func receives(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.ARROW
	case *ssa.Select:
		for _, state := range instr.States {
			if state.Dir == types.RecvOnly {
				return true
			}
		}
	}
	return false
}

// Joins reports whether an instruction may wait for a goroutine: it receives
// from a channel, calls something that is named for waiting or for ending,
// or calls a function of this package that does.
func (info *Info) Joins(instr ssa.Instruction) bool { return info.joins(instr, 0) }

func (info *Info) joins(instr ssa.Instruction, depth int) bool {
	if receives(instr) {
		return true
	}
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	if _, starts := call.(*ssa.Go); starts {
		return false
	}
	common := call.Common()
	if op, _ := OpOf(common); op != NoOp {
		return false
	}
	if obj := called(common); obj != nil && waitsByName(obj.Name()) {
		return true
	}
	t := info.target(common.Value, common)
	if t == nil || depth > 3 {
		return false
	}
	if known, ok := info.joining[t.fn]; ok {
		return known
	}
	info.joining[t.fn] = false
	found := false
	for _, block := range t.fn.Blocks {
		for _, inner := range block.Instrs {
			found = found || info.joins(inner, depth+1)
		}
	}
	info.joining[t.fn] = found
	return found
}

func waitsByName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"wait", "join", "stop", "shutdown", "close", "drain", "finish", "sleep"} {
		if strings.HasPrefix(name, word) {
			return true
		}
	}
	return false
}

// A lock is the taking or the release of a lock.
type lock struct {
	instr   ssa.Instruction
	of      place.Place
	release bool
}

// held returns the locks that are surely held when an instruction runs:
// mutexes, and channels of empty structs that are used as one.
func (info *Info) held(instr ssa.Instruction) []place.Place {
	locks := info.locks(instr.Parent())
	// Of several takings of one lock the nearest tells: what releases it
	// releases the others.
	nearest := make(map[place.Place]ssa.Instruction)
	var order []place.Place
	for _, l := range locks {
		if l.release || !control.Dominates(l.instr, instr) {
			continue
		}
		known := nearest[l.of]
		if known == nil {
			order = append(order, l.of)
		}
		if known == nil || control.Dominates(known, l.instr) {
			nearest[l.of] = l.instr
		}
	}
	return slices.DeleteFunc(order, func(p place.Place) bool { return info.releasedBetween(nearest[p], instr, p) })
}

// releasedBetween: on some way from the taking of a lock to an instruction, it
// is released.
func (info *Info) releasedBetween(taken, instr ssa.Instruction, p place.Place) bool {
	releases := info.releases(instr.Parent())
	seen := make(map[*ssa.BasicBlock]bool)
	type end struct {
		block  *ssa.BasicBlock
		before int
	}
	work := []end{{instr.Block(), slices.Index(instr.Block().Instrs, instr)}}
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		found := false
		for i := at.before - 1; i >= 0 && !found; i-- {
			before := at.block.Instrs[i]
			if found = before == taken; !found && slices.Contains(releases[before], p) {
				return true
			}
		}
		if found {
			continue
		}
		for _, pred := range at.block.Preds {
			if !seen[pred] {
				seen[pred] = true
				work = append(work, end{pred, len(pred.Instrs)})
			}
		}
	}
	return false
}

// releases are what is released by instructions of a function.
func (info *Info) releases(fn *ssa.Function) map[ssa.Instruction][]place.Place {
	known, ok := info.released[fn]
	if !ok {
		known = make(map[ssa.Instruction][]place.Place)
		for _, l := range info.locks(fn) {
			if l.release {
				known[l.instr] = append(known[l.instr], l.of)
			}
		}
		info.released[fn] = known
	}
	return known
}

func (info *Info) locks(fn *ssa.Function) []lock {
	if known, ok := info.locksIn[fn]; ok {
		return known
	}
	var locks []lock
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			locks = append(locks, info.lockOf(instr)...)
		}
	}
	info.locksIn[fn] = locks
	return locks
}

func (info *Info) lockOf(instr ssa.Instruction) []lock {
	switch instr := instr.(type) {
	case *ssa.Call: // a deferred release comes too late to matter
		obj := called(&instr.Call)
		if obj == nil || obj.Signature().Recv() == nil {
			return nil
		}
		mutex := instr.Call.Value
		if !instr.Call.IsInvoke() {
			mutex = instr.Call.Args[0]
		}
		switch strings.ToLower(obj.Name()) {
		case "lock", "rlock":
			return []lock{{instr, info.resolver.Of(mutex), false}}
		case "unlock", "runlock":
			return []lock{{instr, info.resolver.Of(mutex), true}}
		}
	case *ssa.Send:
		if isToken(instr.Chan.Type()) {
			p := info.resolver.Of(instr.Chan)
			return []lock{{instr, p, false}, {instr, p, true}}
		}
	case *ssa.UnOp:
		if instr.Op == token.ARROW && isToken(instr.X.Type()) {
			p := info.resolver.Of(instr.X)
			return []lock{{instr, p, false}, {instr, p, true}}
		}
	}
	return nil
}

// isToken: a channel whose elements say nothing but that they are there.
func isToken(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	s, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && s.NumFields() == 0
}
