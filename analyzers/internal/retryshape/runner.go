package retryshape

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Runner is a function of the program that runs one of its parameters.
type Runner struct {
	Key             string
	Param           int // as the signature counts
	Keeps, Doubtful Codes
	Attempts        int
	Endless, Bare   bool
	Listens         bool
	Marks           uint8

	// Asks is 1 and the parameter, as the signature counts, that judges
	// errors: a predicate, or a list of codes. It is 0 for none. Keeps and
	// Doubtful are then for codes of which it says yes, and these for those
	// of which it says no.
	Asks                int
	NoKeeps, NoDoubtful Codes
}

// A supposition is made about what a helper is handed: it is looked at
// without the call that hands it over.
type supposition struct {
	// judge is the predicate, or the list of codes, and answer what it says
	// of every error.
	judge  *ssa.Parameter
	answer bool
	// typed is set where the helper looks for errors of types or variables
	// that gRPC does not know.
	typed bool
}

// is: v is the parameter of which something is supposed.
func (sup *supposition) is(sh *shapes, v ssa.Value) bool {
	return sup != nil && sup.judge != nil && v != nil && sh.root(v) == sup.judge
}

// says is the answer for every code.
func (sup *supposition) says() judgement {
	if sup.answer {
		return judgement{yes: AllCodes, named: true}
	}
	return judgement{no: AllCodes, named: true}
}

// runBy is the call of a runner.
func (sh *shapes) runBy(r *Runner, call *ssa.Call, name string, sup *supposition) *Run {
	run := &Run{Name: name, function: program.SignatureArg(call, r.Param), policy: policy{
		marks: marks(r.Marks), keeps: r.Keeps, doubtful: r.Doubtful, attempts: r.Attempts, endless: r.Endless, bare: r.Bare, listens: r.Listens,
	}}
	if r.Asks == 0 {
		return run
	}
	judge := program.SignatureArg(call, r.Asks-1)
	j, ok := sh.judgementOf(judge, sup)
	if !ok {
		run.keeps, run.doubtful, run.asks = 0, r.Keeps|r.NoKeeps|r.Doubtful|r.NoDoubtful, judge
		return run
	}
	run.keeps = r.Keeps&j.yes&^j.doubtful | r.NoKeeps&j.no&^j.doubtful
	run.doubtful = (r.Doubtful&j.yes | r.NoDoubtful&j.no | (r.Keeps|r.NoKeeps)&j.doubtful) &^ run.keeps
	return run
}

// judgementOf is what a predicate, or a list of codes, says of errors. sup is
// what is supposed of the function that holds it.
func (sh *shapes) judgementOf(v ssa.Value, sup *supposition) (judgement, bool) {
	if v == nil {
		return judgement{}, false
	}
	if isListOfCodes(v.Type()) {
		set, ok := sh.listOfCodes(v)
		return judgement{yes: set, no: AllCodes &^ set, named: true}, ok
	}
	fn := sh.function(v)
	if fn == nil || !isPredicate(fn.Signature) {
		return judgement{}, false
	}
	for i, p := range fn.Params {
		k, ok := carriesCode(p.Type())
		switch {
		case !ok:
		case sup == nil || sup.judge == nil || fn.Parent() == nil:
			return sh.predicateOf(fn, i, k)
		default:
			p := sh.evaluate(fn, p, k, sup)
			return p.judgement(), p != nil
		}
	}
	return judgement{}, false
}

func isListOfCodes(t types.Type) bool {
	slice, ok := t.Underlying().(*types.Slice)
	return ok && isCode(slice.Elem())
}

// judgeOf returns the one parameter of a function that judges errors, or nil.
func judgeOf(fn *ssa.Function) *ssa.Parameter {
	var found []*ssa.Parameter
	for _, p := range fn.Params {
		f, isFunc := p.Type().Underlying().(*types.Signature)
		if isListOfCodes(p.Type()) || isFunc && isPredicate(f) && takesCode(f) {
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
		if _, ok := carriesCode(p.Type()); ok {
			return true
		}
	}
	return false
}

// takesFunction: a parameter is a function that returns an error.
func takesFunction(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if f, ok := p.Type().Underlying().(*types.Signature); ok && errorIndex(f) >= 0 {
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
		f, ok := p.Type().Underlying().(*types.Signature)
		if !ok || errorIndex(f) < 0 {
			continue
		}
		for call := range program.Calls(fn) {
			if r := sh.runs(call, p); r != nil {
				r.Param = program.SignatureIndex(p)
				sh.runners[fn] = r
				return r
			}
		}
	}
	return nil
}

// runs: a call runs the parameter again and again, whatever the one that
// judges errors says, or depending on it.
func (sh *shapes) runs(call *ssa.Call, p *ssa.Parameter) *Runner {
	r := sh.runsIf(call, p, new(supposition))
	judge := judgeOf(p.Parent())
	if r == nil || judge == nil {
		return r
	}
	yes := sh.runsIf(call, p, &supposition{judge: judge, answer: true})
	no := sh.runsIf(call, p, &supposition{judge: judge})
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
func (sh *shapes) runsIf(call *ssa.Call, p *ssa.Parameter, sup *supposition) *Runner {
	if !call.Call.IsInvoke() && sh.root(call.Call.Value) == p {
		return sh.runsItself(call, p, sup)
	}
	run := sh.runAt(call, sup)
	if run == nil {
		return nil
	}
	if sup.is(sh, run.asks) {
		run.keeps, run.doubtful = 0, 0
		if sup.answer {
			run.keeps = Failures
		}
	}
	r := &Runner{
		Keeps: run.keeps, Doubtful: run.doubtful, Attempts: run.attempts, Endless: run.endless, Bare: run.bare, Listens: run.listens,
		Marks: uint8(run.marks),
	}
	if sh.root(run.function) == p {
		return r
	}
	// A literal around the parameter may decide by itself.
	if run.fn == nil || run.fn.Parent() != call.Parent() {
		return nil
	}
	for inner := range program.Calls(run.fn) {
		if inner.Call.IsInvoke() || sh.root(inner.Call.Value) != p {
			continue
		}
		err := program.Result(inner, errorIndex(inner.Call.Signature()))
		if err == nil {
			return nil
		}
		shape := sh.runShape(&request{call: inner, rpc: &RPC{}, err: err, codes: AllCodes}, run, sup)
		if shape == nil || shape.Poll() {
			return nil
		}
		r.Keeps, r.Doubtful, r.Marks = shape.Retried, shape.Doubtful, uint8(sup.marks())
		return r
	}
	return nil
}

func (sh *shapes) runsItself(call *ssa.Call, p *ssa.Parameter, sup *supposition) *Runner {
	err := program.Result(call, errorIndex(call.Call.Signature()))
	if err == nil {
		return nil
	}
	r := &request{call: call, rpc: &RPC{}, err: err, codes: AllCodes}
	var shape *Shape
	if l := sh.innermost(call.Block()); l != nil {
		shape = sh.inLoop(r, l, sup)
	} else if self := sh.callOfItself(p.Parent()); self != nil && sh.root(sh.program.ArgOf(self, p)) == p {
		shape = sh.inRecursion(r, p.Parent(), sup)
	}
	if shape == nil || shape.Poll() || shape.Retried|shape.Doubtful == 0 && sup.judge == nil {
		return nil
	}
	return &Runner{
		Keeps: shape.Retried, Doubtful: shape.Doubtful, Attempts: shape.Attempts,
		Endless: shape.Ends&Unavailable == 0, Bare: shape.Waited == 0, Listens: shape.Listens&DeadlineExceeded != 0,
		Marks: uint8(sup.marks()),
	}
}

func (sup *supposition) marks() marks {
	if sup.typed {
		return exceptTyped
	}
	return exceptFinal
}

// foreign: an error of gRPC's is none of this type.
func foreign(t types.Type) bool {
	if types.IsInterface(t) {
		return false
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && !slices.Contains([]string{statusPath, internalPath}, named.Obj().Pkg().Path())
}
