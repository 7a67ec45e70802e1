package retryshape

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
)

// A Runner is a function of the program that runs one of its parameters, or
// what a field of one holds.
type Runner struct {
	Param           int    // as the signature counts
	Field           string // of the parameter, that holds the function; "" for the parameter itself
	Keeps, Doubtful codeflow.Codes
	Attempts        int
	Endless, Bare   bool
	Listens         bool
	Marks           uint8

	// Asks is 1 and the parameter, as the signature counts, that judges
	// errors: a predicate, or a list of codes. It is 0 for none. Keeps and
	// Doubtful are then for codes of which it says yes, and these for those
	// of which it says no.
	Asks                int
	NoKeeps, NoDoubtful codeflow.Codes
}

// runBy is the call of a runner.
func (sh *shapes) runBy(r *Runner, call *ssa.Call, name string, sup *codeflow.Supposition) *Run {
	run := &Run{Name: name, function: sh.functionFor(r, call), policy: policy{
		marks: marks(r.Marks), keeps: r.Keeps, doubtful: r.Doubtful, attempts: r.Attempts, endless: r.Endless, bare: r.Bare, listens: r.Listens,
	}}
	if r.Asks == 0 {
		return run
	}
	judge := program.SignatureArg(call, r.Asks-1)
	j, ok := sh.JudgementOf(judge, sup)
	if !ok {
		run.keeps, run.doubtful, run.asks = 0, r.Keeps|r.NoKeeps|r.Doubtful|r.NoDoubtful, judge
		return run
	}
	run.keeps = r.Keeps&j.Yes&^j.Doubtful | r.NoKeeps&j.No&^j.Doubtful
	run.doubtful = (r.Doubtful&j.Yes | r.NoDoubtful&j.No | (r.Keeps|r.NoKeeps)&j.Doubtful) &^ run.keeps
	return run
}

// functionFor returns the function that a call gives a runner; nil if it is not
// known.
func (sh *shapes) functionFor(r *Runner, call *ssa.Call) ssa.Value {
	arg := program.SignatureArg(call, r.Param)
	if r.Field == "" || arg == nil {
		return arg
	}
	for field := range request.FailingFields(arg.Type()) {
		if field.Name() == r.Field {
			if function, _ := sh.Program.Part(arg, field); function != nil {
				return function
			}
			return writtenIn(arg, field)
		}
	}
	return nil
}

// writtenIn returns what is written into a field of a struct in the function
// that makes it, if that happens once.
func writtenIn(v ssa.Value, field *types.Var) ssa.Value {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	owner, ok := v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var written ssa.Value
	for store := range control.PartStores(owner) {
		addr, ok := store.Addr.(*ssa.FieldAddr)
		if !ok || program.FieldOf(addr.X.Type(), addr.Field) != field {
			continue
		}
		if written != nil {
			return nil
		}
		written = store.Val
	}
	return written
}

// judgeOf returns the one parameter of a function that judges errors, or nil.
func judgeOf(fn *ssa.Function) *ssa.Parameter {
	var found []*ssa.Parameter
	for _, p := range fn.Params {
		f, isFunc := p.Type().Underlying().(*types.Signature)
		if codeflow.IsListOfCodes(p.Type()) || isFunc && codeflow.IsPredicate(f) && takesCode(f) {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

func takesCode(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if _, ok := codeflow.CarriesCode(p.Type()); ok {
			return true
		}
	}
	return false
}

// runnerOf judges whether a function of this package runs one of its
// parameters until it succeeds.
func (sh *shapes) runnerOf(fn *ssa.Function) *Runner {
	if known, ok := sh.runners[fn]; ok {
		return known
	}
	sh.runners[fn] = nil // recursion
	for _, p := range fn.Params {
		i := program.SignatureIndex(p)
		if i < 0 {
			continue
		}
		handed := program.Input{Param: p}
		if request.Fails(p.Type()) {
			if r := sh.runsInput(fn, handed); r != nil {
				r.Param = i
				sh.runners[fn] = r
				return r
			}
		}
		for field := range request.FailingFields(p.Type()) {
			if r := sh.runsInput(fn, handed.At(field)); r != nil {
				r.Param, r.Field = i, field.Name()
				sh.runners[fn] = r
				return r
			}
		}
	}
	return nil
}

// runsInput: a function runs one thing that it is handed again and again.
func (sh *shapes) runsInput(fn *ssa.Function, handed program.Input) *Runner {
	for call := range program.Calls(fn) {
		if r := sh.runs(call, handed); r != nil {
			return r
		}
	}
	return nil
}

// runs: a call runs what is handed over again and again, whatever the one that
// judges errors says, or depending on it.
func (sh *shapes) runs(call *ssa.Call, handed program.Input) *Runner {
	r := sh.runsIf(call, handed, new(codeflow.Supposition))
	judge := judgeOf(call.Parent())
	if r == nil || judge == nil {
		return r
	}
	yes := sh.runsIf(call, handed, &codeflow.Supposition{Judge: program.Input{Param: judge}, Answer: true})
	no := sh.runsIf(call, handed, &codeflow.Supposition{Judge: program.Input{Param: judge}})
	if yes == nil || no == nil || yes.Keeps == no.Keeps {
		return r
	}
	asked := *yes
	if no.Keeps.Len() > yes.Keeps.Len() {
		asked = *no // of a list of codes that are not to be tried again
	}
	asked.Asks = 1 + program.SignatureIndex(judge)
	asked.Keeps, asked.Doubtful, asked.NoKeeps, asked.NoDoubtful = yes.Keeps, yes.Doubtful, no.Keeps, no.Doubtful
	return &asked
}

// runsIf: the call, in a loop or a function that calls itself, is one of the
// parameter, or it hands the parameter to somebody who runs it.
func (sh *shapes) runsIf(call *ssa.Call, handed program.Input, sup *codeflow.Supposition) *Runner {
	if step := sh.step(call, handed); step != nil {
		return sh.runsItself(step, handed, sup)
	}
	run := sh.runAt(call, sup)
	if run == nil {
		return nil
	}
	if sh.IsJudge(sup, run.asks) {
		run.keeps, run.doubtful = 0, 0
		if sup.Answer {
			run.keeps = codeflow.Failures
		}
	}
	r := &Runner{
		Keeps: run.keeps, Doubtful: run.doubtful, Attempts: run.attempts, Endless: run.endless, Bare: run.bare, Listens: run.listens,
		Marks: uint8(run.marks),
	}
	if sh.Program.InputOf(run.function) == handed {
		return r
	}
	// A literal around the parameter may decide by itself.
	if run.fn == nil || run.fn.Parent() != call.Parent() {
		return nil
	}
	for inner := range program.Calls(run.fn) {
		step := sh.step(inner, handed)
		if step == nil {
			continue
		}
		if step.Err == nil {
			return nil
		}
		shape := sh.runShape(step, run, sup)
		if shape == nil || shape.Poll() {
			return nil
		}
		r.Keeps, r.Doubtful, r.Marks = shape.Retried, shape.Doubtful, uint8(marksOf(sup))
		return r
	}
	return nil
}

// step is a call as the one that runs what is handed over, at whatever distance; nil if
// it is not.
func (sh *shapes) step(call *ssa.Call, handed program.Input) *request.Request {
	for _, r := range sh.Steps(call.Parent()) {
		if r.Call == call && r.Handed == handed {
			return r
		}
	}
	return nil
}

func (sh *shapes) runsItself(r *request.Request, handed program.Input, sup *codeflow.Supposition) *Runner {
	if r.Err == nil {
		return nil
	}
	var shape *Shape
	if l := sh.Program.Innermost(r.Call.Block()); l != nil {
		shape = sh.inLoop(r, l, sup)
	} else if self := sh.callOfItself(handed.Param.Parent()); self != nil && sh.Root(sh.Program.ArgOf(self, handed.Param)) == handed.Param {
		shape = sh.inRecursion(r, handed.Param.Parent(), sup)
	}
	if shape == nil || shape.Poll() || shape.Retried|shape.Doubtful == 0 && sup.Judge.Param == nil {
		return nil
	}
	return &Runner{
		Keeps: shape.Retried, Doubtful: shape.Doubtful, Attempts: shape.Attempts,
		Endless: shape.Ends&codeflow.Unavailable == 0, Bare: shape.Waited == 0, Listens: shape.Listens&codeflow.DeadlineExceeded != 0,
		Marks: uint8(marksOf(sup)),
	}
}

func marksOf(sup *codeflow.Supposition) marks {
	if sup.Typed {
		return exceptTyped
	}
	return exceptFinal
}
