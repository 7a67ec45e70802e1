package codeflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Predicate says what a function that takes an error, a status or a code
// and returns a bool answers for each code.
type Predicate struct {
	Param           int // the receiver counted
	Yes, No         Codes
	Doubtful, Named Codes
}

// Judgement is what a call of the predicate tells.
func (p *Predicate) Judgement() Judgement {
	if p == nil {
		return Judgement{}
	}
	return Judgement{Yes: p.Yes, No: p.No, Doubtful: p.Doubtful, Named: p.Named&p.Yes == p.Yes}
}

// CarriesCode: values of this type tell the code.
func CarriesCode(t types.Type) (Kind, bool) {
	switch {
	case IsError(t):
		return TheError, true
	case IsCode(t):
		return TheCode, true
	case IsStatus(t):
		return TheStatus, true
	}
	return Unrelated, false
}

// IsPredicate: a function returns a bool, and nothing else.
func IsPredicate(sig *types.Signature) bool {
	if sig.Results().Len() != 1 {
		return false
	}
	basic, ok := sig.Results().At(0).Type().Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Bool
}

// asked judges the call of a function that is given the error and returns a
// bool: one of this package, one of several, or of another by its fact.
func (w *Walk) asked(call *ssa.Call, s *State) (Judgement, bool) {
	if !IsPredicate(call.Call.Signature()) || call.Call.IsInvoke() {
		return Judgement{}, false
	}
	i := slices.IndexFunc(call.Call.Args, func(arg ssa.Value) bool {
		k := w.KindOf(arg, s, 0)
		return k == TheError || k == TheStatus || k == TheCode
	})
	if i < 0 {
		return Judgement{}, false
	}
	k := w.KindOf(call.Call.Args[i], s, 0)
	obj := program.CalledObject(&call.Call)
	if p, told := w.imported(obj, i); told {
		return p.Judgement(), p != nil
	}
	callees, complete := w.Program.Callees(call), true
	if obj == nil && len(callees) == 0 {
		callees, complete = w.Functions(w.Root(call.Call.Value))
	}
	if len(callees) == 0 {
		return Judgement{}, false
	}
	all := Judgement{Named: true}
	var surely Codes
	each := func(j Judgement) {
		all.Yes, all.No, all.Doubtful = all.Yes|j.Yes, all.No|j.No, all.Doubtful|j.Doubtful
		all.Named = all.Named && j.Named
		surely |= j.Yes &^ j.Doubtful
	}
	for _, fn := range callees {
		if j, ok := w.PredicateOf(fn, i, k); ok {
			each(j)
		} else {
			complete = false
		}
	}
	if !complete {
		each(unclear)
	}
	// Each of several is there to be used.
	all.Doubtful &^= surely
	return all, true
}

type predicateKey struct {
	fn    *ssa.Function
	param int
}

// PredicateOf evaluates a function of this package for all codes. param
// counts the receiver.
func (f *Flow) PredicateOf(fn *ssa.Function, param int, k Kind) (Judgement, bool) {
	if fn == nil || len(fn.Blocks) == 0 || param >= len(fn.Params) {
		return Judgement{}, false
	}
	key := predicateKey{fn, param}
	p, known := f.predicates[key]
	if !known {
		f.predicates[key] = nil // recursion: not understood
		p = f.evaluate(fn, fn.Params[param], k, nil)
		f.predicates[key] = p
	}
	return p.Judgement(), p != nil
}

func (f *Flow) evaluate(fn *ssa.Function, param *ssa.Parameter, k Kind, sup *Supposition) *Predicate {
	p := new(Predicate)
	w := &Walk{Flow: f, Sup: sup, Subject: Subject{Err: param, Kind: k, Codes: AllCodes}}
	w.OnReturn = func(s *State, ret *ssa.Return) {
		j := w.Judge(ret.Results[0], s)
		yes, no := j.Yes&s.Codes, j.No&s.Codes
		p.Yes |= yes
		p.No |= no
		doubtful := (s.Doubtful | j.Doubtful) & s.Codes
		if j.Named && yes.Len() <= maxNamed {
			doubtful &^= yes &^ j.Doubtful
		}
		p.Doubtful |= doubtful
		// What is let through by way of exclusion is not named.
		if s.Codes.Len() <= maxNamed || j.Named && yes.Len() <= maxNamed {
			p.Named |= yes
		}
	}
	w.Entry(fn)
	if w.Lost {
		return nil
	}
	return p
}

// Mapped sees through functions of this package that take the error and
// return one: whether it is the same.
func (w *Walk) Mapped(call *ssa.Call, index int, s *State, depth int) Kind {
	callees := w.Program.Callees(call)
	if len(callees) != 1 || len(callees[0].Blocks) == 0 || depth > maxDepth/2 {
		return Unrelated
	}
	fn := callees[0]
	results := fn.Signature.Results()
	if index >= results.Len() || !IsError(results.At(index).Type()) {
		return Unrelated
	}
	for i, arg := range call.Call.Args {
		if i >= len(fn.Params) || !IsError(fn.Params[i].Type()) || w.KindOf(arg, s, depth+1) != TheError {
			continue
		}
		switch k := w.mapping(fn, i, index); k {
		case TheError, OtherError, FinalError, MarkedError:
			return k
		}
		return Related
	}
	return Unrelated
}

type mappingKey struct {
	fn            *ssa.Function
	param, result int
}

// mapping says what a function makes of an error.
func (f *Flow) mapping(fn *ssa.Function, param, result int) Kind {
	key := mappingKey{fn, param, result}
	if k, known := f.mappings[key]; known {
		return k
	}
	f.mappings[key] = Related
	var joined Kind
	w := &Walk{Flow: f, Subject: Subject{Err: fn.Params[param], Kind: TheError, Codes: Failures}}
	w.OnReturn = func(s *State, ret *ssa.Return) {
		k := w.KindOf(ret.Results[result], s, 0)
		if joined == Unrelated {
			joined = k
		}
		if k != joined || k == Unrelated {
			joined = Related
		}
	}
	w.Entry(fn)
	if w.Lost {
		joined = Related
	}
	f.mappings[key] = joined
	return joined
}
