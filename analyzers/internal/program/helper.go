package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// A Handing is a call that hands a function to a helper, which calls it.
type Handing struct {
	Call ssa.CallInstruction
	// Param is what the helper does with it.
	Param *callback.Param

	// Bound is the receiver of a bound method, nil for other functions.
	Bound ssa.Value
}

// Helper returns what the function that a call names does with the functions
// that it gets; nil for one that calls none, or of which that is not known.
func (p *Program) Helper(call ssa.CallInstruction) *callback.Helper {
	if fn := p.Local(call.Common().StaticCallee()); fn != nil {
		return p.helperOf(fn)
	}
	return p.helpers.Of(CalledObject(call.Common()))
}

// helperOf is the same for a function of this package.
func (p *Program) helperOf(fn *ssa.Function) *callback.Helper {
	if helper := p.learned[fn]; helper != nil {
		return helper
	}
	obj, _ := fn.Object().(*types.Func)
	return p.helpers.Of(obj)
}

// Runs returns what a function of this package does with a parameter that is a
// function; nil if it does not call it.
func (p *Program) Runs(param *ssa.Parameter) *callback.Param {
	helper := p.helperOf(param.Parent())
	if helper == nil {
		return nil
	}
	return helper.Param(SignatureIndex(param))
}

// Handed returns the calls that hand a function to one that calls it.
func (p *Program) Handed(fn *ssa.Function) []Handing { return p.calls.handed[fn] }

// Arg returns what the helper passes as a parameter of the function, if that
// is what the call passes; nil if it is something else.
func (h Handing) Arg(param *ssa.Parameter) ssa.Value {
	values, ok := h.Values(param)
	if !ok {
		return h.Bound
	}
	var arg ssa.Value
	for _, value := range values {
		if value.Param == 0 || len(value.Through) > 0 {
			return nil
		}
		v := SignatureArg(h.Call, value.Param-1)
		if arg != nil && v != arg {
			return nil
		}
		arg = v
	}
	return arg
}

// Values returns what the helper passes as a parameter of the function, in
// each call of it, in terms of its own parameters; false for the receiver of a
// bound method.
func (h Handing) Values(param *ssa.Parameter) ([]callback.Value, bool) {
	i := slices.Index(param.Parent().Params, param)
	if h.Bound != nil {
		i--
	}
	if i < 0 {
		return nil, false
	}
	values := make([]callback.Value, len(h.Param.Runs))
	for j, run := range h.Param.Runs {
		if i < len(run.Args) {
			values[j] = run.Args[i]
		}
	}
	return values, true
}

// Handings returns the functions of this package that a call hands to a helper,
// which calls them.
func (p *Program) Handings(call ssa.CallInstruction) []*ssa.Function {
	return p.handings(call, func(*callback.Param) bool { return true })
}

func (p *Program) handings(call ssa.CallInstruction, takes func(*callback.Param) bool) []*ssa.Function {
	helper := p.Helper(call)
	if helper == nil {
		return nil
	}
	var list []*ssa.Function
	for i := range helper.Params {
		if !takes(&helper.Params[i]) {
			continue
		}
		for _, v := range p.functions(SignatureArg(call, helper.Params[i].Index)) {
			if fn := p.FunctionIn(v); fn != nil {
				list = append(list, fn)
			}
		}
	}
	return list
}

// A Forward says that a result of a call is what a function of this package
// returns, which the call hands to a helper, and nothing else.
type Forward struct {
	Result int
	Func   *ssa.Function
	Of     int // which of the function's results
}

// Forwards returns what a call gives back of the functions that it hands over:
// run(func() (T, error) { ... }).
func (p *Program) Forwards(call ssa.CallInstruction) []Forward {
	helper := p.Helper(call)
	if helper == nil {
		return nil
	}
	var list []Forward
	for _, r := range helper.Results {
		handed := p.functions(SignatureArg(call, r.Func))
		if !r.Only || len(handed) != 1 {
			continue
		}
		if fn := p.FunctionIn(handed[0]); fn != nil {
			list = append(list, Forward{r.Index, fn, r.Of})
		}
	}
	return list
}

// SurelyRuns returns where the helper that a call runs, one of this package,
// always calls the function that it gets as a parameter, or runs one that does;
// nil if it does not, or if that is not known.
func (p *Program) SurelyRuns(call ssa.CallInstruction, index int) *ssa.Call {
	helper := p.Local(call.Common().StaticCallee())
	if helper == nil {
		return nil
	}
	i := slices.IndexFunc(helper.Params, func(param *ssa.Parameter) bool { return SignatureIndex(param) == index })
	if i < 0 {
		return nil
	}
	return p.surelyCalls(helper, helper.Params[i], 0)
}

// surelyCalls returns where a function always has a parameter called, its own or
// that of a function which runs it.
func (p *Program) surelyCalls(fn *ssa.Function, param *ssa.Parameter, depth int) *ssa.Call {
	is := func(v ssa.Value) bool {
		sources := p.Sources(v)
		if len(sources) != 1 {
			return false
		}
		literal := p.FunctionIn(sources[0])
		return sources[0] == param || literal != nil && IsWithin(literal, fn) && literal != fn && depth < maxRuns && p.surelyCalls(literal, param, depth+1) != nil
	}
	for call := range Calls(fn) {
		callee := p.Local(call.Call.StaticCallee())
		switch {
		case !control.Always(call.Block()):
			continue
		case !call.Call.IsInvoke() && is(call.Call.Value):
			return call
		case callee == nil || depth == maxRuns:
			continue
		}
		as := param
		for i, arg := range call.Call.Args {
			if i < len(callee.Params) && isFunc(arg) && is(arg) {
				as = callee.Params[i]
			}
		}
		if p.surelyCalls(callee, as, depth+1) != nil {
			return call
		}
	}
	return nil
}

func isFunc(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Signature)
	return ok
}

// SurelyAt returns the instructions of a function behind which another one has
// surely been run: that one, or calls of the function that it always is in.
func (p *Program) SurelyAt(fn *ssa.Function, instr ssa.Instruction) []ssa.Instruction {
	return p.surelyAt(fn, instr, nil)
}

func (p *Program) surelyAt(fn *ssa.Function, instr ssa.Instruction, seen []*ssa.Function) []ssa.Instruction {
	inner := instr.Parent()
	switch {
	case inner == fn:
		return []ssa.Instruction{instr}
	case slices.Contains(seen, inner) || !control.Always(instr.Block()):
		return nil
	}
	var list []ssa.Instruction
	seen = append(slices.Clip(seen), inner)
	for _, site := range p.calls.sites[inner] {
		if call, now := site.(*ssa.Call); now && len(p.Callees(call)) == 1 {
			list = append(list, p.surelyAt(fn, call, seen)...)
		}
	}
	for _, handing := range p.calls.handed[inner] {
		if call, now := handing.Call.(*ssa.Call); now && p.SurelyRuns(call, handing.Param.Index) != nil {
			list = append(list, p.surelyAt(fn, call, seen)...)
		}
	}
	return list
}

// OnlyRun returns what a helper does with a function that a call hands to it, if
// that is nothing but to call it; else nil.
func (p *Program) OnlyRun(call ssa.CallInstruction, v ssa.Value) *callback.Param {
	helper := p.Helper(call)
	if helper == nil {
		return nil
	}
	for i := range helper.Params {
		if param := &helper.Params[i]; param.Only && SignatureArg(call, param.Index) == v {
			return param
		}
	}
	return nil
}

// indexHanded finds the functions that are handed to helpers.
func (p *Program) indexHanded() {
	p.forget()
	handed := make(map[*ssa.Function][]Handing)
	for instr := range p.Instructions {
		call, ok := instr.(ssa.CallInstruction)
		if !ok {
			continue
		}
		helper := p.Helper(call)
		if helper == nil {
			continue
		}
		for i := range helper.Params {
			param := &helper.Params[i]
			for _, v := range p.functions(SignatureArg(call, param.Index)) {
				if fn := p.FunctionIn(v); fn != nil {
					handed[fn] = append(handed[fn], Handing{call, param, BoundTo(v)})
				}
			}
		}
	}
	p.calls.handed = handed
	p.forget()
}

// BoundTo returns the receiver of a bound method, or nil.
func BoundTo(v ssa.Value) ssa.Value {
	closure, ok := v.(*ssa.MakeClosure)
	if !ok || len(closure.Bindings) != 1 || closure.Fn.(*ssa.Function).Parent() != nil {
		return nil
	}
	return closure.Bindings[0]
}

// functions are those that an argument is, or holds.
func (p *Program) functions(arg ssa.Value) []ssa.Value {
	if arg == nil {
		return nil
	}
	if _, isList := arg.Type().Underlying().(*types.Slice); !isList {
		return p.Sources(arg)
	}
	var all []ssa.Value
	for _, v := range p.Elements(arg).Values {
		for _, source := range p.Sources(v) {
			if !slices.Contains(all, source) {
				all = append(all, source)
			}
		}
	}
	return all
}
