package codeflow

import (
	"go/token"
	"go/types"
	"maps"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/loops"
)

// A Subject is the error that a walk is about.
type Subject struct {
	// Err is the error, or the status or code made of it, as Kind says.
	Err  ssa.Value
	Kind Kind
	// Field is the field of Err that is meant, nil for Err itself.
	Field *types.Var
	// Result is the call's whole result: a reply tells about the outcome
	// as well as the error does.
	Result ssa.Value
	// Codes are those that Err can have, Doubtful those of them of which
	// it is not sure.
	Codes, Doubtful Codes
}

// A Walk follows control from where an error becomes known, with the set of
// the codes that it can have at each place. Conditions on the error divide
// the set; other conditions, a count or a closed channel, do not.
type Walk struct {
	*Flow
	Subject
	Loop  *loops.Loop     // outside of which the walk ends, or nil
	Again ssa.Instruction // at which a new attempt begins, or nil
	Self  *ssa.Function   // calls of which are a new attempt, or nil
	Sup   *Supposition    // about what the function is handed, or nil

	OnAgain  func(*State)
	OnExit   func(*State)
	OnReturn func(*State, *ssa.Return)
	// OnCall is told of calls on the way, OnWait of waiting for a channel,
	// and OnCondition of conditions that are not about the error. They may
	// add to the state's effect, and may be nil.
	OnCall      func(*State, *ssa.Call)
	OnWait      func(*State)
	OnCondition func(*State, ssa.Value)

	// Lost is set when the code is too large to be followed.
	Lost bool

	seen  map[stateKey]bool
	ids   map[ssa.Value]uint64
	steps int
}

// maxSteps bounds the blocks that one walk enters.
const maxSteps = 3000

// A State is what is known at one place on one way.
type State struct {
	Codes    Codes
	Doubtful Codes // of Codes: whether they get here was decided in a way that is not understood
	// Effect is what the walk's functions have noted on the way.
	Effect uint8

	env map[ssa.Value]ssa.Value
	// kinds holds what KindOf has found out since env was last written.
	kinds map[ssa.Value]Kind
}

func (s *State) bind(cell, v ssa.Value) {
	if s.env[cell] != v {
		s.env[cell] = v
		s.kinds = nil
	}
}

type stateKey struct {
	block           *ssa.BasicBlock
	codes, doubtful Codes
	env             uint64
	effect          uint8
}

// After walks from behind instr.
func (w *Walk) After(instr ssa.Instruction) {
	block := instr.Block()
	for i, other := range block.Instrs {
		if other == instr {
			w.start(block, i+1)
		}
	}
}

// Entry walks from the first instruction of a function.
func (w *Walk) Entry(fn *ssa.Function) { w.start(fn.Blocks[0], 0) }

func (w *Walk) start(block *ssa.BasicBlock, i int) {
	w.seen = make(map[stateKey]bool)
	w.ids = make(map[ssa.Value]uint64)
	env := make(map[ssa.Value]ssa.Value)
	if _, shared := w.Err.(*ssa.FreeVar); shared {
		env[w.Err] = w.Err // what is in the variable when the literal is called
	}
	w.run(block, i, &State{Codes: w.Codes, Doubtful: w.Doubtful, env: env})
}

func (w *Walk) run(block *ssa.BasicBlock, i int, s *State) {
	for ; i < len(block.Instrs); i++ {
		switch instr := block.Instrs[i].(type) {
		case *ssa.UnOp:
			switch instr.Op {
			case token.MUL:
				if cell := CellOf(instr.X); cell != nil {
					if v, ok := s.env[cell]; ok {
						s.bind(instr, v)
					}
				}
			case token.ARROW:
				w.wait(s)
			}
		case *ssa.Store:
			if cell := CellOf(instr.Addr); cell != nil && isDecisive(instr.Val.Type()) {
				s.bind(cell, w.Resolve(instr.Val, s))
			}
		case *ssa.Alloc:
			if _, bound := s.env[instr]; bound {
				delete(s.env, instr)
				s.kinds = nil
			}
		case *ssa.Select:
			if instr.Blocking {
				w.wait(s)
			}
		case *ssa.Call:
			if instr == w.Again || w.Self != nil && w.Program.Local(instr.Call.StaticCallee()) == w.Self {
				w.OnAgain(s)
				return
			}
			if w.OnCall != nil {
				w.OnCall(s, instr)
			}
		case *ssa.Jump:
			w.enter(block, block.Succs[0], s)
			return
		case *ssa.If:
			w.branch(block, instr, s)
			return
		case *ssa.Return:
			if w.OnReturn != nil {
				w.OnReturn(s, instr)
			} else if w.OnExit != nil {
				w.OnExit(s)
			}
			return
		}
	}
}

func (w *Walk) wait(s *State) {
	if w.OnWait != nil {
		w.OnWait(s)
	}
}

func (w *Walk) branch(block *ssa.BasicBlock, instr *ssa.If, s *State) {
	j := w.Judge(instr.Cond, s)
	if j == either17 && w.OnCondition != nil && w.KindOf(instr.Cond, s, 0) == Unrelated {
		w.OnCondition(s, w.Resolve(instr.Cond, s))
	}
	for i, codes := range []Codes{j.Yes, j.No} {
		if codes &= s.Codes; codes == 0 {
			continue
		}
		next := &State{Codes: codes, Doubtful: (s.Doubtful | j.Doubtful) & codes, env: maps.Clone(s.env), Effect: s.Effect}
		if j.Named && codes.Len() <= maxNamed && codes&OK == 0 {
			// The code names these: whatever was asked before, it
			// is about them.
			next.Doubtful = j.Doubtful & codes
		}
		w.enter(block, block.Succs[i], next)
	}
}

// maxNamed is how many codes a condition can be said to name; more are left
// over when others are excluded.
const maxNamed = 8

func (w *Walk) enter(from, to *ssa.BasicBlock, s *State) {
	if w.Loop != nil && !w.Loop.Blocks[to] {
		if w.OnExit != nil {
			w.OnExit(s)
		}
		return
	}
	if w.steps++; w.steps > maxSteps {
		w.Lost = true
		return
	}
	phis := 0
	var edge = -1
	for i, pred := range to.Preds {
		if pred == from {
			edge = i
		}
	}
	bound := make(map[ssa.Value]ssa.Value)
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		phis++
		if isDecisive(phi.Type()) {
			bound[phi] = w.Resolve(phi.Edges[edge], s)
		}
	}
	for phi, v := range bound {
		if phi == v {
			delete(s.env, phi)
		} else {
			s.env[phi] = v
		}
		s.kinds = nil
	}
	key := stateKey{to, s.Codes, s.Doubtful, w.hash(s.env), s.Effect}
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	w.run(to, phis, s)
}

// hash does not depend on the order of the map.
func (w *Walk) hash(env map[ssa.Value]ssa.Value) uint64 {
	var sum uint64
	for k, v := range env {
		x := w.id(k)*0x9e3779b97f4a7c15 ^ w.id(v)*0xc2b2ae3d27d4eb4f
		x ^= x >> 29
		sum += x * 0xbf58476d1ce4e5b9
	}
	return sum
}

func (w *Walk) id(v ssa.Value) uint64 {
	id, ok := w.ids[v]
	if !ok {
		id = uint64(len(w.ids) + 1)
		w.ids[v] = id
	}
	return id
}

// Resolve follows what is known of a value on this way.
func (w *Walk) Resolve(v ssa.Value, s *State) ssa.Value {
	for range 50 {
		next, ok := s.env[v]
		if !ok || next == v {
			break
		}
		v = next
	}
	return v
}

// CellOf returns the local variable, be it captured, behind an address.
func CellOf(addr ssa.Value) ssa.Value {
	switch addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return addr
	}
	return nil
}

// isDecisive: values of this type decide whether there is another attempt.
func isDecisive(t types.Type) bool {
	if IsError(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.Bool || IsCode(t)
	case *types.Pointer:
		return true // *status.Status, an error type of one's own
	case *types.Interface:
		return true
	}
	return false
}
