package serving

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Carries reports whether a call returns a context that carries something
// which that of its argument does not: a value, or metadata of the request.
func (info *Info) Carries(call *ssa.Call) bool {
	if call.Call.IsInvoke() || !stub.IsContext(firstOf(call.Type())) {
		return false
	}
	return info.engine().adds(call, 0)
}

func firstOf(t types.Type) types.Type {
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		return tuple.At(0).Type()
	}
	return t
}

func (e *engine) adds(call *ssa.Call, depth int) bool {
	local, obj := e.Callee(&call.Call)
	switch {
	case obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "context":
		return obj.Name() == "WithValue"
	case obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath+"/metadata":
		return obj.Name() == "NewIncomingContext"
	case local != nil && depth < 3:
		return e.returnsMore(local, depth+1)
	}
	fact := e.fact(obj)
	return fact != nil && fact.Carries
}

// returnsMore reports whether the first result of a function is, on every way
// but those that fail, a context that carries more than the one it gets.
func (e *engine) returnsMore(fn *ssa.Function, depth int) bool {
	if fn.Signature.Results().Len() == 0 || !stub.IsContext(fn.Signature.Results().At(0).Type()) {
		return false
	}
	found := false
	for _, block := range fn.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		v := ret.Results[0]
		if x, ok := v.(*ssa.Extract); ok && x.Index == 0 {
			v = x.Tuple
		}
		switch v := v.(type) {
		case *ssa.Call:
			if v.Call.IsInvoke() || !e.adds(v, depth) {
				return false
			}
			found = true
		case *ssa.Const, *ssa.Parameter:
			if len(ret.Results) == 1 {
				return false
			}
			if c, ok := ret.Results[len(ret.Results)-1].(*ssa.Const); ok && c.IsNil() {
				return false // nothing to add, and nothing is wrong
			}
		default:
			return false
		}
	}
	return found
}
