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
	entries, complete := w.entries(call, s)
	if len(entries) == 0 {
		i, ok := w.passes(call, s)
		if !ok {
			return Judgement{}, false
		}
		p, told := w.imported(program.CalledObject(&call.Call), i)
		return p.Judgement(), told && p != nil
	}
	all := Judgement{Named: true}
	var surely Codes
	each := func(j Judgement) {
		all.Yes, all.No, all.Doubtful = all.Yes|j.Yes, all.No|j.No, all.Doubtful|j.Doubtful
		all.Named = all.Named && j.Named
		surely |= j.Yes &^ j.Doubtful
	}
	for _, e := range entries {
		j, ok := Judgement{}, false
		if sup := w.handedOn(e.fn(), call); sup != nil {
			p := w.evaluate(e, sup)
			j, ok = p.Judgement(), p != nil
		} else {
			j, ok = w.predicateOf(e)
		}
		if ok {
			each(j)
		} else {
			complete = false
		}
	}
	if !complete {
		each(unclear)
	}
	if complete || w.Sup == nil {
		// Each of several is there to be used; but who calls a helper may
		// bring another one than its default.
		all.Doubtful &^= surely
	}
	return all, true
}

// passes returns which argument of a call is the error, or tells its code.
func (w *Walk) passes(call *ssa.Call, s *State) (int, bool) {
	i := slices.IndexFunc(call.Call.Args, func(arg ssa.Value) bool { return carries(w.KindOf(arg, s, 0)) })
	return i, i >= 0
}

// entries are where the functions get the error that a call asks; complete
// says whether these are all. What a parameter is that is called, its callers
// say.
func (w *Walk) entries(call *ssa.Call, s *State) (list []entry, complete bool) {
	helpers := w.Helpers(call, 0)
	for _, h := range helpers {
		if e, ok := w.entryOf(h.Func, call, s, 0); ok {
			list = append(list, e)
		}
	}
	if len(helpers) > 0 || program.CalledObject(&call.Call) != nil {
		return list, len(list) == len(helpers)
	}
	i, ok := w.passes(call, s)
	if !ok {
		return nil, false
	}
	callees, complete := w.Functions(w.Root(call.Call.Value))
	for _, fn := range callees {
		if i < len(fn.Params) {
			list = append(list, entry{fn.Params[i], nil, w.KindOf(call.Call.Args[i], s, 0)})
		}
	}
	return list, complete && len(list) == len(callees)
}

// predicateOf evaluates a function of this package for all codes.
func (f *Flow) predicateOf(e entry) (Judgement, bool) {
	if len(e.fn().Blocks) == 0 {
		return Judgement{}, false
	}
	p, known := f.predicates[e]
	if !known {
		f.predicates[e] = nil // recursion: not understood
		p = f.evaluate(e, nil)
		f.predicates[e] = p
	}
	return p.Judgement(), p != nil
}

func (f *Flow) evaluate(e entry, sup *Supposition) *Predicate {
	p := new(Predicate)
	w := &Walk{Flow: f, Sup: sup, Subject: e.subject(AllCodes)}
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
	w.Entry(e.fn())
	if w.Lost {
		return nil
	}
	return p
}
