package streams

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
)

// A Lock is one that is held: a mutex, or a channel of empty structs that is
// used as one.
type Lock struct {
	Of     place.Place
	Shared bool // by RLock, which others may hold too
}

// Exclude reports whether locks keep two uses apart.
func Exclude(a, b []Lock) bool {
	return len(a) > 0 && len(b) > 0 && (slices.ContainsFunc(a, exclusive) || slices.ContainsFunc(b, exclusive))
}

func exclusive(l Lock) bool { return !l.Shared }

// A locking is the taking or the release of a lock.
type locking struct {
	lock    Lock
	release bool
}

// held returns the locks that are held when a call is made, whichever way has
// led to it.
func (info *Info) held(call ssa.Instruction) []Lock {
	fn := call.Parent()
	known, ok := info.locks[fn]
	if !ok {
		known = info.locksOf(fn)
		info.locks[fn] = known
	}
	return slices.Clip(known[call]) // others append to it
}

// locksOf finds out what is held at the calls of a function: at the beginning
// of a block it is what is held at the end of all that lead to it.
func (info *Info) locksOf(fn *ssa.Function) map[ssa.Instruction][]Lock {
	changes := make(map[ssa.Instruction][]locking)
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if list := info.lockingsOf(instr); list != nil {
				changes[instr] = list
			}
		}
	}
	if len(changes) == 0 {
		return nil
	}
	before := map[*ssa.BasicBlock][]Lock{fn.Blocks[0]: nil}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		block := work[len(work)-1]
		work = work[:len(work)-1]
		held := before[block]
		for _, instr := range block.Instrs {
			held = after(held, changes[instr])
		}
		for _, succ := range block.Succs {
			known, visited := before[succ]
			common := held
			if visited {
				common = slices.DeleteFunc(slices.Clone(known), func(l Lock) bool { return !slices.Contains(held, l) })
			}
			if !visited || len(common) < len(known) {
				before[succ] = common
				work = append(work, succ)
			}
		}
	}
	at := make(map[ssa.Instruction][]Lock)
	for block, held := range before {
		for _, instr := range block.Instrs {
			if _, isCall := instr.(ssa.CallInstruction); isCall && len(held) > 0 {
				at[instr] = held
			}
			held = after(held, changes[instr])
		}
	}
	return at
}

// after returns what is held behind an instruction.
func after(held []Lock, changes []locking) []Lock {
	for _, change := range changes {
		held = slices.DeleteFunc(slices.Clone(held), func(l Lock) bool { return l.Of == change.lock.Of })
		if !change.release {
			held = append(held, change.lock)
		}
	}
	return held
}

func (info *Info) lockingsOf(instr ssa.Instruction) []locking {
	switch instr := instr.(type) {
	case *ssa.Call: // a deferred release comes too late to matter
		obj := called(&instr.Call)
		if list := info.lockingsIn(instr); list != nil {
			return list
		}
		if obj == nil || obj.Signature().Recv() == nil {
			return nil
		}
		mutex := instr.Call.Value
		if !instr.Call.IsInvoke() {
			mutex = instr.Call.Args[0]
		}
		switch strings.ToLower(obj.Name()) {
		case "lock":
			return []locking{{Lock{Of: info.Place(mutex)}, false}}
		case "rlock":
			return []locking{{Lock{info.Place(mutex), true}, false}}
		case "unlock", "runlock":
			return []locking{{Lock{Of: info.Place(mutex)}, true}}
		}
	case *ssa.Send:
		return tokenOf(info.Place(instr.Chan), instr.Chan.Type())
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			return tokenOf(info.Place(instr.X), instr.X.Type())
		}
	}
	return nil
}

// lockingsIn are those of a function without branches that a call runs.
func (info *Info) lockingsIn(call *ssa.Call) []locking {
	targets := info.targets(call)
	if len(targets) != 1 || len(targets[0].fn.Blocks) != 1 || targets[0].fn == call.Parent() {
		return nil
	}
	t := &targets[0]
	if info.locking[t.fn] || len(info.locking) > maxWrappers {
		return nil // calls itself, or is far away
	}
	info.locking[t.fn] = true
	defer delete(info.locking, t.fn)
	var list []locking
	for _, instr := range t.fn.Blocks[0].Instrs {
		if _, deferred := instr.(*ssa.Defer); deferred {
			return nil
		}
		for _, l := range info.lockingsOf(instr) {
			if outer := info.outside(l.lock.Of, t, call.Parent()); !outer.IsZero() {
				l.lock.Of = outer
			} // else of nobody else, but a lock
			list = append(list, l)
		}
	}
	return list
}

// tokenOf: what goes into or comes out of a channel whose elements say nothing
// but that they are there may be the taking of a lock or its release.
func tokenOf(channel place.Place, t types.Type) []locking {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return nil
	}
	if s, ok := ch.Elem().Underlying().(*types.Struct); !ok || s.NumFields() > 0 {
		return nil
	}
	return []locking{{Lock{Of: channel}, false}}
}
