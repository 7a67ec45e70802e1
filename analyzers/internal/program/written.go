package program

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/written"
)

// A Real is what a call does: itself or, if it calls a function of another
// package that does nothing else, what that function does.
type Real struct {
	// Func is what is called; nil for a function of a package that this one
	// does not know, of which there is a name only.
	Func *types.Func
	Name string      // the full name of a function that is no method, else ""
	Args []ssa.Value // the receiver first; nil for what cannot be told
}

// Real returns what a call does.
func (p *Program) Real(call *ssa.CallCommon) Real {
	fn := CalledObject(call)
	args := Args(call)
	real := Real{Func: fn, Args: args}
	if fn == nil {
		return real
	}
	if fn.Signature().Recv() == nil {
		real.Name = fn.FullName()
	}
	if p.Declared(fn) != nil {
		return real
	}
	result := p.written.Of(fn)
	if result == nil || result.Call == "" || len(args) != fn.Signature().Params().Len() {
		return real
	}
	through := Real{Name: result.Call}
	if receiver := result.Args[0].Param; receiver > 0 {
		obj, _, _ := types.LookupFieldOrMethod(args[receiver-1].Type(), true, p.Pkg.Pkg, result.Call)
		if method, ok := obj.(*types.Func); ok {
			through.Func, through.Name = method.Origin(), ""
		}
	}
	for i, v := range result.Args {
		var arg ssa.Value
		switch {
		case v.Param > 0:
			arg = args[v.Param-1]
		case v.Known && i > 0 && through.Func != nil && i <= through.Func.Signature().Params().Len():
			arg = constantOf(v, through.Func.Signature().Params().At(i-1).Type())
		}
		through.Args = append(through.Args, arg)
	}
	return through
}

// constantOf is a constant that another package has written; nil if there is
// none of that type.
func constantOf(v written.Value, t types.Type) ssa.Value {
	basic, ok := t.Underlying().(*types.Basic)
	switch {
	case !ok || !v.Known:
	case basic.Info()&types.IsBoolean != 0:
		return ssa.NewConst(constant.MakeBool(v.Const == 1), t)
	case basic.Info()&types.IsInteger != 0:
		return ssa.NewConst(constant.MakeInt64(v.Const), t)
	}
	return nil
}

// fieldsOfCall are those of a struct that a function of another package
// returns.
func (p *Program) fieldsOfCall(call *ssa.Call, fields map[string]FieldValue) bool {
	fn := CalledObject(&call.Call)
	if fn == nil || p.Declared(fn) != nil {
		return false
	}
	result := p.written.Of(fn)
	structure, ok := call.Type().Underlying().(*types.Struct)
	if result == nil || !ok {
		return false
	}
	for field := range structure.Fields() {
		for _, f := range result.Fields {
			if f.Name == field.Name() {
				value := constantOf(f.Is, field.Type())
				if value == nil {
					value = call // something else
				}
				fields[f.Name] = FieldValue{value, call.Pos()}
			}
		}
	}
	return len(result.Fields) > 0
}
