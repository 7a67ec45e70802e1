package streams

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/finding"
)

// A Use is an operation on a stream that comes about when a function runs:
// by itself, in what it calls, or in a goroutine that it starts.
type Use struct {
	Op    Op
	Side  Side
	Place place.Place // as the function sees it
	// At is the instruction of the function by which it comes about: the
	// operation, a call, or what starts a goroutine.
	At ssa.Instruction
	// Go says that At starts the goroutine in which it happens; Async that
	// At calls a function that starts one and does not wait for it.
	Go, Async bool
	// Loose says that it happens in a function literal that goes where it
	// cannot be followed: perhaps now, perhaps later, perhaps never.
	Loose bool
	// Deferred: it happens when the function returns.
	Deferred bool
	// Awaits: in its goroutine, something is received from a channel
	// before it happens for the first time.
	Awaits bool
	Locks  []Lock
	// Part is the function of a list of functions in which it happens, of
	// which each turn of a loop around At runs another; else nil.
	Part *ssa.Function
	// Again: At starts several goroutines, in each of which it happens.
	Again bool

	Call   *Call           // the operation, if it is in this package
	Remote *finding.Remote // else
	Chain  []string        // functions between this one and the operation
}

// Concurrent reports whether the use happens beside the function rather than
// in it.
func (u *Use) Concurrent() bool { return u.Go || u.Async }

// maxUses bounds what is kept of a function.
const maxUses = 100

// Uses returns what happens to streams when a function runs.
func (info *Info) Uses(fn *ssa.Function) []Use {
	if uses, ok := info.uses[fn]; ok || info.SSA == nil {
		return uses
	}
	info.uses[fn] = nil // of a function that calls itself
	var uses []Use
	wrapped := make(map[ssa.Instruction]bool)
	for _, c := range info.byFunc[fn] {
		if c.Op == Open || c.Op == Context {
			continue
		}
		u := Use{Op: c.Op, Side: c.Side, Place: c.Place, At: c.Instr, Call: c, Locks: info.held(c.Instr)}
		if c.wrapped != nil {
			wrapped[c.Instr] = true
			for _, t := range c.wrapped.via {
				if t.fn.Parent() == nil {
					u.Chain = append(u.Chain, funcName(t.fn))
				}
			}
			if c.wrapped.remote != nil {
				u.Chain = append(u.Chain, funckey.Of(called(c.Inner.Common())))
			}
		}
		_, u.Go = c.Instr.(*ssa.Go)
		_, u.Deferred = c.Instr.(*ssa.Defer)
		if u.Go {
			u.Locks = nil
		}
		uses = append(uses, u)
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && len(uses) < maxUses && !wrapped[instr] {
				uses = append(uses, info.usesOf(call)...)
			}
		}
	}
	info.uses[fn] = uses
	return uses
}

// UsesAt returns what happens to streams when an instruction runs.
func (info *Info) UsesAt(instr ssa.Instruction) []Use {
	fn := instr.Parent()
	known, ok := info.usesAt[fn]
	if !ok {
		known = make(map[ssa.Instruction][]Use)
		for _, u := range info.Uses(fn) {
			known[u.At] = append(known[u.At], u)
		}
		info.usesAt[fn] = known
	}
	return known[instr]
}

// usesOf returns what happens to streams when a call is made.
func (info *Info) usesOf(call ssa.CallInstruction) []Use {
	common := call.Common()
	targets := info.targets(call)
	var uses []Use
	for i := range targets {
		uses = append(uses, info.through(call, &targets[i], running{how: startedBy(call)})...)
	}
	if len(targets) == 0 {
		uses = append(uses, info.imported(call)...)
	}
	// Functions among the arguments.
	for i, arg := range common.Args {
		if _, isFunc := arg.Type().Underlying().(*types.Signature); isFunc {
			how := info.argument(call, targets, i)
			list := info.functions(arg)
			for j := range list {
				uses = append(uses, info.through(call, &list[j], how)...)
			}
		} else if len(targets) == 0 {
			list := info.methods(arg)
			for j := range list {
				uses = append(uses, info.through(call, &list[j], running{how: loose})...)
			}
		}
	}
	return uses
}

// through translates the uses of a function to the place that runs it.
func (info *Info) through(at ssa.CallInstruction, t *target, r running) []Use {
	var uses []Use
	for _, inner := range info.Uses(t.fn) {
		u := inner
		u.Place = info.outside(inner.Place, t, at.Parent())
		if u.Place.IsZero() {
			continue // a stream of its own
		}
		u.At, u.Call, u.Remote = at, inner.Call, inner.Remote
		u.Go, u.Async, u.Deferred = false, false, false
		u.Locks = nil
		for _, lock := range append(slices.Clone(inner.Locks), r.locks...) {
			if outer := info.outside(lock.Of, t, at.Parent()); !outer.IsZero() {
				lock.Of = outer
			} // else of nobody else, but a lock
			u.Locks = append(u.Locks, lock)
		}
		u.Async = inner.Async || inner.Go && info.Outlives(inner.At)
		if t.element && u.Part == nil {
			u.Part = t.fn
		}
		switch r.how {
		case started:
			u.Go, u.Again = true, inner.Again || r.again
			u.Awaits = inner.Awaits || r.awaits || info.awaits(inner.At)
		case loose:
			u.Loose = true
		case deferred:
			u.Deferred = true
		default:
			if !u.Async {
				u.Locks = append(u.Locks, info.held(at)...)
			}
		}
		if t.fn.Parent() == nil {
			u.Chain = append([]string{funcName(t.fn)}, inner.Chain...)
		}
		if len(u.Chain) <= 6 {
			uses = append(uses, u)
		}
	}
	return uses
}

func funcName(fn *ssa.Function) string {
	if obj, ok := fn.Object().(*types.Func); ok {
		return funckey.Of(obj)
	}
	return fn.Name()
}

// Outlives reports whether a goroutine may still run when the function that
// starts it returns.
func (info *Info) Outlives(start ssa.Instruction) bool {
	fn := start.Parent()
	joins := info.JoinsOf(start)
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && joins(d) {
				return false
			}
		}
	}
	found := false
	w := control.Ways[struct{}]{Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
		if _, ok := instr.(*ssa.Return); ok {
			found = true
		}
		return s, !found && !joins(instr)
	}}
	w.After(start, struct{}{})
	return found
}

// awaits: something is received from a channel on every way to instr, and
// not anew in each turn of the loop around it.
func (info *Info) awaits(instr ssa.Instruction) bool {
	loops := info.SSA.Around(instr)
	for _, block := range instr.Parent().Blocks {
		for _, before := range block.Instrs {
			if !receives(before) || !control.Dominates(before, instr) {
				continue
			}
			if len(loops) == 0 || !loops[len(loops)-1].Holds(before) {
				return true
			}
		}
	}
	return false
}
