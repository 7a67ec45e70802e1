package request

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A caller knows what a function of this package gets where it is called.
type caller struct {
	*Index
	fn *ssa.Function
	// arg are the values that an argument is made of, none if that is not known.
	arg func(*ssa.Parameter) []ssa.Value
}

// callerOf is the one that calls the function by a call.
func (x *Index) callerOf(fn *ssa.Function, call *ssa.Call) caller {
	return caller{x, fn, func(p *ssa.Parameter) []ssa.Value {
		if arg := x.Program.ArgOf(call, p); arg != nil {
			return []ssa.Value{arg}
		}
		return nil
	}}
}

// hands fills in what a request is made of, and what is handed to a function
// that it runs, from an outcome of the function that is called.
func (c caller) hands(r *Request, o Outcome) {
	r.made = c.made(c.madeBy(o, c.fn))
	for _, given := range o.Request.given {
		r.given = append(r.given, c.given(given))
	}
}

// given is what the function hands to another one, as its own caller sees it.
func (c caller) given(values []ssa.Value) []ssa.Value {
	rg := Region{Fn: c.fn}
	if slices.ContainsFunc(values, func(v ssa.Value) bool { return !c.steady(v, rg) || c.looksUp(v, rg) }) {
		return nil
	}
	return c.all(c.inputsOf(values, c.fn))
}

// made replaces the inputs of the function by what it gets.
func (c caller) made(m made) made {
	message := m.Message
	m.Message, m.Context = c.one(message), c.one(m.Context)
	m.Parts, m.Client, m.key.from = c.all(m.Parts), c.all(m.Client), c.all(m.key.from)
	if message != nil && m.Message == nil {
		m.Parts = c.all([]ssa.Value{message})
		m.varies = m.varies || len(m.Parts) == 0
	}
	m.key.Store, m.key.Call = nil, nil
	return m
}

// one is what the function gets for one of its inputs; nil if that is not one
// thing, or made out of sight.
func (c caller) one(v ssa.Value) ssa.Value {
	in := c.InputOf(v)
	if in.Param == nil || in.Param.Parent() != c.fn {
		return v
	}
	args := c.arg(in.Param)
	if len(args) != 1 {
		return nil
	}
	given, _ := c.Program.GivenBy(args[0], in)
	if at := parentOf(given); at != nil && at != parentOf(args[0]) {
		return nil
	}
	return given
}

// all are the values that the function gets for its inputs: for a field that is
// out of sight, what it is in.
func (c caller) all(inputs []ssa.Value) []ssa.Value {
	var list []ssa.Value
	for _, v := range inputs {
		if one := c.one(v); one != nil {
			list = append(list, one)
		} else if in := c.InputOf(v); in.Param != nil {
			list = append(list, c.arg(in.Param)...)
		}
	}
	return list
}

// madeBy says what the request of an outcome is made of, in the inputs of its
// function.
func (x *Index) madeBy(o Outcome, fn *ssa.Function) made {
	r, whole := o.Request, Region{Fn: fn}
	m := made{Context: x.input(r.Context, fn), elsewhere: !x.SameClient(r, whole)}
	m.Client = x.inputsOf(r.Client, fn)
	m.key = x.KeyOf(r, whole)
	if m.key.Store != nil && m.key.Store.Parent() != fn {
		m.key = Key{} // of the function around a literal, which sees it itself
	}
	if m.Message = x.input(r.Message, fn); m.Message != nil {
		m.handed = r.handed || x.handedOn(x.Root(r.Message), r.Call)
		m.varies = r.varies
		m.key.from = x.inputsOf(m.key.from, fn)
		return m
	}
	m.Parts = x.inputsOf(append(slices.Clone(r.Parts), r.Message), fn)
	m.varies = !x.Same(r, whole)
	m.key.from = x.inputsOf(m.key.from, fn)
	return m
}
