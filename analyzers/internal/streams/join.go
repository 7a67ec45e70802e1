package streams

import (
	"go/token"
	"go/types"
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
	var held []place.Place
	for _, l := range locks {
		if l.release || !control.Dominates(l.instr, instr) {
			continue
		}
		released := false
		for _, u := range locks {
			released = released || u.release && u.of == l.of && u.instr != l.instr &&
				control.Reaches(u.instr, instr, func(i ssa.Instruction) bool { return i == l.instr })
		}
		if !released {
			held = append(held, l.of)
		}
	}
	return held
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
