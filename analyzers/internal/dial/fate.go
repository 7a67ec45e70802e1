package dial

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
)

// fate walks every way that control can take after a, up to the first thing
// that releases the connection.
func (e *engine) fate(a *Acquisition) Fate {
	w := &walk{engine: e, a: a, seen: make(map[*ssa.BasicBlock]bool), events: make(map[ssa.Instruction][]event)}
	for _, ev := range a.flow.events {
		switch ev.kind {
		case closed, escaped, returned:
			if control.Dominates(ev.instr, a.Instr) {
				// A deferred literal that closes what the variable will
				// hold, or one that keeps the variable.
				if ev.kind == closed {
					return Fate{Closes: true}
				}
				return Fate{Escapes: true}
			}
			w.events[ev.instr] = append(w.events[ev.instr], ev)
		}
	}
	block := a.Instr.Block()
	for i, instr := range block.Instrs {
		if instr == a.Instr {
			w.from(block, i+1)
			break
		}
	}
	return w.fate
}

type walk struct {
	engine *engine
	a      *Acquisition
	seen   map[*ssa.BasicBlock]bool
	events map[ssa.Instruction][]event
	fate   Fate
}

// from walks the instructions of a block, beginning with the i-th, and then
// the blocks behind it.
func (w *walk) from(block *ssa.BasicBlock, i int) {
	for _, instr := range block.Instrs[i:] {
		if events := w.events[instr]; events != nil {
			for _, ev := range events {
				switch ev.kind {
				case closed:
					w.fate.Closes = true
				case escaped:
					w.fate.Escapes = true
				case returned:
					w.fate.Returns = true
				}
			}
			return
		}
		switch instr := instr.(type) {
		case *ssa.Call:
			if instr == w.a.Instr {
				w.fate.Leaks = append(w.fate.Leaks, instr) // the loop opens the next one
				return
			}
			if w.engine.index.NeverReturns(instr) {
				return // the process, or at least the test, ends here
			}
		case *ssa.Return:
			w.fate.Leaks = append(w.fate.Leaks, instr)
			return
		case *ssa.Panic:
			return // recovered or not, no ordinary way out
		}
	}
	cond, isIf := control.Last(block).(*ssa.If)
	enters := w.entered(block)
	for i, succ := range block.Succs {
		if enters != nil && !enters.Blocks[succ] {
			continue
		}
		if isIf && w.impossible(cond.Cond, i == 0) {
			continue // there is no connection on this branch
		}
		if !w.seen[succ] {
			w.seen[succ] = true
			w.from(succ, 0)
		}
	}
}

// entered returns the loop that begins at a block if its body does something
// with the connection: that such a loop has no turn at all, because a list
// is empty, is not taken for a way out.
func (w *walk) entered(block *ssa.BasicBlock) *loops.Loop {
	for _, l := range w.engine.index.Loops(block.Parent()) {
		if l.Header != block || l.Blocks[w.a.Instr.Block()] {
			continue
		}
		for instr := range w.events {
			if l.Blocks[instr.Block()] {
				return l
			}
		}
	}
	return nil
}

// impossible reports whether the condition, when it comes out as given,
// means that the call failed and there is no connection.
func (w *walk) impossible(cond ssa.Value, outcome bool) bool {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		return cond.Op == token.NOT && w.impossible(cond.X, !outcome)
	case *ssa.BinOp:
		if cond.Op != token.EQL && cond.Op != token.NEQ {
			return false
		}
		x := cond.X
		if control.IsNil(x) {
			x = cond.Y
		} else if !control.IsNil(cond.Y) {
			// err == io.EOF holds for errors only.
			return w.isError(cond.X) && outcome == (cond.Op == token.EQL)
		}
		isNilHere := outcome == (cond.Op == token.EQL)
		if w.isError(x) {
			return !isNilHere
		}
		if _, ours := w.a.flow.kinds[x]; ours {
			return isNilHere
		}
	case *ssa.Call:
		// errors.Is(err, ...), os.IsTimeout(err), a predicate of one's own:
		// true of errors only.
		if !outcome {
			return false
		}
		for _, arg := range cond.Call.Args {
			if w.isError(arg) {
				return true
			}
		}
	}
	return false
}

// isError reports whether v may be the error of the call.
func (w *walk) isError(v ssa.Value) bool {
	return control.MayBe(v, w.a.err)
}
