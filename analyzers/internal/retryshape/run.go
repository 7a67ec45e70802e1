package retryshape

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Run is a call that runs a function again and again until it succeeds:
// of a library, or of a helper of the program's own.
type Run struct {
	Call *ssa.Call
	Name string // "backoff.Retry"
	// Listed: the codes are written out at an option; see List.
	Listed bool

	function ssa.Value // what it runs
	fn       *ssa.Function
	policy
}

// A policy says when the function is run again.
type policy struct {
	marks marks
	// keeps are the codes of an error returned by the function behind
	// which it is run again, doubtful those of which that is not known.
	keeps, doubtful Codes
	attempts        int
	// endless: nothing but the error ends it. bare: nothing waits between
	// two attempts. hooked: a function of the program is called between
	// them. listens: the end of a context ends it.
	endless, bare, hooked, listens bool
}

// marks says how a function tells whether it wants to be run again.
type marks uint8

const (
	exceptFinal marks = iota // every error but final ones
	onlyMarked               // marked errors only
	condition                // (false, nil)
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
}

// runsIn lists the runs of a function whose subject is known.
func (sh *shapes) runsIn(fn *ssa.Function) []*Run {
	var found []*Run
	for call := range program.Calls(fn) {
		if run := sh.runAt(call); run != nil && run.fn != nil {
			found = append(found, run)
		}
	}
	return found
}

// runAt recognises a run.
func (sh *shapes) runAt(call *ssa.Call) *Run {
	obj := program.CalledObject(&call.Call)
	run := sh.libraryRun(call, obj)
	if run == nil {
		run = sh.ownRun(call, obj)
	}
	if run == nil || run.function == nil {
		return nil
	}
	run.Call, run.fn = call, sh.function(run.function)
	return run
}

// ownRun is the call of a function of the program that runs its parameter. If
// there are several that a field or a variable holds, one of them is enough:
// each is there to be used.
func (sh *shapes) ownRun(call *ssa.Call, obj *types.Func) *Run {
	if call.Call.IsInvoke() || !takesFunction(call.Call.Signature()) {
		return nil
	}
	callees := sh.program.Callees(call)
	if obj == nil && len(callees) == 0 {
		callees, _ = sh.program.Functions(call.Call.Value)
	}
	for _, fn := range callees {
		if r := sh.runnerOf(fn); r != nil {
			return r.run(sh.program.CalleeName(call), program.SignatureArg(call, r.Param))
		}
	}
	if fact := sh.factOf(obj); fact != nil {
		if r := fact.runner(funckey.Of(obj)); r != nil {
			return r.run(obj.Name(), program.SignatureArg(call, r.Param))
		}
	}
	return nil
}

func (r *Runner) run(name string, function ssa.Value) *Run {
	return &Run{Name: name, function: function, policy: policy{
		marks: marks(r.Marks), keeps: r.Keeps, doubtful: r.Doubtful, attempts: r.Attempts, endless: r.Endless, bare: r.Bare, listens: r.Listens,
	}}
}

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
	for i, p := range fn.Params {
		f, ok := p.Type().Underlying().(*types.Signature)
		if !ok || errorIndex(f) < 0 {
			continue
		}
		if r := sh.runs(fn, p); r != nil {
			r.Param = i
			if fn.Signature.Recv() != nil {
				r.Param--
			}
			sh.runners[fn] = r
			return r
		}
	}
	return nil
}

func (sh *shapes) runs(fn *ssa.Function, p *ssa.Parameter) *Runner {
	for call := range program.Calls(fn) {
		if r := sh.runsBy(call, p); r != nil {
			return r
		}
	}
	return nil
}

// runsBy: the call, in a loop, is one of the parameter, or it hands the
// parameter to somebody who runs it.
func (sh *shapes) runsBy(call *ssa.Call, p *ssa.Parameter) *Runner {
	if !call.Call.IsInvoke() && sh.root(call.Call.Value) == p {
		l := sh.innermost(call.Block())
		i := errorIndex(call.Call.Signature())
		if l == nil || program.Result(call, i) == nil {
			return nil
		}
		shape := sh.inLoop(&request{call: call, rpc: &RPC{}, err: program.Result(call, i), codes: AllCodes}, l)
		if shape == nil || shape.Poll() {
			return nil
		}
		return &Runner{
			Keeps: shape.Retried, Doubtful: shape.Doubtful, Attempts: shape.Attempts,
			Endless: shape.Ends&Unavailable == 0, Bare: shape.Waited == 0, Listens: shape.Listens&DeadlineExceeded != 0,
			Marks: uint8(exceptFinal),
		}
	}
	run := sh.libraryRun(call, program.CalledObject(call.Common()))
	if run == nil || run.function == nil {
		return nil
	}
	r := &Runner{
		Keeps: run.keeps, Doubtful: run.doubtful, Attempts: run.attempts, Endless: run.endless, Bare: run.bare, Listens: run.listens,
		Marks: uint8(run.marks),
	}
	if sh.root(run.function) == p {
		return r
	}
	// A literal around the parameter may decide by itself.
	literal := sh.function(run.function)
	if literal == nil || literal.Parent() != call.Parent() {
		return nil
	}
	for inner := range program.Calls(literal) {
		if inner.Call.IsInvoke() || sh.root(inner.Call.Value) != p {
			continue
		}
		err := program.Result(inner, errorIndex(inner.Call.Signature()))
		if err == nil {
			return nil
		}
		shape := sh.runShape(&request{call: inner, rpc: &RPC{}, err: err, codes: AllCodes}, run)
		if shape == nil || shape.Poll() {
			return nil
		}
		r.Keeps, r.Doubtful, r.Marks = shape.Retried, shape.Doubtful, uint8(exceptFinal)
		return r
	}
	return nil
}

// inRun judges the requests of a function that is run again.
func (sh *shapes) inRun(run *Run) []*Shape {
	var found []*Shape
	for _, r := range sh.requestsIn(run.fn) {
		if r.err == nil {
			continue
		}
		shape := sh.runShape(r, run)
		if shape == nil {
			continue
		}
		if shape = sh.finish(shape, r, region{fn: run.fn}); shape != nil {
			found = append(found, shape)
		}
	}
	return found
}

// runShape follows a request's error to what the function returns.
func (sh *shapes) runShape(r *request, run *Run) *Shape {
	shape := &Shape{Run: run, Attempts: run.attempts}
	var effects effect
	if !run.bare {
		effects |= waits
	}
	if run.hooked {
		effects |= noise
	}
	if run.listens {
		effects |= listens
	}
	fn := r.call.Parent()
	effects |= sh.bodyEffect(fn, 0)
	w := sh.walkBehind(r)
	w.onReturn = func(s *state, ret *ssa.Return) {
		codes, doubtful := w.returned(run, s, ret)
		if codes |= doubtful; codes == 0 {
			return
		}
		next := *s
		next.codes, next.doubtful, next.effect = codes, doubtful, effects|s.effect&guarded
		shape.note(&next)
		if !run.endless {
			shape.Ends |= codes
		}
	}
	w.after(r.call)
	if w.lost {
		return nil
	}
	return shape
}

// returned says for which codes what a function returns makes its runner
// run it again.
func (w *walk) returned(run *Run, s *state, ret *ssa.Return) (codes, doubtful Codes) {
	if len(ret.Results) == 0 {
		return 0, 0
	}
	k := w.kindOf(ret.Results[len(ret.Results)-1], s, 0)
	switch run.marks {
	case onlyMarked:
		switch k {
		case markedError:
			return s.codes, s.doubtful
		case related, unrelated:
			return 0, s.codes & Failures
		}
		return 0, 0
	case condition:
		j := w.judge(ret.Results[0], s)
		codes = s.codes & j.no
		switch k {
		case noError:
		case theError:
			codes &= OK
		case related, unrelated:
			return 0, codes & Failures
		default:
			return 0, 0
		}
		return codes, codes & (s.doubtful | j.doubtful)
	}
	switch k {
	case theError:
		codes = s.codes & Failures & (run.keeps | run.doubtful)
		return codes, codes & (s.doubtful | run.doubtful)
	case otherError:
		if run.keeps == Failures {
			return s.codes, s.doubtful
		}
		return 0, s.codes & Failures // the predicate sees an error of the program's own
	case markedError:
		return s.codes, s.doubtful
	case related, unrelated:
		return 0, s.codes & Failures
	}
	return 0, 0
}

// summarise tells importers about the exported functions of the package.
func (sh *shapes) summarise(fact *Fact) {
	for _, fn := range sh.program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Synthetic != "" || sh.stubs.RPC(obj) != nil {
			continue
		}
		key := funckey.Of(obj)
		if errorIndex(fn.Signature) >= 0 {
			for _, o := range sh.outcomes(fn) {
				m := sh.factOfMade(o, fn)
				m.Func = key
				fact.Made = append(fact.Made, m)
			}
			if takesFunction(fn.Signature) {
				if r := sh.runnerOf(fn); r != nil {
					exported := *r
					exported.Key = key
					fact.Runners = append(fact.Runners, exported)
				}
			}
		}
		if isPredicate(fn.Signature) {
			for i, param := range fn.Params {
				k, ok := carriesCode(param.Type())
				if !ok {
					continue
				}
				if _, ok := sh.predicateOf(fn, i, k); ok {
					p := *sh.predicates[predicateKey{fn, i}]
					p.Key, p.Param = key, i
					fact.Predicates = append(fact.Predicates, p)
				}
			}
		}
	}
	fact.Dialled, fact.Breakers = sh.dialledFacts(), sh.breakerFacts()
	slices.SortStableFunc(fact.Made, func(a, b Made) int { return strings.Compare(a.Func, b.Func) })
	slices.SortStableFunc(fact.Predicates, func(a, b Predicate) int { return strings.Compare(a.Key, b.Key) })
	slices.SortStableFunc(fact.Runners, func(a, b Runner) int { return strings.Compare(a.Key, b.Key) })
}
