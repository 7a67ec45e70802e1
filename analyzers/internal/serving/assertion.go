package serving

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A choice is a parameter by which callers choose whether control gets to a
// block: a flag, or a level, which has to be value, as
// [constant.Value.ExactString] writes it, or "" for another test.
type choice struct {
	param *ssa.Parameter
	value string
}

// choiceOf returns the choice that leads to a block, nil if there is none.
func choiceOf(block *ssa.BasicBlock) *choice {
	for ; block != nil; block = block.Idom() {
		if len(block.Preds) != 1 {
			continue
		}
		branch, ok := control.Last(block.Preds[0]).(*ssa.If)
		if !ok {
			continue
		}
		outcome := block.Preds[0].Succs[0] == block
		switch cond := branch.Cond.(type) {
		case *ssa.Parameter:
			return &choice{cond, strconv.FormatBool(outcome)}
		case *ssa.BinOp:
			p, isParam := cond.X.(*ssa.Parameter)
			c, isConst := cond.Y.(*ssa.Const)
			if !isParam || !isConst || c.Value == nil {
				continue
			}
			chosen := &choice{param: p}
			if cond.Op == token.EQL && outcome || cond.Op == token.NEQ && !outcome {
				chosen.value = c.Value.ExactString()
			}
			return chosen
		}
	}
	return nil
}

// asserts reports whether a block is reached only if something comes out as it
// cannot: its author asserts that it does not, for the reader.
func asserts(block *ssa.BasicBlock) bool {
	for ; block != nil; block = block.Idom() {
		if len(block.Preds) != 1 {
			continue
		}
		branch, ok := control.Last(block.Preds[0]).(*ssa.If)
		if ok && cannot(branch.Cond, block.Preds[0].Succs[0] == block) {
			return true
		}
	}
	return false
}

// cannot reports whether a condition never comes out as given.
func cannot(cond ssa.Value, outcome bool) bool {
	switch cond := cond.(type) {
	case *ssa.Parameter:
		return !outcome // what callers say is so: assert(len(text) > 0)
	case *ssa.UnOp:
		return cond.Op == token.NOT && cannot(cond.X, !outcome)
	case *ssa.BinOp:
		err := cond.X
		if control.IsNil(err) {
			err = cond.Y
		} else if !control.IsNil(cond.Y) {
			return false
		}
		if !control.IsError(err.Type()) || outcome != (cond.Op == token.NEQ) {
			return false
		}
		if x, ok := err.(*ssa.Extract); ok {
			err = x.Tuple
		}
		call, ok := err.(*ssa.Call)
		return ok && neverFails(&call.Call)
	case *ssa.Extract:
		if outcome || cond.Index != 1 {
			return false
		}
		switch tuple := cond.Tuple.(type) {
		case *ssa.TypeAssert:
			return alwaysIs(tuple)
		case *ssa.Call:
			return isInEveryRPC(&tuple.Call)
		}
	}
	return false
}

// alwaysIs: the value has the type that is asked for, as far as it is known.
func alwaysIs(assert *ssa.TypeAssert) bool {
	t := assert.X.Type()
	if made, ok := assert.X.(*ssa.MakeInterface); ok {
		t = made.X.Type()
	}
	if asked, ok := assert.AssertedType.Underlying().(*types.Interface); ok {
		return types.Implements(t, asked)
	}
	return types.Identical(t, assert.AssertedType)
}

// neverFails: writers and sources whose documentation says that their error is
// always nil, and what makes of constants the same each time.
func neverFails(call *ssa.CallCommon) bool {
	if call.IsInvoke() {
		return call.Method.Name() == "Write" && types.TypeString(call.Value.Type(), nil) == "hash.Hash"
	}
	fn := call.StaticCallee()
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil {
		return false
	}
	switch fn.Object().Pkg().Path() {
	case "crypto/rand":
		return fn.Name() == "Read"
	case "bytes", "strings":
		recv := fn.Signature.Recv()
		if recv == nil {
			return false
		}
		switch types.TypeString(recv.Type(), nil) {
		case "*bytes.Buffer", "*strings.Builder":
			return fn.Name() == "Write" || fn.Name() == "WriteString" || fn.Name() == "WriteByte" || fn.Name() == "WriteRune"
		}
	case "net/netip", "net/url", "regexp", "strconv", "time":
		return !slices.ContainsFunc(call.Args, func(arg ssa.Value) bool { _, constant := arg.(*ssa.Const); return !constant })
	}
	return false
}

// isInEveryRPC: what grpc-go puts into the context of every handler.
func isInEveryRPC(call *ssa.CallCommon) bool {
	fn := call.StaticCallee()
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil {
		return false
	}
	switch fn.Object().Pkg().Path() + "." + fn.Name() {
	case stub.GRPCPath + "/peer.FromContext", stub.GRPCPath + "/metadata.FromIncomingContext",
		stub.GRPCPath + ".Method", stub.GRPCPath + ".MethodFromServerStream":
		return true
	}
	return false
}
