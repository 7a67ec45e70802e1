package retryshape

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

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
	Codes Codes
}

// A MadeBreaker is a function that returns such a breaker.
type MadeBreaker struct {
	Func    string
	Library string
	At      finding.Remote
}

// Answers are codes by which a server that is well says no.
const Answers = InvalidArgument | NotFound | AlreadyExists | PermissionDenied | FailedPrecondition | OutOfRange | Unauthenticated | Canceled

const (
	gobreakerPath = "github.com/sony/gobreaker"
	failsafePath  = "github.com/failsafe-go/failsafe-go"
)

// breakers finds the breakers that the package uses around RPCs, one for
// each of those that it makes.
func (sh *shapes) breakers() []*Breaker {
	if !slices.ContainsFunc(sh.pass.Pkg.Imports(), func(p *types.Package) bool {
		path := versionless(p.Path())
		return path == gobreakerPath || strings.HasPrefix(path, failsafePath)
	}) {
		return nil
	}
	var found []*Breaker
	for _, fn := range sh.ssa.Funcs {
		if testcode.Is(sh.pass, fn.Pos()) {
			continue
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				for _, b := range sh.breakersAt(call) {
					if !slices.ContainsFunc(found, func(known *Breaker) bool { return known.Made != nil && known.Made == b.Made }) {
						found = append(found, b)
					}
				}
			}
		}
	}
	return found
}

// breakersAt: the call runs a function in breakers, or makes an interceptor
// that does so with every RPC.
func (sh *shapes) breakersAt(call *ssa.Call) []*Breaker {
	obj := calledObject(call)
	if obj == nil {
		return nil
	}
	var values []ssa.Value
	switch path := versionless(pathOf(obj)); {
	case path == gobreakerPath && obj.Name() == "Execute" && len(call.Call.Args) == 2:
		values = call.Call.Args[:1]
	case path == failsafePath:
		values, _, _ = sh.failsafePolicies(call, obj)
	case path == failsafePath+"/failsafegrpc" && obj.Name() == "NewUnaryClientInterceptor":
		return sh.aroundWith(call, elements(program.SignatureArg(call, 0)), &RPC{}, Answers)
	default:
		return nil
	}
	fn := sh.function(program.SignatureArg(call, 0))
	if len(values) == 0 || fn == nil {
		return nil
	}
	for _, o := range sh.outcomes(fn) {
		rpc := o.request.rpc
		switch codes := o.passes &^ o.doubtful & Answers; {
		case codes == 0 || strings.HasPrefix(rpc.FullMethod, "/grpc.health."):
		case rpc.Empty: // a ping: there is nothing to say no to
		default:
			return sh.aroundWith(call, values, rpc, codes)
		}
	}
	return nil
}

func (sh *shapes) aroundWith(call *ssa.Call, values []ssa.Value, rpc *RPC, codes Codes) []*Breaker {
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
		switch x := v.(type) {
		case *ssa.ChangeInterface:
			v = x.X
			continue
		case *ssa.MakeInterface:
			v = x.X
			continue
		case *ssa.Call:
			return sh.madeBreaker(x)
		}
		if root := sh.root(v); root != nil && root != v {
			v = root
			continue
		}
		stored := sh.kept(v)
		if stored == nil {
			return nil
		}
		v = stored
	}
	return nil
}

// kept is the one value that a field or a variable of the package is ever
// given.
func (sh *shapes) kept(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	var of types.Object
	switch addr := load.X.(type) {
	case *ssa.FieldAddr:
		of = fieldOf(addr.X.Type(), addr.Field)
	case *ssa.Global:
		of = addr.Object()
	}
	if of == nil || of.Pkg() != sh.pass.Pkg || of.Exported() {
		return nil // others may set it, too
	}
	var only ssa.Value
	for _, fn := range sh.ssa.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				store, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				var to types.Object
				switch addr := store.Addr.(type) {
				case *ssa.FieldAddr:
					to = fieldOf(addr.X.Type(), addr.Field)
				case *ssa.Global:
					to = addr.Object()
				}
				if to != of || testcode.Is(sh.pass, store.Pos()) {
					continue
				}
				if only != nil {
					return nil // one of several
				}
				only = store.Val
			}
		}
	}
	return only
}

// madeBreaker: the call makes a breaker that counts every error.
func (sh *shapes) madeBreaker(call *ssa.Call) *Breaker {
	obj := calledObject(call)
	if obj == nil {
		return nil
	}
	path := versionless(pathOf(obj))
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
	case obj.Pkg() == sh.pass.Pkg && !call.Call.IsInvoke():
		if fn := sh.declared(obj); fn != nil {
			return sh.returnedBreaker(fn)
		}
	case obj.Pkg() != nil && !call.Call.IsInvoke():
		if fact := sh.facts[obj.Pkg().Path()]; fact != nil {
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
	if sh.looking[fn] {
		return nil
	}
	sh.looking[fn] = true
	defer delete(sh.looking, fn)
	var only *Breaker
	for _, block := range fn.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 || block == fn.Recover {
			continue
		}
		b := sh.breaker(ret.Results[0])
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
			switch fieldOf(user.X.Type(), user.Field).Name() {
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
		obj := calledObject(call)
		if obj == nil || !strings.HasPrefix(pathOf(obj), failsafePath) || strings.HasPrefix(obj.Name(), "Handle") {
			return false
		}
		if !call.Call.IsInvoke() {
			return strings.HasSuffix(pathOf(obj), "/circuitbreaker") && (obj.Name() == "NewBuilder" || obj.Name() == "NewWithDefaults")
		}
		v := call.Call.Value
		if change, ok := v.(*ssa.ChangeInterface); ok {
			v = change.X
		}
		next, ok := sh.root(v).(*ssa.Call)
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
	for _, fn := range sh.ssa.Funcs {
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
