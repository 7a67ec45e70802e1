package dial

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

func (e *engine) inLoop(block *ssa.BasicBlock) bool { return e.index.Innermost(block) != nil }

// repeats reports whether the loop goes on after instr succeeded: a loop
// that ends with the first success only tries again.
func (e *engine) repeats(l *loops.Loop, instr ssa.Instruction) bool {
	var failed ssa.Value
	if call, ok := instr.(*ssa.Call); ok {
		results := call.Call.Signature().Results()
		if n := results.Len(); n > 0 && types.Identical(results.At(n-1).Type(), types.Universe.Lookup("error").Type()) {
			failed = program.Result(call, n-1)
		}
	}
	w := &walk{engine: e, a: &Acquisition{err: failed, flow: e.newFlow(instr.Parent())}}
	seen := make(map[*ssa.BasicBlock]bool)
	var reaches func(*ssa.BasicBlock) bool
	reaches = func(b *ssa.BasicBlock) bool {
		cond, isIf := control.Last(b).(*ssa.If)
		for i, succ := range b.Succs {
			if !l.Blocks[succ] || isIf && w.impossible(cond.Cond, i == 0) {
				continue
			}
			if succ == l.Header {
				return true
			}
			if !seen[succ] {
				seen[succ] = true
				if reaches(succ) {
					return true
				}
			}
		}
		return false
	}
	return reaches(instr.Block())
}

// A variation is the search for what makes a value another one in the next
// turn of a loop.
type variation struct {
	engine *engine
	loop   *loops.Loop
	// sites are the calls that lead from the loop to functions whose values
	// are looked at, too.
	sites map[*ssa.Function]ssa.CallInstruction
	query *budget.Query
	seen  map[ssa.Value]bool
}

func (e *engine) variation(l *loops.Loop) *variation {
	return &variation{
		engine: e, loop: l, sites: make(map[*ssa.Function]ssa.CallInstruction),
		query: e.index.Meter.Query(), seen: make(map[ssa.Value]bool),
	}
}

// ofTarget reports whether an acquisition may have another target.
func (s *variation) ofTarget(a *Acquisition) bool {
	switch {
	case a.Dial != nil:
		return s.of(a.Dial.Target)
	case a.from == nil:
		return slices.ContainsFunc(a.deciding(), s.of)
	}
	s.sites[a.from] = a.Instr
	return slices.ContainsFunc(s.engine.acquisitions(a.from), func(inner *Acquisition) bool {
		return inner.Fate.Returns && s.ofTarget(inner)
	})
}

func (s *variation) of(v ssa.Value) bool {
	if s.seen[v] {
		return false // it would have ended the search
	}
	if !s.query.Step() {
		return true // perhaps
	}
	s.seen[v] = true
	e, around := s.engine, s.loop.Header.Parent()
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Parent() != around && s.ofParameter(v)
	case *ssa.FreeVar:
		bound := e.index.Binding(v)
		return v.Parent() != around && (bound == nil || s.of(bound))
	case *ssa.Alloc:
		return s.ofVariable(v)
	case *ssa.UnOp:
		if at, ok := v.X.(*ssa.FieldAddr); ok && !isReceiver(at.X) {
			if h := e.index.Held(v); h.Complete && s.inSight(h.Values) {
				return slices.ContainsFunc(h.Values, s.of)
			}
		}
	}
	instr, ok := v.(ssa.Instruction)
	if !ok || instr.Parent() == around && !s.loop.Blocks[instr.Block()] {
		return false // made before the loop
	}
	// What a function makes of other things than what it is given, is the same
	// each time, as far as is known; not so for the loop itself.
	if program.IsWithin(instr.Parent(), around) {
		switch v := v.(type) {
		case *ssa.Phi:
			if v.Block() == s.loop.Header {
				return true
			}
		case *ssa.Next, *ssa.Select:
			return true
		case *ssa.UnOp:
			if v.Op == token.ARROW {
				return true
			}
		case *ssa.Call:
			if _, obj := e.callee(&v.Call); !isPure(obj) {
				return true // whatever it picks this time
			}
		}
	}
	return slices.ContainsFunc(operands(instr), s.of)
}

// inSight: some values, which a field of a struct may have, are of functions
// that are looked at.
func (s *variation) inSight(values []ssa.Value) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v ssa.Value) bool {
		fn := v.Parent()
		return fn != nil && fn != s.loop.Header.Parent() && s.sites[fn] == nil
	})
}

func isReceiver(v ssa.Value) bool {
	p, ok := v.(*ssa.Parameter)
	return ok && p.Parent().Signature.Recv() != nil && p == p.Parent().Params[0]
}

// ofParameter is what the call passes that leads to the function; a parameter
// of a function around the loop's is the same in every turn.
func (s *variation) ofParameter(p *ssa.Parameter) bool {
	call, ok := s.sites[p.Parent()]
	if !ok {
		return !program.IsWithin(s.loop.Header.Parent(), p.Parent())
	}
	arg := s.engine.given(call, p)
	return arg == nil || !isContextValue(arg) && s.of(arg)
}

// ofVariable reports whether a variable, such as the array behind the
// arguments of Sprintf, may hold something else: one that is made anew in
// every turn, if what is put into it varies; others, if something is put into
// them in the loop, or in a function that shares them.
func (s *variation) ofVariable(variable *ssa.Alloc) bool {
	around := s.loop.Header.Parent()
	anew := variable.Parent() != around || s.loop.Blocks[variable.Block()]
	varies := func(store *ssa.Store) bool {
		if anew {
			return s.of(store.Val)
		}
		return store.Parent() != around || s.loop.Blocks[store.Block()]
	}
	var used func(addr ssa.Value) bool
	used = func(addr ssa.Value) bool {
		return slices.ContainsFunc(*addr.Referrers(), func(user ssa.Instruction) bool {
			switch user := user.(type) {
			case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure, *ssa.Slice:
				return false
			case *ssa.Store:
				return user.Addr != addr || varies(user)
			case *ssa.IndexAddr, *ssa.FieldAddr:
				return used(user.(ssa.Value))
			case ssa.CallInstruction:
				return len(s.engine.index.Callees(user)) == 0 // its address is handed to somebody
			}
			return true
		})
	}
	return slices.ContainsFunc(s.engine.index.Names(variable), used)
}

// isPure reports whether a function of the standard library returns the
// same for the same arguments, as functions that put addresses together do.
func isPure(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "fmt", "net", "strconv", "strings", "os":
		return fn.Signature().Recv() == nil
	}
	return false
}
