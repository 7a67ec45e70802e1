package program

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/callback"
)

// An Inside is the body of a function that a call runs before it returns.
type Inside struct {
	Fn     *ssa.Function
	Handed bool // to a helper, which runs it perhaps
	args   []ssa.Value
}

// Inside returns the bodies that a call runs: of its callees, one of them or
// the other, and of the functions of this package that it hands to a helper.
func (p *Program) Inside(call *ssa.Call) []Inside {
	var list []Inside
	args := Args(&call.Call)
	for _, fn := range p.Callees(call) {
		list = append(list, Inside{Fn: fn, args: args})
	}
	now := func(param *callback.Param) bool { return !param.Async() }
	for _, fn := range p.handings(call, now) {
		list = append(list, Inside{Fn: fn, Handed: true})
	}
	return list
}

// Outer returns what the call passes if v is a parameter of the body; else v.
func (in Inside) Outer(v ssa.Value) ssa.Value {
	if param, ok := v.(*ssa.Parameter); ok && param.Parent() == in.Fn && len(in.args) == len(in.Fn.Params) {
		return in.args[slices.Index(in.Fn.Params, param)]
	}
	return v
}
