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
	asks     ssa.Value // the predicate, if it is not known
	sup      *supposition
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
	exceptTyped              // every error but those of types or variables of its own
)

// runsIn lists the runs of a function whose subject is known.
func (sh *shapes) runsIn(fn *ssa.Function) []*Run {
	var found []*Run
	for call := range program.Calls(fn) {
		if run := sh.runAt(call, nil); run != nil && run.fn != nil {
			found = append(found, run)
		}
	}
	return found
}

// runAt recognises a run in a function of which something is supposed.
func (sh *shapes) runAt(call *ssa.Call, sup *supposition) *Run {
	obj := program.CalledObject(&call.Call)
	run := sh.libraryRun(call, obj, sup)
	if run == nil {
		run = sh.ownRun(call, obj, sup)
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
func (sh *shapes) ownRun(call *ssa.Call, obj *types.Func, sup *supposition) *Run {
	if call.Call.IsInvoke() || !takesFunction(call.Call.Signature()) {
		return nil
	}
	callees := sh.program.Callees(call)
	if obj == nil && len(callees) == 0 {
		callees, _ = sh.program.Functions(call.Call.Value)
	}
	for _, fn := range callees {
		if r := sh.runnerOf(fn); r != nil {
			return sh.runBy(r, call, sh.program.CalleeName(call), sup)
		}
	}
	if fact := sh.factOf(obj); fact != nil {
		if r := fact.runner(funckey.Of(obj)); r != nil {
			return sh.runBy(r, call, obj.Name(), sup)
		}
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
		shape := sh.runShape(r, run, nil)
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
func (sh *shapes) runShape(r *request, run *Run, sup *supposition) *Shape {
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
	w.sup = sup
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
	case exceptTyped:
		if k == otherError || k == finalError || k == theError && !w.alone(ret.Results[len(ret.Results)-1], s) {
			return 0, s.codes & Failures // it may be one of those, or wrap one
		}
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
				if o.request.handed != nil && sh.runnerOf(fn) != nil {
					continue // it is told as that
				}
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
		if buildsMessage(fn.Signature) {
			fact.Built = append(fact.Built, sh.builtBy(fn, key)...)
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
