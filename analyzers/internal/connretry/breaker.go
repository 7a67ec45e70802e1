package connretry

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// A Breaker is a circuit breaker around an RPC that counts every error as a
// failure of the server.
type Breaker struct {
	// Made is the call that makes the breaker, nil if it is in another
	// package, at At.
	Made    *ssa.Call
	At      finding.Remote
	Library string // "gobreaker", "failsafe-go"
	// Call runs the RPC in the breaker. request.RPC.FullMethod is "" for those of
	// an interceptor.
	Call *ssa.Call
	RPC  *request.RPC
	// Codes are answers of a healthy server that it counts.
	Codes codeflow.Codes
}

// A MadeBreaker is a function that returns such a breaker.
type MadeBreaker struct {
	Library string
	At      finding.Remote
}

// Answers are codes by which a server that is well says no.
const Answers = codeflow.InvalidArgument | codeflow.NotFound | codeflow.AlreadyExists | codeflow.PermissionDenied | codeflow.FailedPrecondition | codeflow.OutOfRange | codeflow.Unauthenticated | codeflow.Canceled

const gobreakerPath = "github.com/sony/gobreaker"

// breakers finds the breakers that the package uses around RPCs, one for
// each of those that it makes.
func (x *conns) breakers() []*Breaker {
	if !slices.ContainsFunc(x.pass.Pkg.Imports(), func(p *types.Package) bool {
		path := codeflow.Versionless(p.Path())
		return path == gobreakerPath || strings.HasPrefix(path, retryshape.FailsafePath)
	}) {
		return nil
	}
	var found []*Breaker
	for call := range x.calls {
		for _, b := range x.breakersAt(call) {
			if !slices.ContainsFunc(found, func(known *Breaker) bool { return known.Made != nil && known.Made == b.Made }) {
				found = append(found, b)
			}
		}
	}
	return found
}

// calls yields the calls of the package outside of tests.
func (x *conns) calls(yield func(*ssa.Call) bool) {
	for instr := range x.Program.Instructions {
		if call, ok := instr.(*ssa.Call); ok && !testcode.Is(x.pass, call.Parent().Pos()) && !yield(call) {
			return
		}
	}
}

// breakersAt: the call runs a function in breakers, or makes an interceptor
// that does so with every request.RPC.
func (x *conns) breakersAt(call *ssa.Call) []*Breaker {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return nil
	}
	var values []ssa.Value
	switch path := codeflow.Versionless(codeflow.PathOf(obj)); {
	case path == gobreakerPath && obj.Name() == "Execute" && len(call.Call.Args) == 2:
		values = call.Call.Args[:1]
	case path == retryshape.FailsafePath:
		values, _, _ = retryshape.FailsafePolicies(x.Values, call, obj)
	case path == retryshape.FailsafePath+"/failsafegrpc" && obj.Name() == "NewUnaryClientInterceptor":
		return x.aroundWith(call, x.Elements(program.SignatureArg(call, 0)), &request.RPC{}, Answers)
	default:
		return nil
	}
	fn := x.FunctionOf(program.SignatureArg(call, 0))
	if len(values) == 0 || fn == nil {
		return nil
	}
	for _, o := range x.Outcomes(fn) {
		rpc := o.Request.RPC
		switch codes := o.Passes &^ o.Doubtful & Answers; {
		case o.Request.Handed.Param != nil: // whatever it is given
		case codes == 0 || strings.HasPrefix(rpc.FullMethod, "/grpc.health."):
		case rpc.Empty: // a ping: there is nothing to say no to
		default:
			return x.aroundWith(call, values, rpc, codes)
		}
	}
	return nil
}

func (x *conns) aroundWith(call *ssa.Call, values []ssa.Value, rpc *request.RPC, codes codeflow.Codes) []*Breaker {
	var found []*Breaker
	for _, v := range values {
		b := x.breaker(v)
		if b == nil {
			continue
		}
		b.Call, b.RPC, b.Codes = call, rpc, codes
		found = append(found, b)
	}
	return found
}

// breaker follows a value to the breaker that it is; nil if that is not
// known, or if it is told what to count.
func (x *conns) breaker(v ssa.Value) *Breaker {
	for range 12 {
		v = x.Root(v)
		sources := x.Program.Sources(v)
		if len(sources) != 1 {
			return nil
		}
		if call, ok := sources[0].(*ssa.Call); ok {
			return x.madeBreaker(call)
		}
		if sources[0] == v {
			return nil
		}
		v = sources[0]
	}
	return nil
}

// madeBreaker: the call makes a breaker that counts every error.
func (x *conns) madeBreaker(call *ssa.Call) *Breaker {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return nil
	}
	path := codeflow.Versionless(codeflow.PathOf(obj))
	b := &Breaker{Made: call, At: x.placeOf(call), Library: "gobreaker"}
	switch {
	case path == gobreakerPath && obj.Name() == "NewCircuitBreaker":
		if !x.countsAll(program.SignatureArg(call, 0)) {
			return nil
		}
		return b
	case strings.HasPrefix(path, retryshape.FailsafePath):
		b.Library = "failsafe-go"
		if !x.buildsDefault(call) {
			return nil
		}
		return b
	case !call.Call.IsInvoke():
		if told := x.toldOf(obj); told != nil {
			if m := told.Breakers.Of(obj); m != nil {
				return &Breaker{At: m.At, Library: m.Library}
			}
		}
	}
	return nil
}

// returnedBreaker is the breaker that a function returns, on every way out.
func (x *conns) returnedBreaker(fn *ssa.Function) *Breaker {
	var only *Breaker
	for _, ret := range program.Returned(fn, 0) {
		b := x.breaker(ret.Value)
		if b == nil || only != nil && only.Made != b.Made {
			return nil
		}
		only = b
	}
	return only
}

// countsAll: settings of gobreaker that do not say which errors count.
func (x *conns) countsAll(settings ssa.Value) bool {
	if c, ok := settings.(*ssa.Const); ok {
		return c.Value == nil
	}
	load, ok := settings.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	alloc, ok := load.X.(*ssa.Alloc)
	if !ok {
		return false // of a parameter, a field: somebody else's
	}
	for _, user := range *alloc.Referrers() {
		switch user := user.(type) {
		case *ssa.DebugRef, *ssa.UnOp:
		case *ssa.FieldAddr:
			switch program.FieldOf(user.X.Type(), user.Field).Name() {
			case "IsSuccessful", "IsExcluded":
				return false
			}
		default:
			return false // copied from elsewhere, or given to somebody
		}
	}
	return true
}

// buildsDefault: a circuit breaker of failsafe-go whose builder was not told
// which errors count.
func (x *conns) buildsDefault(call *ssa.Call) bool {
	for range 20 {
		obj := program.CalledObject(call.Common())
		if obj == nil || !strings.HasPrefix(codeflow.PathOf(obj), retryshape.FailsafePath) || strings.HasPrefix(obj.Name(), "Handle") {
			return false
		}
		if !call.Call.IsInvoke() {
			return strings.HasSuffix(codeflow.PathOf(obj), "/circuitbreaker") && (obj.Name() == "NewBuilder" || obj.Name() == "NewWithDefaults")
		}
		next, ok := x.Root(call.Call.Value).(*ssa.Call)
		if !ok {
			return false
		}
		if len(*next.Referrers()) > 1 {
			return false // a builder in a variable, which is told more elsewhere
		}
		call = next
	}
	return false
}

// breakerFacts tells importers who makes breakers for them.
func (x *conns) breakerFacts() fact.Table[MadeBreaker] {
	var table fact.Table[MadeBreaker]
	for _, fn := range x.Program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Signature.Results().Len() == 0 || testcode.Is(x.pass, fn.Pos()) {
			continue
		}
		t := fn.Signature.Results().At(0).Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		named, ok := types.Unalias(t).(*types.Named)
		if !ok || named.Obj().Name() != "CircuitBreaker" {
			continue
		}
		if b := x.returnedBreaker(fn); b != nil {
			table.AddFunc(obj, MadeBreaker{b.Library, b.At})
		}
	}
	table.Sort()
	return table
}
