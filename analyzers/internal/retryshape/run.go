package retryshape

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
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
	sup      *codeflow.Supposition
	policy
}

// A policy says when the function is run again.
type policy struct {
	marks marks
	// keeps are the codes of an error returned by the function behind
	// which it is run again, doubtful those of which that is not known.
	keeps, doubtful codeflow.Codes
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
func (sh *shapes) runAt(call *ssa.Call, sup *codeflow.Supposition) *Run {
	obj := program.CalledObject(&call.Call)
	run := sh.libraryRun(call, obj, sup)
	if run == nil {
		run = sh.ownRun(call, obj, sup)
	}
	if run == nil || run.function == nil {
		return nil
	}
	run.Call, run.fn = call, sh.FunctionOf(run.function)
	return run
}

// ownRun is the call of a function of the program that runs its parameter. If
// there are several that a field or a variable holds, one of them is enough:
// each is there to be used.
func (sh *shapes) ownRun(call *ssa.Call, obj *types.Func, sup *codeflow.Supposition) *Run {
	if call.Call.IsInvoke() || !request.TakesFunction(call.Call.Signature()) {
		return nil
	}
	callees := sh.Program.Callees(call)
	if obj == nil && len(callees) == 0 {
		callees, _ = sh.Program.Functions(call.Call.Value)
	}
	for _, fn := range callees {
		if r := sh.runnerOf(fn); r != nil {
			return sh.runBy(r, call, sh.Program.CalleeName(call), sup)
		}
	}
	if told := sh.toldOf(obj); told != nil {
		if r := told.Runners.Of(obj); r != nil {
			return sh.runBy(r, call, obj.Name(), sup)
		}
	}
	return nil
}

// inRun judges the requests of a function that is run again.
func (sh *shapes) inRun(run *Run) []*Shape {
	var found []*Shape
	for _, r := range sh.In(run.fn) {
		if r.Err == nil {
			continue
		}
		shape := sh.runShape(r, run, nil)
		if shape == nil {
			continue
		}
		if shape = sh.finish(shape, r, request.Region{Fn: run.fn}); shape != nil {
			found = append(found, shape)
		}
	}
	return found
}

// runShape follows a request's error to what the function returns.
func (sh *shapes) runShape(r *request.Request, run *Run, sup *codeflow.Supposition) *Shape {
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
	fn := r.Call.Parent()
	effects |= sh.bodyEffect(fn, 0)
	w := sh.walkBehind(r)
	w.Sup = sup
	w.OnReturn = func(s *codeflow.State, ret *ssa.Return) {
		codes, doubtful := returned(w, run, s, ret)
		if codes |= doubtful; codes == 0 {
			return
		}
		next := *s
		next.Codes, next.Doubtful, next.Effect = codes, doubtful, effects|s.Effect&guarded
		shape.note(&next)
		if !run.endless {
			shape.Ends |= codes
		}
	}
	w.After(r.Call)
	if w.Lost {
		return nil
	}
	return shape
}

// returned says for which codes what a function returns makes its runner
// run it again.
func returned(w *codeflow.Walk, run *Run, s *codeflow.State, ret *ssa.Return) (codes, doubtful codeflow.Codes) {
	if len(ret.Results) == 0 {
		return 0, 0
	}
	k := w.KindOf(ret.Results[len(ret.Results)-1], s, 0)
	switch run.marks {
	case exceptTyped:
		if k == codeflow.OtherError || k == codeflow.FinalError || k == codeflow.TheError && !w.Alone(ret.Results[len(ret.Results)-1], s) {
			return 0, s.Codes & codeflow.Failures // it may be one of those, or wrap one
		}
	case onlyMarked:
		switch k {
		case codeflow.MarkedError:
			return s.Codes, s.Doubtful
		case codeflow.Related, codeflow.Unrelated:
			return 0, s.Codes & codeflow.Failures
		}
		return 0, 0
	case condition:
		j := w.Judge(ret.Results[0], s)
		codes = s.Codes & j.No
		switch k {
		case codeflow.NoError:
		case codeflow.TheError:
			codes &= codeflow.OK
		case codeflow.Related, codeflow.Unrelated:
			return 0, codes & codeflow.Failures
		default:
			return 0, 0
		}
		return codes, codes & (s.Doubtful | j.Doubtful)
	}
	switch k {
	case codeflow.TheError:
		codes = s.Codes & codeflow.Failures & (run.keeps | run.doubtful)
		return codes, codes & (s.Doubtful | run.doubtful)
	case codeflow.OtherError:
		if run.keeps == codeflow.Failures {
			return s.Codes, s.Doubtful
		}
		return 0, s.Codes & codeflow.Failures // the predicate sees an error of the program's own
	case codeflow.MarkedError:
		return s.Codes, s.Doubtful
	case codeflow.Related, codeflow.Unrelated:
		return 0, s.Codes & codeflow.Failures
	}
	return 0, 0
}

// summarise tells importers about the exported functions of the package.
func (sh *shapes) summarise(own *told) {
	for _, fn := range sh.Program.Funcs {
		if !sh.Tells(fn) || codeflow.ErrorIndex(fn.Signature) < 0 {
			continue
		}
		obj := fn.Object().(*types.Func)
		var repeats []Repeated
		outcomes := sh.Outcomes(fn)
		if len(outcomes) > 0 && sh.bodyEffect(fn, 0) == 0 {
			own.Quiet.AddFunc(obj, true)
		}
		for _, o := range outcomes {
			layer := sh.repeated[o.Request.Call]
			if layer == nil {
				layer = sh.layerOf(o.Request)
			}
			if layer != nil {
				repeats = append(repeats, Repeated{o.Request.RPC.FullMethod, *layer})
			}
		}
		if len(repeats) > 0 {
			own.Repeats.AddFunc(obj, repeats)
		}
		if !request.TakesFunction(fn.Signature) {
			continue
		}
		if r := sh.runnerOf(fn); r != nil {
			own.Runners.AddFunc(obj, *r)
		}
	}
	own.Runners.Sort()
	own.Repeats.Sort()
	own.Quiet.Sort()
}

// toldOf returns what the package of a function has told, nil for nothing.
func (sh *shapes) toldOf(obj *types.Func) *told {
	if obj == nil || obj.Pkg() == sh.pass.Pkg {
		return nil
	}
	return sh.imports.Of(obj)
}

// rootsOf are those of a condition, which walks about other requests meet, too.
func (sh *shapes) rootsOf(cond ssa.Value) map[ssa.Value]bool {
	roots, known := sh.roots[cond]
	if !known {
		roots = sh.Roots(cond)
		sh.roots[cond] = roots
	}
	return roots
}

// walkBehind returns a walk about the error of a request, which notes what
// happens on the way.
func (sh *shapes) walkBehind(r *request.Request) *codeflow.Walk {
	guards := make(map[ssa.Value]bool)
	w := sh.Behind(r)
	w.OnWait = func(s *codeflow.State) { s.Effect |= waits }
	w.OnCall = func(s *codeflow.State, call *ssa.Call) { s.Effect |= sh.callEffect(w, call, s) }
	w.OnCondition = func(s *codeflow.State, cond ssa.Value) {
		guard, known := guards[cond]
		if !known {
			guard = sh.LooksAt(sh.rootsOf(cond), r)
			guards[cond] = guard
		}
		if guard {
			s.Effect |= guarded
		}
	}
	return w
}
