package codeflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// An entry is where a function gets the error that a walk is about, or the
// status or the code of it: a parameter, a variable that a literal shares with
// the function around it, or a field of a parameter.
type entry struct {
	value ssa.Value  // *ssa.Parameter or *ssa.FreeVar
	field *types.Var // nil for the value itself
	kind  Kind
}

// fn is the function that is entered.
func (e entry) fn() *ssa.Function { return parentOf(e.value) }

// subject is what a walk in the function is about.
func (e entry) subject(codes Codes) Subject {
	return Subject{Err: e.value, Field: e.field, Kind: e.kind, Codes: codes}
}

// entryOf returns where a function that a call runs gets the error; false if it
// does not.
func (w *Walk) entryOf(fn *ssa.Function, call *ssa.Call, s *State, depth int) (entry, bool) {
	if len(fn.Blocks) == 0 {
		return entry{}, false
	}
	tells := func(v ssa.Value) (Kind, bool) {
		k := w.KindOf(v, s, depth+1)
		return k, carries(k)
	}
	for _, p := range fn.Params {
		arg := w.Program.ArgOf(call, p)
		if arg == nil {
			continue
		}
		if k, ok := tells(arg); ok {
			return entry{p, nil, k}, true
		}
		if w.Field != nil && w.Program.Owner(arg) == w.Program.Owner(w.Err) {
			return entry{p, w.Field, w.Kind}, true // the struct that it is in
		}
		for _, field := range fieldsOf(p.Type()) {
			if _, ok := CarriesCode(field.Type()); !ok {
				continue
			}
			if h := w.Program.FieldHeld(arg, field); h.Complete && len(h.Values) == 1 {
				if k, ok := tells(h.Values[0]); ok {
					return entry{p, field, k}, true
				}
			}
		}
	}
	for _, v := range fn.FreeVars {
		if bound := w.Program.Binding(v); bound != nil {
			if k, ok := tells(bound); ok {
				return entry{v, nil, k}, true
			}
			if w.Field != nil && w.Program.Owner(bound) == w.Program.Owner(w.Err) {
				return entry{v, w.Field, w.Kind}, true
			}
		}
	}
	return entry{}, false
}

// carries: a value of this kind tells the code.
func carries(k Kind) bool { return k == TheError || k == TheStatus || k == TheCode }

// fieldsOf are those of a struct of this program, or of what points to one.
func fieldsOf(t types.Type) []*types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || IsStatus(types.NewPointer(t)) {
		return nil
	}
	var fields []*types.Var
	for field := range s.Fields() {
		fields = append(fields, field.Origin())
	}
	return fields
}

// isSubject: v is what the walk is about.
func (w *Walk) isSubject(v ssa.Value) bool {
	if w.Field == nil {
		return v == w.Err
	}
	owner, field := program.FieldRead(v)
	return field == w.Field && w.Program.Owner(owner) == w.Program.Owner(w.Err)
}

// made says what the functions that a call runs make of the error: what it is
// for all of them.
func (w *Walk) made(call *ssa.Call, result int, s *State, depth int) Kind {
	if depth > maxDepth/2 {
		return Unrelated
	}
	helpers := w.Helpers(call, result)
	if len(helpers) == 0 {
		return w.madeElsewhere(call, result, s, depth)
	}
	var joined Kind
	for i, h := range helpers {
		k := Unrelated
		if e, ok := w.entryOf(h.Func, call, s, depth); ok {
			k = w.mapping(e, h.Result)
		}
		if i > 0 && k != joined {
			return Related
		}
		joined = k
	}
	return joined
}

// madeElsewhere says what a function of another package makes of the error, if
// that has told.
func (w *Walk) madeElsewhere(call *ssa.Call, result int, s *State, depth int) Kind {
	obj := program.CalledObject(&call.Call)
	told := w.imports.Of(obj)
	if told == nil || obj.Pkg() == w.pass.Pkg {
		return Unrelated
	}
	if made := told.Made.Of(obj); made != nil {
		for _, m := range *made {
			if m.Result == result && m.Param < len(call.Call.Args) && carries(w.KindOf(call.Call.Args[m.Param], s, depth+1)) {
				return m.Kind
			}
		}
	}
	return Unrelated
}

type mappingKey struct {
	entry
	result int
}

// mapping says what a function makes of an error.
func (f *Flow) mapping(e entry, result int) Kind {
	key := mappingKey{e, result}
	if k, known := f.mappings[key]; known {
		return k
	}
	f.mappings[key] = Related // recursion
	var joined Kind
	w := &Walk{Flow: f, Subject: e.subject(Failures)}
	w.OnReturn = func(s *State, ret *ssa.Return) {
		k := Related
		if result < len(ret.Results) {
			k = w.KindOf(ret.Results[result], s, 0)
		}
		if joined == Unrelated {
			joined = k
		}
		if k != joined || k == Unrelated {
			joined = Related
		}
	}
	w.Entry(e.fn())
	if w.Lost {
		joined = Related
	}
	f.mappings[key] = joined
	return joined
}

func parentOf(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Parent()
	case *ssa.FreeVar:
		return v.Parent()
	}
	return nil
}
