package program

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
)

// learn finds the helpers that the syntax does not show: functions of this
// package that have what they get called by others,
//
//	func once(f func()) { task{f}.run() }    which read it from a struct
//	func once(f func()) { s.runner(f) }      which stand in a variable or a field,
//	                                         or behind an interface
//
// and literals that call it.
func (p *Program) learn() {
	learned := make(map[*ssa.Function]*callback.Helper)
	l := learner{p, make(map[Input][]run), make(map[result]gotten)}
	for _, fn := range p.Funcs {
		known := p.helperOf(fn)
		var more []callback.Param
		var results []callback.Result
		for _, param := range fn.Params {
			index := SignatureIndex(param)
			if index < 0 || !isFunc(param) || known != nil && known.Param(index) != nil {
				continue
			}
			if runs := l.runsOf(Input{Param: param}); len(runs) > 0 {
				more = append(more, callback.Param{Index: index, Runs: told(runs)})
				results = append(results, l.results(Input{Param: param}, index)...)
			}
		}
		if len(more) == 0 {
			continue
		}
		helper := new(callback.Helper)
		if known != nil {
			*helper = *known
		}
		helper.Params, helper.Results = slices.Concat(helper.Params, more), slices.Concat(helper.Results, results)
		learned[fn] = helper
	}
	p.learned = learned
}

// A run is a call of an input of a function, with inputs of the same function.
type run struct {
	loop, async bool
	args        []Input // none of what is not known
}

// told is what a helper says of runs.
func told(runs []run) []callback.Run {
	var list []callback.Run
	for _, r := range runs {
		args := make([]callback.Value, len(r.args))
		for i, in := range r.args {
			if in.Param != nil && in.Whole() {
				args[i].Param = 1 + SignatureIndex(in.Param)
			}
		}
		list = append(list, callback.Run{Loop: r.loop, Go: r.async, Args: args})
	}
	return list
}

type learner struct {
	*Program
	known   map[Input][]run
	returns map[result]gotten
}

// A result is one of the results of the function that is handed something.
type result struct {
	Input
	index int
}

// gotten says which results of what it is handed a function returns as one of
// its own.
type gotten struct {
	of   []int
	only bool // nothing else
}

// results is what a helper says of the results of an input.
func (l learner) results(in Input, index int) []callback.Result {
	var list []callback.Result
	for i := range in.Param.Parent().Signature.Results().Len() {
		got := l.gottenAs(result{in, i})
		for _, of := range got.of {
			list = append(list, callback.Result{Index: i, Func: index, Of: of, Only: got.only})
		}
	}
	return list
}

func (l learner) gottenAs(r result) gotten {
	if known, ok := l.returns[r]; ok {
		return known
	}
	l.returns[r] = gotten{} // of a function that calls itself
	got := gotten{only: true}
	add := func(of int) bool {
		if !slices.Contains(got.of, of) {
			got.of = append(got.of, of)
		}
		return true
	}
	for _, ret := range Returned(r.Param.Parent(), r.index) {
		if control.IsNil(ret.Value) {
			continue
		}
		some := false
		if call, i := resultOf(ret.Value); call != nil {
			if !call.Call.IsInvoke() && l.InputOf(call.Call.Value) == r.Input {
				some = add(i)
			}
			for _, fn := range l.Callees(call) {
				for _, handed := range l.handedAs(call, fn, func(_ ssa.Value, at Input) bool { return at == r.Input }) {
					inner := l.gottenAs(result{handed, i})
					for _, of := range inner.of {
						some = add(of) && inner.only
					}
				}
			}
		}
		got.only = got.only && some
	}
	l.returns[r] = got
	return got
}

// resultOf returns the call whose result number i a value is, or nil.
func resultOf(v ssa.Value) (call *ssa.Call, i int) {
	if x, ok := v.(*ssa.Extract); ok {
		v, i = x.Tuple, x.Index
	}
	call, _ = v.(*ssa.Call)
	return call, i
}

// runsOf are the calls of what a function is handed, by itself or by others of
// this package that it hands it on to.
func (l learner) runsOf(in Input) []run {
	if known, ok := l.known[in]; ok {
		return known
	}
	l.known[in] = nil // of a function that calls itself
	list := l.runsIn(in.Param.Parent(), func(_ ssa.Value, at Input) bool { return at == in }, 0)
	l.known[in] = list
	return list
}

// runsIn are the calls of a function value in a function, and in literals that
// it runs.
func (l learner) runsIn(fn *ssa.Function, is func(ssa.Value, Input) bool, depth int) []run {
	if depth > maxRuns/2 {
		return nil
	}
	var list []run
	nests := loops.Of(fn)
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			_, async := call.(*ssa.Go)
			for _, r := range l.runsAt(call, is) {
				r.loop, r.async = r.loop || loops.Innermost(nests, block) != nil, r.async || async
				list = append(list, r)
			}
		}
	}
	for _, literal := range fn.AnonFuncs {
		inside := l.runsIn(literal, is, depth+1)
		if len(inside) == 0 {
			continue
		}
		for _, by := range l.runsIn(fn, func(v ssa.Value, _ Input) bool { return FunctionOf(v) == literal }, depth+1) {
			for _, r := range inside {
				list = append(list, r.within(by, literal))
			}
		}
	}
	return list
}

// within is a run in a literal where that is run itself.
func (r run) within(by run, literal *ssa.Function) run {
	outer := run{r.loop || by.loop, r.async || by.async, slices.Clone(r.args)}
	for i, arg := range outer.args {
		if arg.Param == nil || arg.Param.Parent() != literal {
			continue
		}
		outer.args[i] = Input{}
		if j := slices.Index(literal.Params, arg.Param); arg.Whole() && j < len(by.args) {
			outer.args[i] = by.args[j]
		}
	}
	return outer
}

// runsAt are those of one call.
func (l learner) runsAt(call ssa.CallInstruction, is func(ssa.Value, Input) bool) []run {
	common := call.Common()
	it := func(v ssa.Value) bool { return v != nil && isFunc(v) && is(l.Root(v), l.InputOf(v)) }
	if !common.IsInvoke() && it(common.Value) {
		return []run{{args: l.inputsOf(common.Args)}}
	}
	var list []run
	if helper := l.Helper(call); helper != nil {
		for i := range helper.Params {
			if !it(SignatureArg(call, helper.Params[i].Index)) {
				continue
			}
			for _, r := range helper.Params[i].Runs {
				args := make([]ssa.Value, len(r.Args))
				for j, v := range r.Args {
					if v.Param > 0 && len(v.Through) == 0 {
						args[j] = SignatureArg(call, v.Param-1)
					}
				}
				list = append(list, run{r.Loop, r.Go, l.inputsOf(args)})
			}
		}
		return list
	}
	for _, fn := range l.Callees(call) {
		for _, handed := range l.handedAs(call, fn, is) {
			for _, r := range l.runsOf(handed) {
				outer := run{r.loop, r.async, make([]Input, len(r.args))}
				for i, arg := range r.args {
					if arg.Param != nil {
						_, outer.args[i] = l.Given(call, arg)
					}
				}
				list = append(list, outer)
			}
		}
	}
	return list
}

func (p *Program) inputsOf(values []ssa.Value) []Input {
	list := make([]Input, len(values))
	for i, v := range values {
		list[i] = p.InputOf(v)
	}
	return list
}

// handedAs are the inputs of a function as which a call hands a function value
// on.
func (p *Program) handedAs(call ssa.CallInstruction, fn *ssa.Function, is func(ssa.Value, Input) bool) []Input {
	var list []Input
	for _, param := range fn.Params {
		arg := p.ArgOf(call, param)
		if arg == nil {
			continue
		}
		if isFunc(arg) && is(p.Root(arg), p.InputOf(arg)) {
			list = append(list, Input{Param: param})
		}
		list = append(list, p.handedIn(arg, Input{Param: param}, is)...)
	}
	return list
}

// handedIn are those in the fields of a struct.
func (p *Program) handedIn(owner ssa.Value, as Input, is func(ssa.Value, Input) bool) []Input {
	var list []Input
	for _, field := range p.fieldsWithFunctions(owner.Type(), maxPath-1) {
		in := as.At(field)
		if in.Param == nil {
			break // too deep inside
		}
		v, at := p.Part(owner, field)
		switch {
		case v == nil:
		case !isFunc(v):
			list = append(list, p.handedIn(v, in, is)...)
		case is(v, at):
			list = append(list, in)
		}
	}
	return list
}

// HoldsFunction reports whether a type is that of functions, or of structs of
// this package that have one in a field, or in a struct there.
func (p *Program) HoldsFunction(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Signature); ok {
		return true
	}
	return len(p.fieldsWithFunctions(t, maxPath-1)) > 0
}

// fieldsWithFunctions are the fields of a struct, or of what points to one, that
// are functions, or structs with some.
func (p *Program) fieldsWithFunctions(t types.Type, depth int) []*types.Var {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var list []*types.Var
	for field := range s.Fields() {
		if field.Pkg() != p.Pkg.Pkg {
			break // nor are the others
		}
		_, isFunc := field.Type().Underlying().(*types.Signature)
		if isFunc || depth > 0 && len(p.fieldsWithFunctions(field.Type(), depth-1)) > 0 {
			list = append(list, field.Origin())
		}
	}
	return list
}
