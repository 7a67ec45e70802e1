package serving

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// What a function does of what makes a check.
const (
	looks   = 1 << iota // at the metadata or the peer
	refuses             // with a code that says so
)

// checksCaller reports whether a function asks who calls: it reads the metadata
// or the peer of a request, and refuses with UNAUTHENTICATED or
// PERMISSION_DENIED. What it calls and makes counts as well.
func (e *engine) checksCaller(fn *ssa.Function) bool {
	return e.part(fn, 0) == looks|refuses
}

func (e *engine) part(fn *ssa.Function, depth int) int {
	if known, ok := e.checks[fn]; ok {
		return known
	}
	if depth > 6 {
		return 0
	}
	e.checks[fn] = 0 // recursion
	found := 0
	var operands [16]*ssa.Value
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			for _, operand := range instr.Operands(operands[:0]) {
				if refusal(*operand) {
					found |= refuses
				}
				if literal := place.Literal(*operand); literal != nil && literal.Parent() == fn {
					found |= e.part(literal, depth+1)
				}
			}
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			local, obj := e.Callee(call.Common())
			switch {
			case local != nil:
				found |= e.part(local, depth+1)
			case obj == nil:
			case reads(obj):
				found |= looks
			default:
				if fact := e.fact(obj); fact != nil && fact.Checks {
					found |= looks | refuses
				}
			}
		}
	}
	e.checks[fn] = found
	return found
}

// refusal: codes.Unauthenticated or codes.PermissionDenied.
func refusal(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return false
	}
	named, ok := types.Unalias(c.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != stub.GRPCPath+"/codes" || named.Obj().Name() != "Code" {
		return false
	}
	return c.Uint64() == 7 || c.Uint64() == 16
}

// reads: what tells who calls.
func reads(obj *types.Func) bool {
	if obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case stub.GRPCPath + "/metadata":
		return obj.Name() == "FromIncomingContext" || obj.Name() == "ValueFromIncomingContext"
	case stub.GRPCPath + "/peer":
		return obj.Name() == "FromContext"
	}
	return false
}

// interceptors looks at the interceptors of one option: whether one checks
// who calls, and whether one is not known.
func (e *engine) interceptors(option *ssa.Call) (checks, unknown bool) {
	for _, arg := range option.Call.Args {
		for _, v := range variadic(arg) {
			if !isInterceptor(v.Type()) {
				if _, isConst := v.(*ssa.Const); !isConst && mayIntercept(v.Type()) {
					unknown = true
				}
				continue
			}
			c, known := e.interceptor(v, 0)
			checks, unknown = checks || c, unknown || !known
		}
	}
	return checks, unknown
}

func mayIntercept(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && isInterceptor(s.Elem())
}

func isInterceptor(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() > 0 && IsNext(sig.Params().At(sig.Params().Len()-1).Type())
}

// variadic returns the elements of a slice that a call makes of its
// arguments, v itself if it is none.
func variadic(v ssa.Value) []ssa.Value {
	slice, ok := v.(*ssa.Slice)
	if !ok {
		return []ssa.Value{v}
	}
	alloc, ok := slice.X.(*ssa.Alloc)
	if !ok {
		return []ssa.Value{v}
	}
	var list []ssa.Value
	for _, r := range *alloc.Referrers() {
		if addr, ok := r.(*ssa.IndexAddr); ok {
			for _, rr := range *addr.Referrers() {
				if store, ok := rr.(*ssa.Store); ok && store.Addr == addr {
					list = append(list, store.Val)
				}
			}
		}
	}
	return list
}

// interceptor judges the value of an interceptor.
func (e *engine) interceptor(v ssa.Value, depth int) (checks, known bool) {
	if depth > 4 {
		return false, false
	}
	switch v := v.(type) {
	case *ssa.ChangeType:
		return e.interceptor(v.X, depth)
	case *ssa.Function:
		return e.named(v)
	case *ssa.MakeClosure:
		return e.named(v.Fn.(*ssa.Function))
	case *ssa.UnOp:
		if p := e.resolver.Of(v); len(p.Fields()) == 0 && p.Root != v {
			return e.interceptor(p.Root, depth+1)
		}
	case *ssa.Call:
		local, obj := e.Callee(&v.Call)
		if local != nil {
			return e.checksCaller(local), true
		}
		if isAuth(obj) {
			return true, true
		}
		if fact := e.fact(obj); fact != nil {
			return fact.Checks, true
		}
		return false, e.known.Of(obj) != nil
	}
	return false, false
}

func (e *engine) named(fn *ssa.Function) (checks, known bool) {
	if local := e.Local(fn); local != nil {
		return e.checksCaller(local), true
	}
	obj, _ := fn.Object().(*types.Func)
	if fact := e.fact(obj); fact != nil {
		return fact.Checks, true
	}
	return false, e.known.Of(obj) != nil
}

// isAuth: what go-grpc-middleware makes of a function that asks who calls.
func isAuth(obj *types.Func) bool {
	if obj == nil || obj.Pkg() == nil || obj.Name() != "UnaryServerInterceptor" && obj.Name() != "StreamServerInterceptor" {
		return false
	}
	return slices.Contains([]string{
		"github.com/grpc-ecosystem/go-grpc-middleware/auth",
		"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/auth",
	}, obj.Pkg().Path())
}
