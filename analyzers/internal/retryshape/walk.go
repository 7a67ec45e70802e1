package retryshape

import (
	"go/token"
	"go/types"
	"maps"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/loops"
)

// A subject is the error that a walk is about.
type subject struct {
	// err is the error, or the status or code made of it, as kind says.
	err  ssa.Value
	kind kind
	// result is the call's whole result: a reply tells about the outcome
	// as well as the error does.
	result ssa.Value
	// codes are those that err can have, doubtful those of them of which
	// it is not sure.
	codes, doubtful Codes
}

// A walk follows control from where an error becomes known, with the set of
// the codes that it can have at each place. Conditions on the error divide
// the set; other conditions, a count or a closed channel, do not.
type walk struct {
	*shapes
	subject
	request *request        // whose error it is, or nil
	loop    *loops.Loop     // outside of which the walk ends, or nil
	again   ssa.Instruction // at which a new attempt begins, or nil
	self    *ssa.Function   // calls of which are a new attempt, or nil
	sup     *supposition    // about what the function is handed, or nil

	onAgain  func(*state)
	onExit   func(*state)
	onReturn func(*state, *ssa.Return)

	seen   map[stateKey]bool
	ids    map[ssa.Value]uint64
	guards map[ssa.Value]bool
	steps  int
	// lost is set when the code is too large to be followed.
	lost bool
}

// maxSteps bounds the blocks that one walk enters.
const maxSteps = 3000

// A state is what is known at one place on one way.
type state struct {
	codes    Codes
	doubtful Codes // of codes: whether they get here was decided in a way that is not understood
	env      map[ssa.Value]ssa.Value
	effect   effect

	// kinds holds what kindOf has found out since env was last written.
	kinds map[ssa.Value]kind
}

func (s *state) bind(cell, v ssa.Value) {
	if s.env[cell] != v {
		s.env[cell] = v
		s.kinds = nil
	}
}

// An effect says what happens on a way besides deciding it.
type effect uint8

const (
	// waits: something lets time pass.
	waits effect = 1 << iota
	// noise: something is called of which nothing is known.
	noise
	// asked: the walked function looks whether the context has ended.
	asked
	// listens: something waits for the end of a context, or may.
	listens
	// guarded: something decides by what the request is, not by its error.
	guarded
)

type stateKey struct {
	block           *ssa.BasicBlock
	codes, doubtful Codes
	env             uint64
	effect          effect
}

// after walks from behind instr.
func (w *walk) after(instr ssa.Instruction) {
	block := instr.Block()
	for i, other := range block.Instrs {
		if other == instr {
			w.start(block, i+1)
		}
	}
}

// entry walks from the first instruction of a function.
func (w *walk) entry(fn *ssa.Function) { w.start(fn.Blocks[0], 0) }

func (w *walk) start(block *ssa.BasicBlock, i int) {
	w.seen = make(map[stateKey]bool)
	w.ids = make(map[ssa.Value]uint64)
	w.guards = make(map[ssa.Value]bool)
	w.run(block, i, &state{codes: w.codes, doubtful: w.doubtful, env: make(map[ssa.Value]ssa.Value)})
}

func (w *walk) run(block *ssa.BasicBlock, i int, s *state) {
	for ; i < len(block.Instrs); i++ {
		switch instr := block.Instrs[i].(type) {
		case *ssa.UnOp:
			switch instr.Op {
			case token.MUL:
				if cell := cellOf(instr.X); cell != nil {
					if v, ok := s.env[cell]; ok {
						s.bind(instr, v)
					}
				}
			case token.ARROW:
				s.effect |= waits
			}
		case *ssa.Store:
			if cell := cellOf(instr.Addr); cell != nil && isDecisive(instr.Val.Type()) {
				s.bind(cell, w.resolve(instr.Val, s))
			}
		case *ssa.Alloc:
			if _, bound := s.env[instr]; bound {
				delete(s.env, instr)
				s.kinds = nil
			}
		case *ssa.Select:
			if instr.Blocking {
				s.effect |= waits
			}
		case *ssa.Call:
			if instr == w.again || w.self != nil && w.program.Local(instr.Call.StaticCallee()) == w.self {
				w.onAgain(s)
				return
			}
			s.effect |= w.callEffect(instr, s)
		case *ssa.Jump:
			w.enter(block, block.Succs[0], s)
			return
		case *ssa.If:
			w.branch(block, instr, s)
			return
		case *ssa.Return:
			if w.onReturn != nil {
				w.onReturn(s, instr)
			} else if w.onExit != nil {
				w.onExit(s)
			}
			return
		}
	}
}

func (w *walk) branch(block *ssa.BasicBlock, instr *ssa.If, s *state) {
	j := w.judge(instr.Cond, s)
	if j == either17 && w.request != nil && w.kindOf(instr.Cond, s, 0) == unrelated && w.isGuard(w.resolve(instr.Cond, s)) {
		s.effect |= guarded
	}
	for i, codes := range []Codes{j.yes, j.no} {
		if codes &= s.codes; codes == 0 {
			continue
		}
		next := &state{codes: codes, doubtful: (s.doubtful | j.doubtful) & codes, env: maps.Clone(s.env), effect: s.effect}
		if j.named && codes.Len() <= maxNamed && codes&OK == 0 {
			// The code names these: whatever was asked before, it
			// is about them.
			next.doubtful = j.doubtful & codes
		}
		w.enter(block, block.Succs[i], next)
	}
}

// isGuard: the condition looks at what the request is made of.
func (w *walk) isGuard(cond ssa.Value) bool {
	guard, known := w.guards[cond]
	if !known {
		guard = w.dependsOnRequest(cond, w.request)
		w.guards[cond] = guard
	}
	return guard
}

// maxNamed is how many codes a condition can be said to name; more are left
// over when others are excluded.
const maxNamed = 8

func (w *walk) enter(from, to *ssa.BasicBlock, s *state) {
	if w.loop != nil && !w.loop.Blocks[to] {
		if w.onExit != nil {
			w.onExit(s)
		}
		return
	}
	if w.steps++; w.steps > maxSteps {
		w.lost = true
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
			bound[phi] = w.resolve(phi.Edges[edge], s)
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
	key := stateKey{to, s.codes, s.doubtful, w.hash(s.env), s.effect}
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	w.run(to, phis, s)
}

// hash does not depend on the order of the map.
func (w *walk) hash(env map[ssa.Value]ssa.Value) uint64 {
	var sum uint64
	for k, v := range env {
		x := w.id(k)*0x9e3779b97f4a7c15 ^ w.id(v)*0xc2b2ae3d27d4eb4f
		x ^= x >> 29
		sum += x * 0xbf58476d1ce4e5b9
	}
	return sum
}

func (w *walk) id(v ssa.Value) uint64 {
	id, ok := w.ids[v]
	if !ok {
		id = uint64(len(w.ids) + 1)
		w.ids[v] = id
	}
	return id
}

// resolve follows what is known of a value on this way.
func (w *walk) resolve(v ssa.Value, s *state) ssa.Value {
	for range 50 {
		next, ok := s.env[v]
		if !ok || next == v {
			break
		}
		v = next
	}
	return v
}

// cellOf returns the local variable, be it captured, behind an address.
func cellOf(addr ssa.Value) ssa.Value {
	switch addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		return addr
	}
	return nil
}

// isDecisive: values of this type decide whether there is another attempt.
func isDecisive(t types.Type) bool {
	if isError(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.Bool || isCode(t)
	case *types.Pointer:
		return true // *status.Status, an error type of one's own
	case *types.Interface:
		return true
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

const (
	codesPath    = "google.golang.org/grpc/codes"
	statusPath   = "google.golang.org/grpc/status"
	internalPath = "google.golang.org/grpc/internal/status"
)

func isCode(t types.Type) bool { return isNamed(t, codesPath, "Code") }

// isStatus reports whether t is *status.Status.
func isStatus(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && (isNamed(p.Elem(), internalPath, "Status") || isNamed(p.Elem(), statusPath, "Status"))
}

func isNamed(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path
}
