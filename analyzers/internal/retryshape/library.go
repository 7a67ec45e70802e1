package retryshape

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// FailsafePath is the import path of failsafe-go.
const FailsafePath = "github.com/failsafe-go/failsafe-go"

// libraryRun recognises the libraries that run a function again.
func (sh *shapes) libraryRun(call *ssa.Call, obj *types.Func, sup *codeflow.Supposition) *Run {
	if obj == nil || obj.Pkg() == nil || obj.Pkg() == sh.pass.Pkg {
		return nil
	}
	path := codeflow.Versionless(obj.Pkg().Path())
	run := &Run{Name: obj.Pkg().Name() + "." + obj.Name(), sup: sup, policy: policy{keeps: codeflow.Failures, listens: takesContext(obj)}}
	switch path {
	case "github.com/cenkalti/backoff":
		return sh.cenkalti(run, call, obj)
	case "github.com/avast/retry-go":
		return sh.avast(run, call, obj)
	case "github.com/sethvargo/go-retry":
		switch obj.Name() {
		case "Do", "DoValue", "Constant", "Exponential", "Fibonacci":
		default:
			return nil
		}
		run.marks, run.function = onlyMarked, program.SignatureArg(call, 2)
		if obj.Name() == "Do" || obj.Name() == "DoValue" {
			run.attempts = sh.sethvargoAttempts(program.SignatureArg(call, 1))
		}
		return run
	case "github.com/hashicorp/terraform-plugin-sdk/helper/retry", "github.com/hashicorp/terraform-plugin-sdk/helper/resource":
		if obj.Name() != "RetryContext" && obj.Name() != "Retry" {
			return nil
		}
		run.marks, run.function = onlyMarked, program.SignatureArg(call, obj.Signature().Params().Len()-1)
		return run
	case "k8s.io/apimachinery/pkg/util/wait":
		return sh.kubernetesWait(run, call, obj)
	case "k8s.io/client-go/util/retry":
		if obj.Name() != "OnError" {
			return nil // RetryOnConflict: no error of gRPC's is one
		}
		run.function = program.SignatureArg(call, 2)
		run.keep(sh, program.SignatureArg(call, 1))
		return run
	case "github.com/googleapis/gax-go":
		if obj.Name() != "Invoke" {
			return nil
		}
		return sh.gax(run, call)
	case FailsafePath:
		return sh.failsafe(run, call, obj)
	}
	return nil
}

// keep restricts a run by a predicate of the program.
func (run *Run) keep(sh *shapes, predicate ssa.Value) {
	if j, ok := sh.JudgementOf(predicate, run.sup); ok {
		run.restrict(j.Yes&^j.Doubtful, j.Yes&j.Doubtful)
		return
	}
	run.keeps, run.doubtful, run.asks = 0, codeflow.Failures, predicate
}

func (run *Run) restrict(keeps, doubtful codeflow.Codes) {
	run.doubtful = run.doubtful&(keeps|doubtful) | doubtful&run.keeps
	run.keeps &= keeps
}

// cenkalti: Retry(op, b) and its variants; since v5 Retry(ctx, op, opts...).
func (sh *shapes) cenkalti(run *Run, call *ssa.Call, obj *types.Func) *Run {
	if !strings.HasPrefix(obj.Name(), "Retry") || obj.Name() == "RetryAfter" || obj.Signature().Params().Len() < 2 {
		return nil
	}
	if stub.IsContext(obj.Signature().Params().At(0).Type()) {
		run.function = program.SignatureArg(call, 1)
		for _, option := range sh.OptionCalls(call) {
			switch option.Name {
			case "WithMaxTries":
				run.attempts = option.Int()
			case "WithBackOff":
				sh.cenkaltiPolicy(run, program.SignatureArg(option.Call, 0), 0)
				run.endless = false // the context, 15 minutes
			case "WithNotify":
				run.hooked = true
			}
		}
		return run
	}
	run.function = program.SignatureArg(call, 0)
	run.hooked = strings.Contains(obj.Name(), "Notify")
	sh.cenkaltiPolicy(run, program.SignatureArg(call, 1), 0)
	return run
}

// cenkaltiPolicy reads a backoff.BackOff. depth counts the policies that this
// one is inside of: one may be stored back into the variable that it is made
// of.
func (sh *shapes) cenkaltiPolicy(run *Run, v ssa.Value, depth int) {
	if depth > 8 {
		return
	}
	for range 8 {
		v = sh.Root(v)
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
			continue
		case *ssa.Call:
			obj := program.CalledObject(x.Common())
			if obj == nil {
				return
			}
			switch obj.Name() {
			case "WithMaxRetries":
				if n, ok := codeflow.ConstUint(program.SignatureArg(x, 1)); ok && n > 0 {
					run.attempts = int(n) + 1
				} else {
					run.attempts = 0
				}
				run.endless = false
				before := run.endless
				sh.cenkaltiPolicy(run, program.SignatureArg(x, 0), depth+1)
				run.endless = before
			case "WithContext":
				sh.cenkaltiPolicy(run, program.SignatureArg(x, 0), depth+1)
				run.endless, run.listens = false, true
			case "NewConstantBackOff":
				run.endless = true
			case "NewExponentialBackOff":
				for _, option := range sh.OptionCalls(x) {
					if option.Name == "WithMaxElapsedTime" {
						n, ok := codeflow.ConstUint(program.SignatureArg(option.Call, 0))
						run.endless = ok && n == 0
					}
				}
				for _, w := range sh.Writes(x) {
					if fieldName(w) == "MaxElapsedTime" {
						n, ok := codeflow.ConstUint(w.Val)
						run.endless = ok && n == 0
					}
				}
			}
			return
		case *ssa.Alloc:
			t := x.Type().Underlying().(*types.Pointer).Elem()
			if named, ok := types.Unalias(t).(*types.Named); ok {
				switch named.Obj().Name() {
				case "ZeroBackOff":
					run.bare, run.endless = true, true
				case "ConstantBackOff":
					run.endless = true
				}
			}
			return
		default:
			return
		}
	}
}

func fieldName(w request.Write) string {
	if addr, ok := w.Addr.(*ssa.FieldAddr); ok {
		return program.FieldOf(addr.X.Type(), addr.Field).Name()
	}
	return ""
}

// avast: Do(fn, opts...), DoWithData; since v5 New(opts...).Do(fn).
func (sh *shapes) avast(run *Run, call *ssa.Call, obj *types.Func) *Run {
	if obj.Name() != "Do" && obj.Name() != "DoWithData" {
		return nil
	}
	options := sh.OptionCalls(call)
	if obj.Signature().Recv() != nil {
		made, ok := sh.Root(call.Call.Args[0]).(*ssa.Call)
		if !ok {
			run.keeps, run.doubtful = 0, codeflow.Failures
		} else {
			options = sh.OptionCalls(made)
		}
	}
	run.function = program.SignatureArg(call, 0)
	run.attempts = 10
	hasContext := false
	if options == nil {
		return run
	}
	for _, option := range options {
		switch option.Name {
		case "Attempts":
			n, ok := codeflow.ConstUint(program.SignatureArg(option.Call, 0))
			run.attempts = int(n)
			run.endless = ok && n == 0
		case "UntilSucceeded":
			run.attempts, run.endless = 0, true
		case "RetryIf":
			run.keep(sh, program.SignatureArg(option.Call, 0))
		case "Context":
			hasContext = true
		case "OnRetry":
			run.hooked = true
		case "": // not a call: anything
			run.keeps, run.doubtful, run.attempts, hasContext = 0, codeflow.Failures, 0, true
		}
	}
	run.endless = run.endless && !hasContext
	run.listens = hasContext
	return run
}

// sethvargoAttempts reads WithMaxRetries(n, b).
func (sh *shapes) sethvargoAttempts(v ssa.Value) int {
	for range 6 {
		call, ok := sh.Root(v).(*ssa.Call)
		if !ok {
			return 0
		}
		obj := program.CalledObject(call.Common())
		if obj == nil {
			return 0
		}
		if obj.Name() == "WithMaxRetries" {
			if n, ok := codeflow.ConstUint(program.SignatureArg(call, 0)); ok {
				return int(n) + 1
			}
			return 0
		}
		if !strings.HasPrefix(obj.Name(), "With") {
			return 0
		}
		v = program.SignatureArg(call, obj.Signature().Params().Len()-1)
	}
	return 0
}

// kubernetesWait: functions that take a condition, func(...) (bool, error).
func (sh *shapes) kubernetesWait(run *Run, call *ssa.Call, obj *types.Func) *Run {
	params := obj.Signature().Params()
	for i := range params.Len() {
		f, ok := params.At(i).Type().Underlying().(*types.Signature)
		if !ok || f.Results().Len() != 2 || codeflow.ErrorIndex(f) != 1 {
			continue
		}
		run.marks, run.function = condition, program.SignatureArg(call, i)
		run.endless = strings.HasSuffix(obj.Name(), "Infinite")
		return run
	}
	return nil
}

// gax: Invoke(ctx, call, opts...) tries again with WithRetry only.
func (sh *shapes) gax(run *Run, call *ssa.Call) *Run {
	run.function = program.SignatureArg(call, 1)
	for _, option := range sh.OptionCalls(call) {
		if option.Name != "WithRetry" {
			continue
		}
		fn := sh.FunctionOf(program.SignatureArg(option.Call, 0))
		if fn == nil {
			return nil
		}
		for _, block := range fn.Blocks {
			ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
			if !ok || len(ret.Results) != 1 {
				continue
			}
			retryer, ok := sh.Root(ret.Results[0]).(*ssa.Call)
			if !ok {
				return nil
			}
			switch obj := program.CalledObject(retryer.Common()); {
			case obj == nil:
				return nil
			case obj.Name() == "OnCodes":
				set, ok := sh.ListOfCodes(program.SignatureArg(retryer, 0))
				if !ok {
					return nil
				}
				run.Listed = true
				run.restrict(set, 0)
				return run
			case obj.Name() == "OnErrorFunc":
				run.keep(sh, program.SignatureArg(retryer, 1))
				return run
			}
			return nil
		}
	}
	return nil
}

// failsafe: Run(fn, policies...) and Get, alone or of an executor.
func (sh *shapes) failsafe(run *Run, call *ssa.Call, obj *types.Func) *Run {
	policies, listens, ok := FailsafePolicies(sh.Values, call, obj)
	if !ok {
		return nil
	}
	run.function = program.SignatureArg(call, 0)
	run.listens = run.listens || listens
	for _, p := range policies {
		if sh.failsafePolicy(run, p) {
			return run
		}
	}
	return nil
}

// FailsafePolicies lists the policies under which failsafe-go runs a
// function.
func FailsafePolicies(p codeflow.Values, call *ssa.Call, obj *types.Func) (policies []ssa.Value, listens, ok bool) {
	switch obj.Name() {
	case "Run", "RunWithExecution", "Get", "GetWithExecution":
	default:
		return nil, false, false
	}
	if obj.Signature().Recv() == nil {
		return p.Elements(program.SignatureArg(call, 1)), false, true
	}
	executor := call.Call.Value
	for range 5 {
		made, ok := p.Root(executor).(*ssa.Call)
		if !ok {
			return nil, false, false
		}
		if made.Call.IsInvoke() { // WithContext and the like
			executor, listens = made.Call.Value, true
			continue
		}
		if len(made.Call.Args) == 0 {
			return nil, false, false
		}
		return p.Elements(made.Call.Args[len(made.Call.Args)-1]), listens, true
	}
	return nil, listens, true
}

// failsafePolicy reads a retry policy: a chain of calls of its builder.
func (sh *shapes) failsafePolicy(run *Run, v ssa.Value) bool {
	run.attempts, run.bare = 3, true // failsafe-go retrypolicy: two retries, no delay
	for range 20 {
		for {
			if made, ok := v.(*ssa.ChangeInterface); ok {
				v = made.X
				continue
			}
			break
		}
		call, ok := sh.Root(v).(*ssa.Call)
		if !ok {
			return false
		}
		obj := program.CalledObject(call.Common())
		if obj == nil || !strings.HasPrefix(codeflow.PathOf(obj), FailsafePath) {
			return false
		}
		if !call.Call.IsInvoke() { // NewBuilder, NewWithDefaults, and their older names
			return strings.HasSuffix(codeflow.PathOf(obj), "/retrypolicy")
		}
		switch obj.Name() {
		case "HandleIf":
			run.keep(sh, program.SignatureArg(call, 0))
		case "HandleErrors", "HandleErrorTypes", "HandleResult", "AbortIf", "AbortOnErrors", "AbortOnErrorTypes":
			run.doubtful |= run.keeps
			run.keeps = 0
		case "WithMaxRetries":
			n, ok := codeflow.ConstInt(program.SignatureArg(call, 0))
			run.attempts = 0
			if ok && n >= 0 {
				run.attempts = int(n) + 1
			}
			run.endless = ok && n < 0
		case "WithMaxAttempts":
			n, ok := codeflow.ConstInt(program.SignatureArg(call, 0))
			run.attempts = 0
			if ok && n > 0 {
				run.attempts = int(n)
			}
			run.endless = ok && n < 0
		case "WithDelay", "WithDelayFunc", "WithBackoff", "WithBackoffFactor", "WithRandomDelay":
			run.bare = false
		case "WithMaxDuration":
			run.endless = false
		case "OnRetry", "OnRetryScheduled":
			run.hooked = true
		}
		v = call.Call.Value
	}
	return false
}

// IsMiddlewareRetry reports whether a path is that of the retry interceptors
// of go-grpc-middleware, v1 or v2.
func IsMiddlewareRetry(path string) bool {
	switch codeflow.Versionless(path) {
	case "github.com/grpc-ecosystem/go-grpc-middleware/interceptors/retry", "github.com/grpc-ecosystem/go-grpc-middleware/retry":
		return true
	}
	return false
}

// middleware reads the retry options beside an RPC: they ask the interceptor
// of the connection for retries. It returns nil where there are none.
func (sh *shapes) middleware(call *ssa.Call) *Run {
	layer, _ := MiddlewareLayer(sh.Values, sh.OptionCalls(call))
	if layer == nil || layer.Attempts < 2 {
		return nil
	}
	return &Run{Call: call, Name: layer.Name, Listed: true, policy: policy{keeps: layer.Codes, attempts: layer.Attempts}}
}
