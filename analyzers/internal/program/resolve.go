package program

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// rounds bounds how often calls are resolved anew: each round may show what
// the values of other calls are.
const rounds = 4

// resolve finds out what stands behind the calls of function values and of
// interfaces' methods, and writes it into the calls if it is one thing:
//
//	run := s.fetch      run(ctx)     becomes    (*Server).fetch(s, ctx)
//	s.now               s.now()      becomes    the literal that is stored in now
//	repo Repo           repo.Get(k)  becomes    (*store).Get(repo, k)
//
// The receiver of a call through an interface stays the interface's value:
// what it holds is of the type that the callee wants.
// It reports whether there was something.
func (p *Program) resolve() (found bool) {
	var open []ssa.CallInstruction
	for instr := range p.Instructions {
		if call, ok := instr.(ssa.CallInstruction); ok {
			p.unbind(call)
			found = p.link(call) || found
			if call.Common().StaticCallee() == nil && !isBuiltin(call.Common().Value) {
				open = append(open, call)
			}
		}
	}
	for range rounds {
		before := len(open)
		p.run = make(map[*ssa.Function]bool) // of the calls resolved so far
		open = slices.DeleteFunc(open, p.resolveCall)
		found = found || len(open) < before
		if len(open) == before || len(open) == 0 {
			break
		}
		p.forget()
	}
	for _, call := range open {
		if call.Common().IsInvoke() {
			p.presume(call)
		}
	}
	return found
}

func isBuiltin(v ssa.Value) bool {
	_, ok := v.(*ssa.Builtin)
	return ok
}

// resolveCall reports whether it found out what a call runs.
func (p *Program) resolveCall(call ssa.CallInstruction) bool {
	var callees []*ssa.Function
	var found []ssa.Value
	for _, v := range p.Sources(call.Common().Value) {
		callee, ok := p.behind(call.Common(), v)
		if !ok {
			return false
		}
		if !slices.Contains(found, callee) {
			found = append(found, callee)
			if fn := p.FunctionIn(callee); fn != nil && !slices.Contains(callees, fn) {
				callees = append(callees, fn)
			}
		}
	}
	switch {
	case len(found) == 1:
		p.replace(call, found[0])
	case len(found) > 1 && len(callees) == len(found):
		p.calls.several[call] = callees
	default:
		return false
	}
	for _, fn := range callees {
		p.calls.sites[fn] = append(p.calls.sites[fn], call)
	}
	return true
}

// behind returns what a call runs if the called value, or the interface's
// value whose method is called, is v: a function or a closure.
func (p *Program) behind(call *ssa.CallCommon, v ssa.Value) (ssa.Value, bool) {
	if !call.IsInvoke() {
		return v, FunctionOf(v) != nil
	}
	made, ok := v.(*ssa.MakeInterface)
	if !ok {
		return nil, false
	}
	fn := p.Method(made.X.Type(), call.Method)
	return fn, fn != nil
}

// FunctionOf returns the function that a function value is as it stands,
// without a look at where it comes from; nil for others.
func FunctionOf(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	}
	return nil
}

// replace makes a call one of a function or a closure.
func (p *Program) replace(call ssa.CallInstruction, callee ssa.Value) {
	common := call.Common()
	if common.IsInvoke() {
		p.calls.called[call] = nil
		common.Args = append([]ssa.Value{common.Value}, common.Args...)
		common.Method = nil
		common.Value = callee
		return
	}
	p.calls.called[call] = common.Value
	refer(callee, call)
	common.Value = callee
	p.unbind(call)
}

// unbind makes of a call of a bound method (end := x.End; end(y)) one of the
// method, and of one bound to an interface's value a call through it.
func (p *Program) unbind(call ssa.CallInstruction) {
	common := call.Common()
	closure, ok := common.Value.(*ssa.MakeClosure)
	if !ok || common.IsInvoke() || len(closure.Bindings) != 1 {
		return
	}
	inner := bodyOfBound(closure.Fn.(*ssa.Function))
	if inner == nil {
		return
	}
	receiver := closure.Bindings[0]
	refer(receiver, call)
	if inner.IsInvoke() {
		common.Value, common.Method = receiver, inner.Method
		return
	}
	common.Value, common.Args = inner.Value, append([]ssa.Value{receiver}, common.Args...)
}

// bodyOfBound returns the call of the method in the function that SSA makes
// for a bound method; nil for other functions, and for methods that are
// promoted from a field.
func bodyOfBound(fn *ssa.Function) *ssa.CallCommon {
	if fn.Parent() != nil || len(fn.FreeVars) != 1 || len(fn.Blocks) == 0 {
		return nil // a literal
	}
	call, ok := fn.Blocks[0].Instrs[0].(*ssa.Call)
	if !ok || Args(&call.Call)[0] != fn.FreeVars[0] {
		return nil
	}
	return &call.Call
}

// refer notes a use of a value.
func refer(v ssa.Value, by ssa.Instruction) {
	if referrers := v.Referrers(); referrers != nil && !slices.Contains(*referrers, by) {
		*referrers = append(*referrers, by)
	}
}
