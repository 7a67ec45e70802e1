package serving

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
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
	list, complete := e.interceptorsOf(option)
	for _, v := range list {
		c, known := e.interceptor(v)
		checks, unknown = checks || c, unknown || !known
	}
	return checks, unknown || !complete
}

// interceptorsOf returns the interceptors that an option is made of.
func (e *engine) interceptorsOf(option *ssa.Call) (list []ssa.Value, complete bool) {
	complete = true
	for _, arg := range option.Call.Args {
		switch s, isSlice := arg.Type().Underlying().(*types.Slice); {
		case isInterceptor(arg.Type()):
			list = append(list, arg)
		case isSlice && isInterceptor(s.Elem()):
			held := e.Elements(arg)
			list, complete = append(list, held.Values...), complete && held.Complete
		}
	}
	return list, complete
}

func isInterceptor(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() > 0 && IsNext(sig.Params().At(sig.Params().Len()-1).Type())
}

// interceptor judges the value of an interceptor: it checks if whatever it may
// be does.
func (e *engine) interceptor(v ssa.Value) (checks, known bool) {
	values := e.functions(v)
	checks, known = len(values) > 0, len(values) > 0
	for _, v := range values {
		c, k := e.madeInterceptor(v)
		checks, known = checks && c, known && k
	}
	return checks, known
}

// functions are the functions, or the calls that make them, which a value may
// be; also those that callers pass, if all are known.
func (e *engine) functions(v ssa.Value) []ssa.Value {
	var list []ssa.Value
	for _, source := range e.Sources(v) {
		if p, ok := source.(*ssa.Parameter); ok {
			if passed := e.Passed(p); passed.Complete {
				for _, arg := range passed.Values {
					list = append(list, e.Sources(arg)...)
				}
				continue
			}
		}
		list = append(list, source)
	}
	return list
}

func (e *engine) madeInterceptor(v ssa.Value) (checks, known bool) {
	if fn := program.FunctionOf(v); fn != nil {
		found, known := e.partOf(fn)
		return found == looks|refuses, known
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false, false
	}
	_, obj := e.Callee(&call.Call)
	if isAuth(obj) {
		return true, true
	}
	found, known := 0, false
	if fn := call.Call.StaticCallee(); fn != nil {
		found, known = e.partOf(fn)
	}
	for _, arg := range call.Call.Args {
		// What asks is often handed over: UnaryServerInterceptor(authenticate).
		for _, v := range e.Sources(arg) {
			if fn := program.FunctionOf(v); fn != nil {
				part, _ := e.partOf(fn)
				found |= part
			}
		}
	}
	return found == looks|refuses, known
}

// partOf returns what a function of any package does of what makes a check;
// it is known if its package has told.
func (e *engine) partOf(fn *ssa.Function) (found int, known bool) {
	if local := e.Local(fn); local != nil {
		return e.part(local, 0), true
	}
	obj, _ := fn.Object().(*types.Func)
	if fact := e.fact(obj); fact != nil && fact.Checks {
		return looks | refuses, true
	}
	return 0, e.known.Of(obj) != nil
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
