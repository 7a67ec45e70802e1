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

// variesIn reports whether v may be another value in the next iteration.
func (e *engine) variesIn(l *loops.Loop, v ssa.Value) bool {
	return (&variation{engine: e, loop: l, query: e.index.Meter.Query(), seen: make(map[ssa.Value]bool)}).of(v)
}

// A variation is the search for what makes a value another one in the next
// turn of a loop.
type variation struct {
	engine *engine
	loop   *loops.Loop
	query  *budget.Query
	seen   map[ssa.Value]bool
}

func (s *variation) of(v ssa.Value) bool {
	if s.seen[v] {
		return false // it would have ended the search
	}
	if !s.query.Step() {
		return true // perhaps
	}
	s.seen[v] = true
	e, l := s.engine, s.loop
	instr, ok := v.(ssa.Instruction)
	if !ok || !l.Blocks[instr.Block()] {
		// Made before the loop. A variable may still be written in it.
		alloc, isAlloc := v.(*ssa.Alloc)
		if !isAlloc {
			return false
		}
		for _, r := range *alloc.Referrers() {
			if r.Block() == nil || !l.Blocks[r.Block()] {
				continue
			}
			switch r := r.(type) {
			case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr, *ssa.IndexAddr:
			case *ssa.Store:
				if r.Addr == alloc {
					return true
				}
			default:
				return true // its address is handed to somebody
			}
		}
		return false
	}
	switch v := v.(type) {
	case *ssa.Phi:
		return v.Block() == l.Header || slices.ContainsFunc(v.Edges, s.of)
	case *ssa.Next, *ssa.Select:
		return true
	case *ssa.UnOp:
		if v.Op == token.ARROW {
			return true
		}
		return s.of(v.X)
	case *ssa.Alloc:
		// A variable of the loop's body, such as the array behind the
		// arguments of Sprintf.
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if s.of(r.Val) {
					return true
				}
			case *ssa.IndexAddr, *ssa.FieldAddr:
				for _, rr := range *r.(ssa.Value).Referrers() {
					if store, ok := rr.(*ssa.Store); ok && s.of(store.Val) {
						return true
					}
				}
			case *ssa.UnOp, *ssa.Slice, *ssa.DebugRef:
			default:
				return true
			}
		}
		return false
	case *ssa.Call:
		if _, obj := e.callee(&v.Call); !isPure(obj) {
			return true // whatever it picks this time
		}
	}
	var operands [8]*ssa.Value
	for _, operand := range instr.Operands(operands[:0]) {
		if *operand != nil && s.of(*operand) {
			return true
		}
	}
	return false
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
