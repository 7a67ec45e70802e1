package dial

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
)

// condition says whether the visited function comes to a call only sometimes,
// be it there or on the way to the function, and whether it is up to the
// configuration: to a field, a package variable, the environment.
func (v *visit) condition(call ssa.Instruction) (sometimes, optional bool) {
	for ; v != nil; v = v.caller {
		for block := call.Block().Idom(); block != nil; block = block.Idom() {
			test, ok := control.Last(block).(*ssa.If)
			if !ok || !decides(block, call.Block()) || isErrorTest(test.Cond) || isLoopTest(block) {
				continue
			}
			setting := isSetting(test.Cond, 8)
			optional = optional || setting
			sometimes = sometimes || setting || !refuses(block, call.Block())
		}
		call = v.edge.instr
		if call == nil {
			break
		}
	}
	return sometimes, optional
}

// refuses: the other way out of a branch ends the function at once, as one
// that looks whether a request makes sense does.
func refuses(branch, block *ssa.BasicBlock) bool {
	for _, other := range branch.Succs {
		if !other.Dominates(block) {
			_, returns := control.Last(other).(*ssa.Return)
			return returns && other.Comment != "if.done" // which is where all go
		}
	}
	return false
}

// isErrorTest: whether an error is nil. Those who look at the others do so
// before they go on.
func isErrorTest(cond ssa.Value) bool {
	op, ok := cond.(*ssa.BinOp)
	return ok && types.Identical(op.X.Type(), types.Universe.Lookup("error").Type())
}

// isLoopTest: the branch is the head of a loop.
func isLoopTest(branch *ssa.BasicBlock) bool {
	for _, pred := range branch.Preds {
		if branch.Dominates(pred) {
			return true
		}
	}
	return false
}

// isSetting: a condition that is the same for all requests, because it is
// made of fields, package variables, constants and what functions return
// that are given nothing else.
func isSetting(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const, *ssa.Global, *ssa.Function:
		return true
	case *ssa.Parameter:
		// The receiver is the same for all requests.
		return v.Parent().Signature.Recv() != nil && v == v.Parent().Params[0]
	case *ssa.FreeVar:
		return true // of the function that made the handler
	case *ssa.UnOp:
		return v.Op != token.ARROW && isSetting(v.X, depth-1)
	case *ssa.BinOp:
		return isSetting(v.X, depth-1) && isSetting(v.Y, depth-1)
	case *ssa.FieldAddr:
		return isSetting(v.X, depth-1)
	case *ssa.Field:
		return isSetting(v.X, depth-1)
	case *ssa.Extract:
		return isSetting(v.Tuple, depth-1)
	case *ssa.Phi: // a && b
		for _, edge := range v.Edges {
			if !isSetting(edge, depth-1) {
				return false
			}
		}
		return true
	case *ssa.MakeInterface:
		return isSetting(v.X, depth-1)
	case *ssa.Call:
		if v.Call.IsInvoke() && !isSetting(v.Call.Value, depth-1) {
			return false
		}
		for _, arg := range v.Call.Args {
			if !isSetting(arg, depth-1) && !isContextValue(arg) {
				return false
			}
		}
		return true
	}
	return false
}
