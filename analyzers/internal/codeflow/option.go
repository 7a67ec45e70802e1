package codeflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// An Option is a call among the variadic arguments of another.
type Option struct {
	Name string // "" for one that is no call
	Func *types.Func
	Call *ssa.Call
}

// Int is the option's constant first argument, 0 if there is none.
func (o Option) Int() int {
	n, ok := ConstUint(program.SignatureArg(o.Call, 0))
	if !ok {
		return 0
	}
	return int(n)
}

// OptionCalls lists the options of a variadic call; one that is no call has
// no name.
func (p Values) OptionCalls(call *ssa.Call) []Option {
	args := call.Call.Args
	if len(args) == 0 {
		return nil
	}
	last := args[len(args)-1]
	if c, ok := last.(*ssa.Const); ok && c.IsNil() {
		return nil
	}
	if _, isSlice := last.Type().Underlying().(*types.Slice); !isSlice {
		return nil
	}
	values := p.Program.Elements(p.Root(last))
	var found []Option
	if !values.Complete || len(values.Values) == 0 {
		found = []Option{{}}
	}
	for _, v := range values.Values {
		o := Option{}
		if c, ok := p.Origin(v).(*ssa.Call); ok {
			if o.Func = program.CalledObject(c.Common()); o.Func != nil {
				o.Name, o.Call = o.Func.Name(), c
			}
		}
		found = append(found, o)
	}
	return found
}
