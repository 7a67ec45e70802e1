package retryshape

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Predicate says what a function that takes an error, a status or a code
// and returns a bool answers for each code.
type Predicate struct {
	Key             string
	Param           int // the receiver counted
	Yes, No         Codes
	Doubtful, Named Codes
}

func (p *Predicate) judgement() judgement {
	if p == nil {
		return judgement{}
	}
	return judgement{yes: p.Yes, no: p.No, doubtful: p.Doubtful, named: p.Named&p.Yes == p.Yes}
}

// carriesCode: values of this type tell the code.
func carriesCode(t types.Type) (kind, bool) {
	switch {
	case isError(t):
		return theError, true
	case isCode(t):
		return theCode, true
	case isStatus(t):
		return theStatus, true
	}
	return unrelated, false
}

func isPredicate(sig *types.Signature) bool {
	if sig.Results().Len() != 1 {
		return false
	}
	basic, ok := sig.Results().At(0).Type().Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Bool
}

// asked judges the call of a function that is given the error and returns a
// bool: one of this package, one of several, or of another by its fact.
func (w *walk) asked(call *ssa.Call, s *state) (judgement, bool) {
	if !isPredicate(call.Call.Signature()) || call.Call.IsInvoke() {
		return judgement{}, false
	}
	i := slices.IndexFunc(call.Call.Args, func(arg ssa.Value) bool {
		k := w.kindOf(arg, s, 0)
		return k == theError || k == theStatus || k == theCode
	})
	if i < 0 {
		return judgement{}, false
	}
	k := w.kindOf(call.Call.Args[i], s, 0)
	obj := program.CalledObject(&call.Call)
	if fact := w.factOf(obj); fact != nil {
		if p := fact.predicate(funckey.Of(obj), i); p != nil {
			return p.judgement(), true
		}
		return judgement{}, false
	}
	callees, complete := w.program.Callees(call), true
	if obj == nil && len(callees) == 0 {
		callees, complete = w.functions(w.root(call.Call.Value))
	}
	if len(callees) == 0 {
		return judgement{}, false
	}
	all := judgement{named: true}
	var surely Codes
	each := func(j judgement) {
		all.yes, all.no, all.doubtful = all.yes|j.yes, all.no|j.no, all.doubtful|j.doubtful
		all.named = all.named && j.named
		surely |= j.yes &^ j.doubtful
	}
	for _, fn := range callees {
		if j, ok := w.predicateOf(fn, i, k); ok {
			each(j)
		} else {
			complete = false
		}
	}
	if !complete {
		each(unclear)
	}
	// Each of several is there to be used.
	all.doubtful &^= surely
	return all, true
}

func pathOf(obj *types.Func) string {
	if obj.Pkg() == nil {
		return ""
	}
	return obj.Pkg().Path()
}

type predicateKey struct {
	fn    *ssa.Function
	param int
}

// predicateOf evaluates a function of this package for all codes. param
// counts the receiver.
func (sh *shapes) predicateOf(fn *ssa.Function, param int, k kind) (judgement, bool) {
	if fn == nil || len(fn.Blocks) == 0 || param >= len(fn.Params) {
		return judgement{}, false
	}
	key := predicateKey{fn, param}
	p, known := sh.predicates[key]
	if !known {
		sh.predicates[key] = nil // recursion: not understood
		p = sh.evaluate(fn, fn.Params[param], k, nil)
		sh.predicates[key] = p
	}
	return p.judgement(), p != nil
}

func (sh *shapes) evaluate(fn *ssa.Function, param *ssa.Parameter, k kind, sup *supposition) *Predicate {
	p := new(Predicate)
	w := &walk{shapes: sh, sup: sup, subject: subject{err: param, kind: k, codes: AllCodes}}
	w.onReturn = func(s *state, ret *ssa.Return) {
		j := w.judge(ret.Results[0], s)
		yes, no := j.yes&s.codes, j.no&s.codes
		p.Yes |= yes
		p.No |= no
		doubtful := (s.doubtful | j.doubtful) & s.codes
		if j.named && yes.Len() <= maxNamed {
			doubtful &^= yes &^ j.doubtful
		}
		p.Doubtful |= doubtful
		// What is let through by way of exclusion is not named.
		if s.codes.Len() <= maxNamed || j.named && yes.Len() <= maxNamed {
			p.Named |= yes
		}
	}
	w.entry(fn)
	if w.lost {
		return nil
	}
	return p
}

// mapped sees through functions of this package that take the error and
// return one: whether it is the same.
func (w *walk) mapped(call *ssa.Call, index int, s *state, depth int) kind {
	callees := w.program.Callees(call)
	if len(callees) != 1 || len(callees[0].Blocks) == 0 || depth > maxDepth/2 {
		return unrelated
	}
	fn := callees[0]
	results := fn.Signature.Results()
	if index >= results.Len() || !isError(results.At(index).Type()) {
		return unrelated
	}
	for i, arg := range call.Call.Args {
		if i >= len(fn.Params) || !isError(fn.Params[i].Type()) || w.kindOf(arg, s, depth+1) != theError {
			continue
		}
		switch k := w.mapping(fn, i, index); k {
		case theError, otherError, finalError, markedError:
			return k
		}
		return related
	}
	return unrelated
}

type mappingKey struct {
	fn            *ssa.Function
	param, result int
}

// mapping says what a function makes of an error.
func (sh *shapes) mapping(fn *ssa.Function, param, result int) kind {
	key := mappingKey{fn, param, result}
	if k, known := sh.mappings[key]; known {
		return k
	}
	sh.mappings[key] = related
	var joined kind
	w := &walk{shapes: sh, subject: subject{err: fn.Params[param], kind: theError, codes: Failures}}
	w.onReturn = func(s *state, ret *ssa.Return) {
		k := w.kindOf(ret.Results[result], s, 0)
		if joined == unrelated {
			joined = k
		}
		if k != joined || k == unrelated {
			joined = related
		}
	}
	w.entry(fn)
	if w.lost {
		joined = related
	}
	sh.mappings[key] = joined
	return joined
}
