package request

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A steadiness is the question whether values are the same in every run of a
// region. What a generator of ids makes counts as the same: it names the
// attempt, it is not its subject.
type steadiness struct {
	*Index
	Region
	seen map[ssa.Value]bool
	open map[*ssa.Alloc]bool // variables that are being looked at
}

func (x *Index) steady(v ssa.Value, rg Region) bool {
	return (&steadiness{x, rg, make(map[ssa.Value]bool), make(map[*ssa.Alloc]bool)}).of(v)
}

func (s *steadiness) of(v ssa.Value) bool {
	if v == nil || s.seen[v] {
		return true // one that is not has ended the search
	}
	if len(s.seen) > maxValues {
		return false
	}
	s.seen[v] = true
	if variable := s.Program.Variable(v); variable != nil {
		// Its address: of a message, of which the fields count that are set;
		// or a literal reads it.
		return s.variable(variable, !isMessage(variable.Type()) && isStruct(variable.Type()))
	}
	if closure, ok := v.(*ssa.MakeClosure); ok {
		return s.all(closure.Bindings) // wherever it is made, it sees what its variables hold
	}
	instr, ok := v.(ssa.Instruction)
	if !ok || !s.Holds(instr) {
		return true // a constant, a parameter, something made before
	}
	switch v := v.(type) {
	case *ssa.Phi:
		if s.Loop != nil && v.Block() == s.Loop.Header {
			return false
		}
	case *ssa.Next, *ssa.Select, *ssa.Range:
		return false
	case *ssa.UnOp:
		switch v.Op {
		case token.ARROW:
			return false
		case token.MUL:
			return s.load(v)
		}
	case *ssa.Call:
		if !s.call(v) {
			return false
		}
	}
	return s.all(operands(v))
}

func (s *steadiness) all(values []ssa.Value) bool {
	return !slices.ContainsFunc(values, func(v ssa.Value) bool { return !s.of(v) })
}

// isStruct: a pointer to a struct.
func isStruct(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Struct)
	return ok
}

// variable: what the region stores in a variable, and in the fields of what
// it holds, is the same every time. If it is from before and read as a whole,
// the region must not touch its fields.
func (s *steadiness) variable(variable *ssa.Alloc, read bool) bool {
	if s.open[variable] {
		return false // made of what it was before
	}
	s.open[variable] = true
	defer delete(s.open, variable)
	for _, store := range s.Program.StoresTo(variable) {
		if s.Holds(store) && !s.of(store.Val) {
			return false
		}
	}
	for _, w := range s.Writes(variable) {
		if s.Holds(w) && (read && !s.Holds(variable) || !s.of(w.Val)) {
			return false
		}
	}
	return true
}

// load: nothing in the region writes what is read.
func (s *steadiness) load(load *ssa.UnOp) bool {
	switch addr := load.X.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		variable := s.Program.Variable(addr)
		return variable == nil || s.variable(variable, true)
	case *ssa.FieldAddr:
		// It connects anew, or goes on to the next.
		field := program.FieldOf(addr.X.Type(), addr.Field)
		return s.of(addr.X) && !s.stores(func(to ssa.Value) bool {
			addr, ok := to.(*ssa.FieldAddr)
			return ok && program.FieldOf(addr.X.Type(), addr.Field) == field
		})
	case *ssa.Global:
		return !s.stores(func(to ssa.Value) bool { return to == addr })
	}
	return s.of(load.X)
}

// maxCalls bounds how deep calls are followed in search of assignments.
const maxCalls = 3

// stores: the region, or a function of this package that it calls, assigns to
// such an address.
func (s *steadiness) stores(to func(addr ssa.Value) bool) bool {
	seen := make(map[*ssa.Function]bool)
	var visit func(rg Region, depth int) bool
	visit = func(rg Region, depth int) bool {
		for _, block := range rg.Fn.Blocks {
			if rg.Loop != nil && !rg.Loop.Blocks[block] {
				continue
			}
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if to(instr.Addr) {
						return true
					}
				case ssa.CallInstruction:
					for _, fn := range s.Program.Callees(instr) {
						if depth > 0 && !seen[fn] {
							seen[fn] = true
							if visit(Region{Fn: fn}, depth-1) {
								return true
							}
						}
					}
				}
			}
		}
		return false
	}
	return visit(s.Region, maxCalls)
}

// call: the result depends on nothing but the arguments.
func (s *steadiness) call(call *ssa.Call) bool {
	obj := program.CalledObject(&call.Call)
	if obj == nil {
		_, builtin := call.Call.Value.(*ssa.Builtin)
		callees := s.Program.Callees(call)
		return builtin || s.generates(call) || len(callees) > 0 && !slices.ContainsFunc(callees, func(fn *ssa.Function) bool { return !s.builds(fn) })
	}
	if s.stubs.ServiceOf(obj) != "" || s.generates(call) {
		return true
	}
	sig := obj.Signature()
	for p := range sig.Params().Variables() {
		if stub.IsContext(p.Type()) {
			return false // asks somebody
		}
	}
	if call.Call.IsInvoke() {
		return false
	}
	if sig.Recv() == nil && sig.Params().Len() > 0 {
		return true
	}
	if sig.Recv() != nil {
		if _, pointer := types.Unalias(sig.Recv().Type()).(*types.Pointer); !pointer {
			return true
		}
		if strings.HasPrefix(obj.Name(), "Get") && sig.Params().Len() == 0 && isMessage(sig.Recv().Type()) {
			return true
		}
	}
	fn := s.Program.Declared(obj)
	return fn != nil && (onlyReads(fn) || s.builds(fn))
}

// builds: what a function returns is the same at every call.
func (s *steadiness) builds(fn *ssa.Function) bool {
	known, ok := s.builders[fn]
	if ok {
		return known
	}
	s.builders[fn] = false // recursion
	for i := range fn.Signature.Results().Len() {
		for _, ret := range program.Returned(fn, i) {
			if !s.steady(ret.Value, Region{Fn: fn}) {
				return false
			}
		}
	}
	s.builders[fn] = len(fn.Blocks) > 0
	return s.builders[fn]
}

// onlyReads: a function without branches that returns a field, say.
func onlyReads(fn *ssa.Function) bool {
	if len(fn.Blocks) != 1 {
		return false
	}
	return !slices.ContainsFunc(fn.Blocks[0].Instrs, func(instr ssa.Instruction) bool {
		switch instr.(type) {
		case *ssa.Store, *ssa.MapUpdate, *ssa.Send, *ssa.Call, *ssa.Go, *ssa.Defer:
			return true
		}
		return false
	})
}
