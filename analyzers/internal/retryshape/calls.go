package retryshape

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
)

// An RPC is a unary RPC that a call makes.
type RPC struct {
	FullMethod string // "/package.Service/Method"; "" for whatever an interceptor is called for
	Verdict    method.Verdict
	// Empty: the request has no fields, as that of a ping.
	Empty bool

	// At is the place of the RPC if a function of another package makes
	// it; Chain names the functions between, outermost first.
	At    *finding.Remote
	Chain []string
}

// A request is a call by which an RPC is made, at some distance.
type request struct {
	call *ssa.Call
	rpc  *RPC
	Err  ssa.Value // nil if dropped
	// Codes are those with which the RPC's own error comes back, OK
	// included; Doubtful is as in a state of codeflow.
	Codes, Doubtful codeflow.Codes
	made

	// inner is the request inside a callee of this package.
	inner *request
	// Again says how the callee tries again by itself, if it is in another
	// package and that is known.
	Again *Layer
	// handed is the parameter that the call runs: what it does is known
	// where the function is called.
	handed *ssa.Parameter
}

// made says what a request is made of, in values that its function sees.
type made struct {
	// message is the RPC's request, nil if a callee builds it; then parts
	// are the values that it is built from.
	message ssa.Value
	parts   []ssa.Value
	// varies: the callee makes it from more than those.
	varies bool
	// elsewhere: the callee may take another server every time.
	elsewhere bool
	// client are the values that the connection is taken from.
	client []ssa.Value
	// key is what is known about the token of a request that the callee
	// builds.
	key Key
	ctx ssa.Value
}

// requestsIn lists the calls of fn by which RPCs are made, in source order.
func (sh *shapes) requestsIn(fn *ssa.Function) []*request {
	return slices.DeleteFunc(slices.Clone(sh.stepsIn(fn)), func(r *request) bool { return r.handed != nil })
}

// stepsIn lists the calls by which fn makes RPCs, or runs a function that it
// is handed, in source order.
func (sh *shapes) stepsIn(fn *ssa.Function) []*request {
	if known, ok := sh.requests[fn]; ok {
		return known
	}
	sh.requests[fn] = nil // recursion
	var found []*request
	for call := range program.Calls(fn) {
		found = append(found, sh.requestsAt(call)...)
	}
	sh.requests[fn] = found
	return found
}

func (sh *shapes) requestsAt(call *ssa.Call) []*request {
	obj := program.CalledObject(&call.Call)
	if m := sh.stubs.RPC(obj); m != nil {
		return sh.stubRequest(call, obj, m)
	}
	if callees := sh.Program.Callees(call); len(callees) > 0 {
		var found []*request
		for _, fn := range callees {
			found = append(found, sh.localRequests(call, fn)...)
		}
		return found
	}
	switch {
	case obj != nil:
		if told := sh.toldOf(obj); told != nil && !call.Call.IsInvoke() {
			if made := told.Made.Of(obj); made != nil {
				return sh.importedRequests(call, *made, funckey.Of(obj))
			}
		}
	case isUnaryInvoker(call.Call.Value.Type()) && len(call.Call.Args) >= 5:
		return []*request{{
			call: call, rpc: &RPC{}, Err: program.Result(call, 0), Codes: codeflow.AllCodes,
			made: made{ctx: call.Call.Args[0], message: call.Call.Args[2], client: []ssa.Value{call.Call.Args[4]}},
		}}
	default:
		if p, i := sh.handed(call.Call.Value), codeflow.ErrorIndex(call.Call.Signature()); p != nil && i >= 0 {
			return []*request{{call: call, rpc: &RPC{}, Err: program.Result(call, i), Codes: codeflow.AllCodes, handed: p}}
		}
	}
	return nil
}

// handed: v is a function that is a parameter, of its function or of one
// around it.
func (sh *shapes) handed(v ssa.Value) *ssa.Parameter {
	p, ok := sh.Root(v).(*ssa.Parameter)
	if !ok {
		return nil
	}
	if _, isFunc := p.Type().Underlying().(*types.Signature); !isFunc {
		return nil
	}
	return p
}

// toldOf returns what the package of a function has told, nil for nothing.
func (sh *shapes) toldOf(obj *types.Func) *told {
	if obj == nil || obj.Pkg() == sh.pass.Pkg {
		return nil
	}
	return sh.imports.Of(obj)
}

func isUnaryInvoker(t types.Type) bool { return codeflow.IsNamed(t, stub.GRPCPath, "UnaryInvoker") }

// stubRequest is the call of a generated stub.
func (sh *shapes) stubRequest(call *ssa.Call, obj *types.Func, m *stub.Method) []*request {
	if !m.Unary() || obj.Signature().Params().Len() != 3 {
		return nil // streams are opened again, not retried
	}
	r := &request{call: call, Err: program.Result(call, 1), Codes: codeflow.AllCodes, made: made{
		ctx: program.SignatureArg(call, 0), message: program.SignatureArg(call, 1), client: program.Args(&call.Call)[:1],
	}}
	r.rpc = &RPC{FullMethod: m.FullMethod, Verdict: sh.verdict(m, call), Empty: isEmptyMessage(r.message.Type())}
	return []*request{r}
}

// verdict classifies a method as seen from a call: a statement of intent at
// the call counts as well.
func (sh *shapes) verdict(m *stub.Method, call *ssa.Call) method.Verdict {
	if sh.directives.States(sh.pass.Fset, directive.Idempotent, call.Pos()) {
		return method.Verdict{Class: method.Declared, Reasons: []string{"said to be idempotent by a directive"}}
	}
	return sh.stubs.Verdict(m)
}

// isEmptyMessage: a message without fields of its own.
func isEmptyMessage(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	fields, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range fields.Fields() {
		if f.Exported() && f.Name() != "XXX_NoUnkeyedLiteral" && f.Name() != "XXX_unrecognized" && f.Name() != "XXX_sizecache" {
			return false
		}
	}
	return true
}

// localRequests is the call of a function of this package that makes RPCs
// and returns their errors.
func (sh *shapes) localRequests(call *ssa.Call, fn *ssa.Function) []*request {
	var found []*request
	for _, o := range sh.outcomesAt(call, fn) {
		name := fn.Name()
		if fn.Parent() != nil {
			name = sh.Program.CalleeName(call) // of the variable that holds the literal
		}
		r := requestBy(call, o, name)
		r.inner = o.request
		r.made = sh.madeBy(o, fn).at(func(v ssa.Value) ssa.Value {
			if p, ok := v.(*ssa.Parameter); ok && p.Parent() == fn {
				return sh.Program.ArgOf(call, p)
			}
			return v
		})
		found = append(found, r)
	}
	return found
}

// requestBy is a request that the function of that name makes, as its call
// shows it.
func requestBy(call *ssa.Call, o outcome, name string) *request {
	rpc := *o.request.rpc
	rpc.Chain = append([]string{name}, rpc.Chain...)
	return &request{
		call: call, Err: program.Result(call, codeflow.ErrorIndex(call.Call.Signature())), Codes: o.passes | codeflow.OK, Doubtful: o.Doubtful,
		rpc: &rpc, handed: o.request.handed,
	}
}

// outcomesAt are the outcomes of a function at a call of it, those of the
// functions that it is handed there included.
func (sh *shapes) outcomesAt(call *ssa.Call, fn *ssa.Function) []outcome {
	var found []outcome
	for _, o := range sh.outcomes(fn) {
		p := o.request.handed
		switch {
		case p == nil:
			found = append(found, o)
		case p.Parent() != fn:
			found = append(found, o) // handed to a function around it
		case sh.runnerOf(fn) == nil: // else it is the one that tries again
			found = append(found, sh.runWith(o, sh.Program.ArgOf(call, p))...)
		}
	}
	return found
}

// runWith are the outcomes of a function that runs its parameter if that is v.
func (sh *shapes) runWith(o outcome, v ssa.Value) []outcome {
	step := o.request
	if p := sh.handed(v); p != nil {
		return []outcome{{&request{call: step.call, rpc: step.rpc, Err: step.Err, handed: p}, o.passes, o.Doubtful}}
	}
	fn := sh.FunctionOf(v)
	if fn == nil {
		return nil
	}
	var found []outcome
	for _, inner := range sh.outcomes(fn) {
		passes := inner.passes & o.passes
		if passes == 0 || inner.request.handed != nil && inner.request.handed.Parent() == fn {
			continue
		}
		r := &request{
			call: step.call, rpc: inner.request.rpc, Err: step.Err, Codes: inner.passes | codeflow.OK, Doubtful: inner.Doubtful,
			inner: inner.request, handed: inner.request.handed,
		}
		if fn.Parent() == nil {
			rpc := *r.rpc
			rpc.Chain = append([]string{fn.Name()}, rpc.Chain...)
			r.rpc = &rpc
		}
		unknown := false
		r.made = sh.madeBy(inner, fn).at(func(v ssa.Value) ssa.Value {
			p, ok := v.(*ssa.Parameter)
			if !ok || p.Parent() != fn {
				return v
			}
			if step.call != nil {
				// A bound method's receiver is none of the arguments.
				args := step.call.Call.Args
				if i := slices.Index(fn.Params, p) - len(fn.Params) + len(args); i >= 0 {
					return args[i]
				}
			}
			unknown = unknown || !stub.IsContext(p.Type())
			return nil
		})
		r.varies = r.varies || unknown
		found = append(found, outcome{r, passes, (inner.Doubtful | o.Doubtful) & passes})
	}
	return found
}

// at replaces the inputs of a function by what a call passes.
func (m made) at(arg func(ssa.Value) ssa.Value) made {
	one := func(v ssa.Value) ssa.Value {
		if v == nil {
			return nil
		}
		return arg(v)
	}
	all := func(values []ssa.Value) []ssa.Value {
		var list []ssa.Value
		for _, v := range values {
			if v = arg(v); v != nil {
				list = append(list, v)
			}
		}
		return list
	}
	m.message, m.ctx = one(m.message), one(m.ctx)
	m.parts, m.client, m.key.from = all(m.parts), all(m.client), all(m.key.from)
	m.key.Store, m.key.Call = nil, nil
	return m
}

// importedRequests is the same for a function of another package.
func (sh *shapes) importedRequests(call *ssa.Call, made []Made, key string) []*request {
	i := codeflow.ErrorIndex(call.Call.Signature())
	if i < 0 {
		return nil
	}
	var found []*request
	for j := range made {
		m := &made[j]
		if m.Runs > 0 && m.Runs <= len(call.Call.Args) {
			step := &request{rpc: new(RPC)}
			for _, o := range sh.runWith(outcome{step, m.Passes, m.Doubtful}, call.Call.Args[m.Runs-1]) {
				r := requestBy(call, o, key)
				r.made, r.inner = o.request.made, o.request.inner
				found = append(found, r)
			}
			continue
		}
		at := m.At
		found = append(found, &request{
			call: call, Err: program.Result(call, i), Codes: m.Passes | codeflow.OK, Doubtful: m.Doubtful, Again: m.Again,
			rpc:  &RPC{FullMethod: m.FullMethod, Verdict: m.Verdict, Empty: m.Empty, At: &at, Chain: append([]string{key}, m.Chain...)},
			made: m.at(call.Call.Args),
		})
	}
	return found
}

// An outcome says with which codes a function returns the error of one of
// its requests.
type outcome struct {
	request          *request
	passes, Doubtful codeflow.Codes
}

// maxRequests bounds how many RPCs of one function are looked at.
const maxRequests = 4

// outcomes judges the requests of a function of this package.
func (sh *shapes) outcomes(fn *ssa.Function) []outcome {
	if known, ok := sh.outcome[fn]; ok {
		return known
	}
	sh.outcome[fn] = nil // recursion
	index := codeflow.ErrorIndex(fn.Signature)
	if index < 0 {
		return nil
	}
	requests := sh.stepsIn(fn)
	if len(requests) == 0 || len(requests) > maxRequests {
		return nil // with so many it is no single step any more
	}
	var found []outcome
	for _, r := range requests {
		if r.Err == nil {
			continue
		}
		o := outcome{request: r}
		w := sh.walkBehind(r)
		w.OnReturn = func(s *codeflow.State, ret *ssa.Return) {
			switch w.KindOf(ret.Results[index], s, 0) {
			case codeflow.TheError:
				o.passes |= s.Codes & codeflow.Failures
				o.Doubtful |= s.Doubtful & codeflow.Failures
			case codeflow.Related, codeflow.Unrelated:
				o.passes |= s.Codes & codeflow.Failures
				o.Doubtful |= s.Codes & codeflow.Failures
			}
		}
		w.After(r.call)
		if w.Lost || o.passes == 0 {
			continue
		}
		found = append(found, o)
	}
	sh.outcome[fn] = found
	return found
}

// walkBehind returns a walk about the error of a request, which notes what
// happens on the way.
func (sh *shapes) walkBehind(r *request) *codeflow.Walk {
	guards := make(map[ssa.Value]bool)
	w := &codeflow.Walk{Flow: sh.Flow, Subject: codeflow.Subject{
		Err: r.Err, Kind: codeflow.TheError, Result: r.call, Codes: r.Codes, Doubtful: r.Doubtful,
	}}
	w.OnWait = func(s *codeflow.State) { s.Effect |= waits }
	w.OnCall = func(s *codeflow.State, call *ssa.Call) { s.Effect |= sh.callEffect(w, call, s) }
	w.OnCondition = func(s *codeflow.State, cond ssa.Value) {
		guard, known := guards[cond]
		if !known {
			guard = sh.dependsOnRequest(cond, r)
			guards[cond] = guard
		}
		if guard {
			s.Effect |= guarded
		}
	}
	return w
}

// madeBy says what the request of an outcome is made of, in the inputs of its
// function.
func (sh *shapes) madeBy(o outcome, fn *ssa.Function) made {
	r, whole := o.request, region{fn: fn}
	m := made{ctx: sh.input(r.ctx, fn), elsewhere: !sh.sameClient(r, whole)}
	for _, client := range r.client {
		m.client = append(m.client, sh.inputs(client, fn)...)
	}
	if m.message = sh.input(r.message, fn); m.message != nil {
		return m
	}
	for _, part := range append(slices.Clone(r.parts), r.message) {
		m.parts = append(m.parts, sh.inputs(part, fn)...)
	}
	m.varies, m.key = !sh.same(r, whole), sh.keyOf(r, whole)
	var from []ssa.Value
	for _, v := range m.key.from {
		from = append(from, sh.inputs(v, fn)...)
	}
	m.key.from = from
	return m
}

// factOfMade tells importers about an outcome.
func (sh *shapes) factOfMade(o outcome, fn *ssa.Function) Made {
	r := o.request
	if r.handed != nil {
		return Made{Passes: o.passes, Doubtful: o.Doubtful, Runs: 1 + slices.Index(fn.Params, r.handed), Message: -1, Context: -1}
	}
	m := sh.madeBy(o, fn)
	told := Made{
		Passes: o.passes, Doubtful: o.Doubtful, Again: sh.repeated[r.call], At: sh.place(r),
		FullMethod: r.rpc.FullMethod, Verdict: r.rpc.Verdict, Empty: r.rpc.Empty, Chain: r.rpc.Chain,
		Message: -1, Context: -1, Parts: paramsAmong(fn, m.parts), Client: paramsAmong(fn, m.client),
		Varies: m.varies, Elsewhere: m.elsewhere,
		Key: m.key.State, KeyFrom: paramsAmong(fn, m.key.from), Generator: m.key.Generator,
	}
	if told.Again == nil {
		told.Again = sh.layerOf(r)
	}
	if i := paramsAmong(fn, []ssa.Value{m.message}); len(i) > 0 {
		told.Message = i[0]
	}
	if i := paramsAmong(fn, []ssa.Value{m.ctx}); len(i) > 0 {
		told.Context = i[0]
	}
	return told
}

// paramsAmong returns which of a function's parameters are among values, the
// receiver counted, in order.
func paramsAmong(fn *ssa.Function, values []ssa.Value) []int {
	var list []int
	for i, p := range fn.Params {
		if slices.Contains(values, ssa.Value(p)) {
			list = append(list, i)
		}
	}
	return list
}

// at is what the request of a function is made of where that is called with
// arguments, the receiver among them.
func (m *Made) at(args []ssa.Value) made {
	one := func(i int) ssa.Value {
		if i < 0 || i >= len(args) {
			return nil
		}
		return args[i]
	}
	all := func(params []int) []ssa.Value {
		var list []ssa.Value
		for _, i := range params {
			if v := one(i); v != nil {
				list = append(list, v)
			}
		}
		return list
	}
	return made{
		message: one(m.Message), ctx: one(m.Context), parts: all(m.Parts), client: all(m.Client),
		varies: m.Varies, elsewhere: m.Elsewhere,
		key: Key{State: m.Key, Generator: m.Generator, from: all(m.KeyFrom)},
	}
}
