package request

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// keyBuilt finds the token in the message that a function of this package
// builds.
func (x *Index) keyBuilt(call *ssa.Call, i int, fields map[int]string, use ssa.Instruction, rg Region) Key {
	helpers := x.Helpers(call, i)
	if len(helpers) == 0 && i == 0 {
		return x.keyImported(call, fields, rg)
	}
	if len(helpers) != 1 || x.building[helpers[0].Func] {
		return Key{}
	}
	fn := helpers[0].Func
	x.building[fn] = true
	defer delete(x.building, fn)
	var only Key
	for _, ret := range program.Returned(fn, helpers[0].Result) {
		if c, ok := ret.Value.(*ssa.Const); ok && c.IsNil() {
			continue // beside an error
		}
		key := x.keyIn(x.Root(ret.Value), fields, ret.Return, Region{Fn: fn})
		if only.State != KeyUnknown && key.State != only.State || key.State == KeyUnknown {
			return Key{}
		}
		only = key
	}
	switch only.State {
	case KeyFresh:
		if !rg.Holds(call) {
			return Key{State: KeySet, Field: only.Field} // built once, before the first attempt
		}
		only.Call, only.Generator = call, x.generatorName(call)
	case KeySet:
		only.from, only.Store = x.callerOf(fn, call).all(x.inputsOf(only.from, fn)), nil
		if rg.Holds(call) {
			return x.renewed(only, rg)
		}
	case KeyUnset:
		if x.handedOn(message(call, i), use) {
			return Key{}
		}
	}
	only.Store = nil
	return only
}

// keyImported is the same for a function of another package.
func (x *Index) keyImported(call *ssa.Call, fields map[int]string, rg Region) Key {
	obj := program.CalledObject(&call.Call)
	told := x.toldOf(obj)
	if told == nil || call.Call.IsInvoke() {
		return Key{}
	}
	built := told.Built.Of(obj)
	if built == nil {
		return Key{}
	}
	for _, b := range *built {
		name, ok := fields[b.Field]
		if !ok {
			continue
		}
		key := Key{State: KeySet, Field: name}
		switch {
		case !rg.Holds(call):
		case b.Fresh:
			key.State, key.Call, key.Generator = KeyFresh, call, x.generatorName(call)
		default:
			for _, i := range b.From {
				if i < len(call.Call.Args) {
					key.from = append(key.from, call.Call.Args[i])
				}
			}
			key = x.renewed(key, rg)
		}
		return key
	}
	return Key{}
}

// A Built is a field of the message that a function returns: made anew every
// time, or from parameters, which count the receiver.
type Built struct {
	Field int
	Fresh bool
	From  []int
}

// builtBy tells importers about the texts in the message that a function
// builds, one of which may be a token.
func (x *Index) builtBy(fn *ssa.Function) []Built {
	var built ssa.Value
	for _, ret := range program.Returned(fn, 0) {
		message := x.Root(ret.Value)
		if c, ok := message.(*ssa.Const); ok && c.IsNil() {
			continue // beside an error
		}
		if _, ok := message.(*ssa.Alloc); !ok || built != nil && built != message {
			return nil
		}
		built = message
	}
	var list []Built
	for _, w := range x.Writes(built) {
		if w.field < 0 || !isString(w.Val.Type()) {
			continue
		}
		b := Built{Field: w.field, Fresh: x.freshIn(w.Val, Region{Fn: fn}) != nil}
		if !b.Fresh {
			b.From = x.paramsAmong(fn, x.Inputs(w.Val, fn))
		}
		if b.Fresh || len(b.From) > 0 {
			list = append(list, b)
		}
	}
	return list
}

// buildsMessage: a function returns a message, and is no method of one.
func buildsMessage(sig *types.Signature) bool {
	return sig.Results().Len() > 0 && isMessage(sig.Results().At(0).Type()) && (sig.Recv() == nil || !isMessage(sig.Recv().Type()))
}

func isString(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String
}

// message is the result of a call that builds one.
func message(call *ssa.Call, i int) ssa.Value {
	if v := program.Result(call, i); v != nil {
		return v
	}
	return call
}
