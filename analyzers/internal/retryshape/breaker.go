package retryshape

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
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
	// Call runs the RPC in the breaker. RPC.FullMethod is "" for those of
	// an interceptor.
	Call *ssa.Call
	RPC  *RPC
	// Codes are answers of a healthy server that it counts.
	Codes codeflow.Codes
}

// A MadeBreaker is a function that returns such a breaker.
type MadeBreaker struct {
	Func    string
	Library string
	At      finding.Remote
}

// Answers are codes by which a server that is well says no.
const Answers = codeflow.InvalidArgument | codeflow.NotFound | codeflow.AlreadyExists | codeflow.PermissionDenied | codeflow.FailedPrecondition | codeflow.OutOfRange | codeflow.Unauthenticated | codeflow.Canceled

const (
	gobreakerPath = "github.com/sony/gobreaker"
	failsafePath  = "github.com/failsafe-go/failsafe-go"
)

// breakers finds the breakers that the package uses around RPCs, one for
// each of those that it makes.
func (sh *shapes) breakers() []*Breaker {
	if !slices.ContainsFunc(sh.pass.Pkg.Imports(), func(p *types.Package) bool {
		path := codeflow.Versionless(p.Path())
		return path == gobreakerPath || strings.HasPrefix(path, failsafePath)
	}) {
		return nil
	}
	var found []*Breaker
	for call := range sh.calls {
		for _, b := range sh.breakersAt(call) {
			if !slices.ContainsFunc(found, func(known *Breaker) bool { return known.Made != nil && known.Made == b.Made }) {
				found = append(found, b)
			}
		}
	}
	return found
}

// calls yields the calls of the package outside of tests.
func (sh *shapes) calls(yield func(*ssa.Call) bool) {
	for instr := range sh.Program.Instructions {
		if call, ok := instr.(*ssa.Call); ok && !testcode.Is(sh.pass, call.Parent().Pos()) && !yield(call) {
			return
		}
	}
}

// breakersAt: the call runs a function in breakers, or makes an interceptor
// that does so with every RPC.
func (sh *shapes) breakersAt(call *ssa.Call) []*Breaker {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return nil
	}
	var values []ssa.Value
	switch path := codeflow.Versionless(codeflow.PathOf(obj)); {
	case path == gobreakerPath && obj.Name() == "Execute" && len(call.Call.Args) == 2:
		values = call.Call.Args[:1]
	case path == failsafePath:
		values, _, _ = sh.failsafePolicies(call, obj)
	case path == failsafePath+"/failsafegrpc" && obj.Name() == "NewUnaryClientInterceptor":
		return sh.aroundWith(call, sh.Elements(program.SignatureArg(call, 0)), &RPC{}, Answers)
	default:
		return nil
	}
	fn := sh.FunctionOf(program.SignatureArg(call, 0))
	if len(values) == 0 || fn == nil {
		return nil
	}
	for _, o := range sh.outcomes(fn) {
		rpc := o.request.rpc
		switch codes := o.passes &^ o.Doubtful & Answers; {
		case o.request.handed != nil: // whatever it is given
		case codes == 0 || strings.HasPrefix(rpc.FullMethod, "/grpc.health."):
		case rpc.Empty: // a ping: there is nothing to say no to
		default:
			return sh.aroundWith(call, values, rpc, codes)
		}
	}
	return nil
}

func (sh *shapes) aroundWith(call *ssa.Call, values []ssa.Value, rpc *RPC, codes codeflow.Codes) []*Breaker {
	var found []*Breaker
	for _, v := range values {
		b := sh.breaker(v)
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
func (sh *shapes) breaker(v ssa.Value) *Breaker {
	for range 12 {
		v = sh.Root(v)
		sources := sh.Program.Sources(v)
		if len(sources) != 1 {
			return nil
		}
		if call, ok := sources[0].(*ssa.Call); ok {
			return sh.madeBreaker(call)
		}
		if sources[0] == v {
			return nil
		}
		v = sources[0]
	}
	return nil
}

// madeBreaker: the call makes a breaker that counts every error.
func (sh *shapes) madeBreaker(call *ssa.Call) *Breaker {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return nil
	}
	path := codeflow.Versionless(codeflow.PathOf(obj))
	b := &Breaker{Made: call, At: sh.placeOf(call), Library: "gobreaker"}
	switch {
	case path == gobreakerPath && obj.Name() == "NewCircuitBreaker":
		if !sh.countsAll(program.SignatureArg(call, 0)) {
			return nil
		}
		return b
	case strings.HasPrefix(path, failsafePath):
		b.Library = "failsafe-go"
		if !sh.buildsDefault(call) {
			return nil
		}
		return b
	case !call.Call.IsInvoke():
		if fact := sh.factOf(obj); fact != nil {
			if i := slices.IndexFunc(fact.Breakers, func(m MadeBreaker) bool { return m.Func == funckey.Of(obj) }); i >= 0 {
				m := fact.Breakers[i]
				return &Breaker{At: m.At, Library: m.Library}
			}
		}
	}
	return nil
}

// returnedBreaker is the breaker that a function returns, on every way out.
func (sh *shapes) returnedBreaker(fn *ssa.Function) *Breaker {
	var only *Breaker
	for _, ret := range program.Returned(fn, 0) {
		b := sh.breaker(ret.Value)
		if b == nil || only != nil && only.Made != b.Made {
			return nil
		}
		only = b
	}
	return only
}

// countsAll: settings of gobreaker that do not say which errors count.
func (sh *shapes) countsAll(settings ssa.Value) bool {
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
func (sh *shapes) buildsDefault(call *ssa.Call) bool {
	for range 20 {
		obj := program.CalledObject(call.Common())
		if obj == nil || !strings.HasPrefix(codeflow.PathOf(obj), failsafePath) || strings.HasPrefix(obj.Name(), "Handle") {
			return false
		}
		if !call.Call.IsInvoke() {
			return strings.HasSuffix(codeflow.PathOf(obj), "/circuitbreaker") && (obj.Name() == "NewBuilder" || obj.Name() == "NewWithDefaults")
		}
		next, ok := sh.Root(call.Call.Value).(*ssa.Call)
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
func (sh *shapes) breakerFacts() []MadeBreaker {
	var list []MadeBreaker
	for _, fn := range sh.Program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Signature.Results().Len() == 0 || testcode.Is(sh.pass, fn.Pos()) {
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
		if b := sh.returnedBreaker(fn); b != nil {
			list = append(list, MadeBreaker{funckey.Of(obj), b.Library, b.At})
		}
	}
	slices.SortStableFunc(list, func(a, b MadeBreaker) int { return strings.Compare(a.Func, b.Func) })
	return list
}
