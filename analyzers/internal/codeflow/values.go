package codeflow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// Values finds out where values come from.
type Values struct{ Program *program.Program }

// Root resolves a value as [program.Program.Root] does, and through what is
// asserted of its type, copies of messages, and package variables that are
// written once. Of a local variable that is written more than once it is the
// variable.
func (p Values) Root(v ssa.Value) ssa.Value {
	for range 20 {
		v = p.Program.Root(v)
		switch x := v.(type) {
		case *ssa.TypeAssert:
			v = x.X
			continue
		case *ssa.UnOp:
			stored, variable := p.Stored(x)
			if len(stored) == 1 {
				v = stored[0]
				continue
			}
			if variable != nil {
				return variable
			}
		case *ssa.Call:
			// proto.Clone(x).(*T) has x's content.
			if obj := program.CalledObject(&x.Call); obj != nil && obj.Name() == "Clone" && len(x.Call.Args) == 1 {
				v = x.Call.Args[0]
				continue
			}
		}
		return v
	}
	return v
}

// InputOf returns the input of its function, or of one around that, that a value
// is; the zero Input for other values.
func (p Values) InputOf(v ssa.Value) program.Input { return p.Program.InputOf(p.Root(v)) }

// Origin is Root through the functions that make a value, too, if that is one
// place of this package.
func (p Values) Origin(v ssa.Value) ssa.Value {
	v = p.Root(v)
	if sources := p.Program.Sources(v); len(sources) == 1 {
		return p.Root(sources[0])
	}
	return v
}

// A Helper is a function whose result is what a call gives back.
type Helper struct {
	Func   *ssa.Function
	Result int
}

// Helpers are the functions of this package whose results a call gives back as
// one of its own: those that it runs, or one that it hands to somebody who does.
func (p Values) Helpers(call *ssa.Call, result int) []Helper {
	var list []Helper
	for _, forward := range p.Program.Forwards(call) {
		if forward.Result == result {
			list = append(list, Helper{forward.Func, forward.Of})
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, fn := range p.Program.Callees(call) {
		list = append(list, Helper{fn, result})
	}
	return list
}

// Stored returns what is ever stored in the local or the package variable
// that a load reads, and the local one.
func (p Values) Stored(load *ssa.UnOp) ([]ssa.Value, *ssa.Alloc) {
	if load.Op != token.MUL {
		return nil, nil
	}
	if global, ok := load.X.(*ssa.Global); ok {
		values, _ := p.Program.Stored(global)
		return values, nil
	}
	variable := p.Program.Variable(load.X)
	if variable == nil {
		return nil, nil
	}
	return p.Program.HeldIn(variable).Values, variable
}

// function resolves a func value to the function of this package that it is,
// nil if that is not known.
func (p Values) FunctionOf(v ssa.Value) *ssa.Function {
	if v == nil {
		return nil
	}
	list, complete := p.Program.Functions(p.Root(v))
	if !complete || len(list) != 1 || len(list[0].Blocks) == 0 {
		return nil
	}
	return list[0]
}

// Functions resolves a func value to the functions that it may be, what
// callers pass as a parameter among them; complete says whether there are no
// others.
func (p Values) Functions(v ssa.Value) (list []*ssa.Function, complete bool) {
	param, ok := v.(*ssa.Parameter)
	if !ok {
		if list, complete = p.Program.Functions(v); len(list) > 0 {
			return list, complete
		}
		for _, possible := range p.Program.Possible(v) {
			if fn := p.Program.FunctionIn(possible); fn != nil {
				list = append(list, fn)
			}
		}
		return list, false
	}
	passed := p.Program.Passed(param)
	complete = passed.Complete
	for _, arg := range passed.Values {
		if fn := p.FunctionOf(arg); fn != nil {
			list = append(list, fn)
		} else {
			complete = false
		}
	}
	return list, complete
}

// Elements returns what is seen to be put into a slice, as the arguments of a
// variadic call are.
func (p Values) Elements(slice ssa.Value) []ssa.Value {
	return p.Program.Elements(p.Root(slice)).Values
}
