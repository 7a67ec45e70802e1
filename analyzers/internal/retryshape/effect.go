package retryshape

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// An effect says what happens on a way besides deciding it.
type effect = uint8

const (
	// waits: something lets time pass.
	waits effect = 1 << iota
	// noise: something is called of which nothing is known.
	noise
	// asked: the walked function looks whether the context has ended.
	asked
	// listens: something waits for the end of a context, or may.
	listens
	// guarded: something decides by what the request is, not by its error.
	guarded
)

// callEffect says what a call on the way to another attempt does besides.
func (sh *shapes) callEffect(w *codeflow.Walk, call *ssa.Call, s *codeflow.State) effect {
	e, known := sh.calls[call]
	if !known {
		e = sh.effectAnyway(call)
		sh.calls[call] = e
	}
	if e&noise != 0 && judges(w, call, s) {
		e &^= noise
	}
	return e
}

// effectAnyway is what a call does whatever is known on the way to it.
func (sh *shapes) effectAnyway(call *ssa.Call) effect {
	if sh.asksContext(call, false, 0) {
		return asked | listens
	}
	e := sh.effectOf(call, 0)
	if sh.asksContext(call, true, 0) {
		e |= asked | listens
	}
	return e
}

// asksContext: what a call returns is a context's Err(), always; or what a
// function of another package returns that gets nothing but a context, if that
// counts.
func (sh *shapes) asksContext(v ssa.Value, perhaps bool, depth int) bool {
	call, ok := v.(*ssa.Call)
	if !ok || depth > maxInside {
		return false
	}
	if call.Call.IsInvoke() {
		return stub.IsContext(call.Call.Value.Type()) && call.Call.Method.Name() == "Err"
	}
	if ways, through := sh.Program.Ways(call); through {
		return !slices.ContainsFunc(ways, func(way ssa.Value) bool { return !sh.asksContext(way, perhaps, depth+1) })
	}
	sig := call.Call.Signature()
	return perhaps && sig.Params().Len() == 1 && hasContext(sig) && sig.Results().Len() == 1 && codeflow.ErrorIndex(sig) == 0
}

// judges: the call is given the error and returns a bool or an error, or
// says it in a text.
func judges(w *codeflow.Walk, call *ssa.Call, s *codeflow.State) bool {
	results := call.Call.Signature().Results()
	if results.Len() == 0 {
		return false
	}
	for _, arg := range call.Call.Args {
		if stub.IsContext(arg.Type()) {
			return false
		}
		if k := w.KindOf(arg, s, 0); k == codeflow.TheError || k == codeflow.TheCode || k == codeflow.TheStatus {
			return true
		}
	}
	return false
}

// effectOf looks at a call, and into functions of this package.
func (sh *shapes) effectOf(call ssa.CallInstruction, depth int) effect {
	common := call.Common()
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return 0
	}
	if common.IsInvoke() && stub.IsContext(common.Value.Type()) {
		switch common.Method.Name() {
		case "Done", "Err":
			return listens
		}
		return 0
	}
	obj := program.CalledObject(common)
	handed := sh.handedEffect(call, depth)
	if obj == nil {
		if p, ok := sh.Root(common.Value).(*ssa.Parameter); ok && depth > 0 && p.Parent() == call.Parent() && sh.Program.Runs(p) != nil {
			return 0 // who hands it over says what it does
		}
		if callees := sh.Program.Callees(call); len(callees) > 0 {
			return sh.joined(callees, depth)
		}
		if fn := sh.FunctionOf(common.Value); fn != nil {
			return sh.bodyEffect(fn, depth)
		}
		return unknownEffect(common.Signature())
	}
	if isSleep(obj) || isWait(obj) {
		if takesContext(obj) {
			return waits | listens
		}
		return waits
	}
	if codeflow.Marks(obj) || isHarmless(obj) || sh.saysSomething(call) || sh.stubs.RPC(sh.Program.Real(call).Func) != nil {
		return 0
	}
	if callees := sh.Program.Callees(call); len(callees) > 0 {
		return handed | sh.joined(callees, depth)
	}
	if request.IsMessageMethod(obj) {
		return 0
	}
	if told := sh.toldOf(obj); told != nil && !common.IsInvoke() && told.Quiet.Of(obj) != nil {
		return handed
	}
	return unknownEffect(obj.Signature())
}

// unknownEffect is what a function may do of which nothing is known: with a
// context, wait for its end.
func unknownEffect(sig *types.Signature) effect {
	if hasContext(sig) {
		return noise | listens
	}
	return noise
}

// handedEffect is what the functions do that a call hands to one that calls them.
func (sh *shapes) handedEffect(call ssa.CallInstruction, depth int) effect {
	helper := sh.Program.Helper(call)
	if helper == nil {
		return 0
	}
	e := sh.joined(sh.Program.Handings(call), depth)
	for _, param := range helper.Params {
		arg := program.SignatureArg(call, param.Index)
		if sh.FunctionOf(arg) != nil {
			continue
		}
		e |= noise
		if sig, ok := arg.Type().Underlying().(*types.Signature); ok {
			e |= unknownEffect(sig)
		}
	}
	return e
}

func takesContext(obj *types.Func) bool { return hasContext(obj.Signature()) }

func hasContext(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if stub.IsContext(p.Type()) {
			return true
		}
	}
	return false
}

// maxInside bounds how deep functions are looked into.
const maxInside = 3

// joined is what any of some functions does.
func (sh *shapes) joined(callees []*ssa.Function, depth int) effect {
	var e effect
	for _, fn := range callees {
		e |= sh.bodyEffect(fn, depth)
	}
	return e
}

// bodyEffect joins what the body of a function does.
func (sh *shapes) bodyEffect(fn *ssa.Function, depth int) effect {
	if depth > maxInside {
		return noise
	}
	if e, ok := sh.effects[fn]; ok {
		return e
	}
	sh.effects[fn] = 0
	var e effect
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					e |= waits
				}
			case *ssa.Select:
				if instr.Blocking {
					e |= waits
				}
			case *ssa.Store:
				if !control.IsLocal(instr.Addr) {
					e |= noise // a connection made anew, a token
				}
			case *ssa.Call:
				e |= sh.effectOf(instr, depth+1)
			}
		}
	}
	sh.effects[fn] = e
	return e
}

// isSleep: func Sleep(time.Duration), whoever's clock it is.
func isSleep(obj *types.Func) bool {
	params := obj.Signature().Params()
	return obj.Name() == "Sleep" && params.Len() == 1 && codeflow.IsNamed(params.At(0).Type(), "time", "Duration")
}

// isWait knows the functions of libraries that let time pass.
func isWait(obj *types.Func) bool {
	switch codeflow.Versionless(codeflow.PathOf(obj)) {
	case "github.com/lestrrat-go/backoff":
		return obj.Name() == "Continue"
	case "golang.org/x/time/rate", "go.uber.org/ratelimit":
		return strings.HasPrefix(obj.Name(), "Wait") || obj.Name() == "Take"
	case "github.com/grafana/dskit/backoff", "github.com/cortexproject/cortex/pkg/util/backoff", "github.com/jpillora/backoff":
		return obj.Name() == "Wait"
	case "github.com/googleapis/gax-go":
		return obj.Name() == "Sleep"
	case "golang.org/x/sync/semaphore":
		return obj.Name() == "Acquire"
	}
	return false
}

// isHarmless knows packages whose functions neither wait nor change what
// the next attempt meets: they compute, format, measure or log.
func isHarmless(obj *types.Func) bool {
	if obj.Pkg() == nil {
		return true // error.Error
	}
	path := obj.Pkg().Path()
	switch path {
	case "fmt", "log", "log/slog", "errors", "strings", "strconv", "math", "math/rand", "math/rand/v2", "bytes", "sort", "slices", "maps", "sync/atomic",
		"google.golang.org/grpc/codes", "google.golang.org/grpc/status", "google.golang.org/grpc/internal/status", "google.golang.org/grpc/metadata":
		return true
	case "time":
		return true // Sleep and the channels are seen before
	case "sync":
		return obj.Name() != "Wait"
	case "context":
		return true
	}
	switch codeflow.Versionless(path) {
	case "github.com/sirupsen/logrus", "go.uber.org/zap", "go.uber.org/zap/zapcore", "github.com/rs/zerolog", "github.com/rs/zerolog/log", "github.com/golang/glog", "k8s.io/klog", "github.com/go-logr/logr",
		"github.com/go-kit/log", "github.com/go-kit/log/level", "github.com/go-kit/kit/log", "github.com/go-kit/kit/log/level", "github.com/hashicorp/go-hclog", "github.com/pingcap/log",
		"github.com/pkg/errors", "github.com/cockroachdb/errors", "github.com/google/uuid",
		"github.com/prometheus/client_golang/prometheus", "go.opentelemetry.io/otel/trace", "go.opentelemetry.io/otel/attribute", "go.opentelemetry.io/otel/codes", "go.opentelemetry.io/otel/metric",
		"github.com/cenkalti/backoff", "google.golang.org/protobuf/proto", "google.golang.org/protobuf/types/known/timestamppb":
		return true
	}
	return false
}

// saysSomething: a call without a result that is given a text with words,
// as loggers are.
func (sh *shapes) saysSomething(call ssa.CallInstruction) bool {
	common := call.Common()
	if common.Signature().Results().Len() > 0 {
		return false
	}
	for _, arg := range common.Args {
		c, ok := arg.(*ssa.Const)
		if ok && c.Value != nil && c.Value.Kind() == constant.String && strings.Contains(constant.StringVal(c.Value), " ") {
			return true
		}
		for _, v := range sh.Elements(arg) {
			if made, ok := v.(*ssa.MakeInterface); ok {
				v = made.X
			}
			if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.String && strings.Contains(constant.StringVal(c.Value), " ") {
				return true
			}
		}
	}
	return false
}
