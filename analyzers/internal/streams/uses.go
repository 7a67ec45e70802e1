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
	Locks  []place.Place

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
	if uses, ok := info.uses[fn]; ok {
		return uses
	}
	info.uses[fn] = nil // of a function that calls itself
	var uses []Use
	for _, c := range info.byFunc[fn] {
		if c.Op == Open || c.Op == Context {
			continue
		}
		u := Use{Op: c.Op, Side: c.Side, Place: c.Place, At: c.Instr, Call: c, Locks: info.held(c.Instr)}
		_, u.Go = c.Instr.(*ssa.Go)
		_, u.Deferred = c.Instr.(*ssa.Defer)
		if u.Go {
			u.Locks = nil
		}
		uses = append(uses, u)
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && len(uses) < maxUses {
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
	var uses []Use
	if target := info.target(common.Value, common); target != nil {
		uses = append(uses, info.through(call, target, startedBy(call, target))...)
	} else {
		uses = append(uses, info.imported(call)...)
	}
	// Function values among the arguments.
	for _, arg := range common.Args {
		if _, isFunc := arg.Type().Underlying().(*types.Signature); !isFunc {
			continue
		}
		target := info.target(arg, nil)
		if target == nil {
			continue
		}
		how := loose
		if spawns(common) {
			how = started
		}
		uses = append(uses, info.through(call, target, how)...)
	}
	return uses
}

// A target is a function of this package, and what it gets for its first
// parameters.
type target struct {
	fn   *ssa.Function
	args []ssa.Value
}

// target resolves what a call runs, or what a function value stands for.
func (info *Info) target(v ssa.Value, common *ssa.CallCommon) *target {
	if common != nil && common.IsInvoke() {
		return nil
	}
	var args []ssa.Value
	if common != nil {
		args = common.Args
	}
	for {
		changed, ok := v.(*ssa.ChangeType)
		if !ok {
			break
		}
		v = changed.X
	}
	var fn *ssa.Function
	switch v := v.(type) {
	case *ssa.Function:
		fn = v
	case *ssa.MakeClosure:
		fn = v.Fn.(*ssa.Function)
		if fn.Synthetic != "" { // a method value: the receiver is bound
			args = append(slices.Clone(v.Bindings), args...)
		}
	default:
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if fn.Synthetic != "" {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || obj.Pkg() != info.pass.Pkg {
			return nil
		}
		fn = fn.Prog.FuncValue(obj.Origin())
	}
	if fn == nil || fn.Blocks == nil || fn.Pkg == nil || fn.Pkg.Pkg != info.pass.Pkg {
		return nil
	}
	return &target{fn, args}
}

// A manner says how a function comes to run.
type manner int

const (
	called1  manner = iota // and has returned when the call has
	started                // in a goroutine
	deferred               // when the caller returns
	loose                  // whenever somebody likes
)

func startedBy(call ssa.CallInstruction, _ *target) manner {
	switch call.(type) {
	case *ssa.Go:
		return started
	case *ssa.Defer:
		return deferred
	}
	return called1
}

// spawns: a function that runs its argument in a goroutine: Group.Go,
// WaitGroup.Go and their like.
func spawns(common *ssa.CallCommon) bool {
	obj := called(common)
	return obj != nil && (obj.Name() == "Go" || obj.Name() == "TryGo") && obj.Signature().Recv() != nil
}

// through translates the uses of a function to the place that runs it.
func (info *Info) through(at ssa.CallInstruction, t *target, how manner) []Use {
	var uses []Use
	for _, inner := range info.Uses(t.fn) {
		u := inner
		u.Place = info.outside(inner.Place, t)
		if u.Place.IsZero() {
			continue // a stream of its own
		}
		u.At, u.Call, u.Remote = at, inner.Call, inner.Remote
		u.Go, u.Async, u.Deferred = false, false, false
		u.Locks = nil
		for _, lock := range inner.Locks {
			if outer := info.outside(lock, t); !outer.IsZero() {
				u.Locks = append(u.Locks, outer)
			} else {
				u.Locks = append(u.Locks, lock) // of nobody else, but a lock
			}
		}
		u.Async = inner.Async || inner.Go && info.outlives(inner.At)
		switch how {
		case started:
			u.Go = true
			u.Awaits = inner.Awaits || info.awaits(inner.At)
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

// outside translates a place that a function sees to its caller; nothing if
// it is the function's own.
func (info *Info) outside(p place.Place, t *target) place.Place {
	switch root := p.Root.(type) {
	case *ssa.Parameter:
		if root.Parent() != t.fn {
			return p // of a function around this literal
		}
		for i, param := range t.fn.Params {
			if param == root && i < len(t.args) {
				return info.resolver.Field(info.resolver.Of(t.args[i]), p.Fields()...)
			}
		}
	case *ssa.Global:
		return p
	case ssa.Instruction:
		if root.Parent() != t.fn && t.fn.Parent() != nil {
			return p
		}
	}
	return place.Place{}
}

// outlives: a goroutine may still run when the function that starts it
// returns.
func (info *Info) outlives(start ssa.Instruction) bool {
	fn := start.Parent()
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && info.Joins(d) {
				return false
			}
		}
	}
	found := false
	w := control.Ways[struct{}]{Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
		if _, ok := instr.(*ssa.Return); ok {
			found = true
		}
		return s, !found && !info.Joins(instr)
	}}
	w.After(start, struct{}{})
	return found
}

// awaits: something is received from a channel on every way to instr, and
// not anew in each turn of the loop around it.
func (info *Info) awaits(instr ssa.Instruction) bool {
	loops := control.Around(instr)
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
