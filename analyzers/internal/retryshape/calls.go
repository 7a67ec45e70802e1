package retryshape

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

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
	err  ssa.Value // nil if dropped
	// codes are those with which the RPC's own error comes back, OK
	// included; doubtful is as in state.
	codes, doubtful Codes

	// message is the RPC's request as call passes it, nil if the callee
	// builds it; then parts are the arguments that it is built from.
	message ssa.Value
	parts   []ssa.Value
	// varies: the callee makes it from more than its arguments.
	varies bool
	// elsewhere: the callee may take another server every time.
	elsewhere bool
	// client are the values that the connection is taken from.
	client []ssa.Value
	// key is what is known about the token of a request that the callee
	// builds.
	key Key
	ctx ssa.Value
	// inner is the request inside a callee of this package.
	inner *request
	// retried: the callee tries again by itself; again says how, if that is
	// known and the callee is in another package.
	retried bool
	again   *Layer
}

// requestsIn lists the calls of fn by which RPCs are made, in source order.
func (sh *shapes) requestsIn(fn *ssa.Function) []*request {
	if known, ok := sh.requests[fn]; ok {
		return known
	}
	sh.requests[fn] = nil // recursion
	var found []*request
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				found = append(found, sh.requestsAt(call)...)
			}
		}
	}
	sh.requests[fn] = found
	return found
}

func (sh *shapes) requestsAt(call *ssa.Call) []*request {
	obj := calledObject(call)
	if obj == nil {
		if isUnaryInvoker(call.Call.Value.Type()) && len(call.Call.Args) >= 5 {
			return []*request{{
				call: call, rpc: &RPC{}, err: resultOf(call, 0), codes: AllCodes,
				ctx: call.Call.Args[0], message: call.Call.Args[2], client: []ssa.Value{call.Call.Args[4]},
			}}
		}
		return nil
	}
	if m := sh.stubs.RPC(obj); m != nil {
		return sh.stubRequest(call, obj, m)
	}
	if fn := sh.declared(obj); fn != nil && !call.Call.IsInvoke() {
		return sh.localRequests(call, fn)
	}
	if obj.Pkg() != nil && obj.Pkg() != sh.pass.Pkg && !call.Call.IsInvoke() {
		if fact := sh.facts[obj.Pkg().Path()]; fact != nil {
			return sh.importedRequests(call, fact, funckey.Of(obj))
		}
	}
	return nil
}

func isUnaryInvoker(t types.Type) bool { return isNamed(t, stub.GRPCPath, "UnaryInvoker") }

// stubRequest is the call of a generated stub.
func (sh *shapes) stubRequest(call *ssa.Call, obj *types.Func, m *stub.Method) []*request {
	if !m.Unary() || obj.Signature().Params().Len() != 3 {
		return nil // streams are opened again, not retried
	}
	r := &request{
		call: call, err: resultOf(call, 1), codes: AllCodes,
		ctx: program.SignatureArg(call, 0), message: program.SignatureArg(call, 1),
	}
	if call.Call.IsInvoke() {
		r.client = []ssa.Value{call.Call.Value}
	} else {
		r.client = []ssa.Value{call.Call.Args[0]}
	}
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

// resultOf returns result number i of a call, nil if it is dropped.
func resultOf(call *ssa.Call, i int) ssa.Value {
	if call.Call.Signature().Results().Len() == 1 {
		return call
	}
	for _, user := range *call.Referrers() {
		if extract, ok := user.(*ssa.Extract); ok && extract.Index == i {
			return extract
		}
	}
	return nil
}

// errorIndex returns the index of a function's error, its last result, or -1.
func errorIndex(sig *types.Signature) int {
	n := sig.Results().Len()
	if n == 0 || !isError(sig.Results().At(n-1).Type()) {
		return -1
	}
	return n - 1
}

// localRequests is the call of a function of this package that makes RPCs
// and returns their errors.
func (sh *shapes) localRequests(call *ssa.Call, fn *ssa.Function) []*request {
	i := errorIndex(fn.Signature)
	if i < 0 {
		return nil
	}
	var found []*request
	for _, o := range sh.outcomes(fn) {
		r := &request{
			call: call, err: resultOf(call, i), codes: o.passes | OK, doubtful: o.doubtful,
			inner: o.request, retried: o.request.retried || o.repeats,
		}
		rpc := *o.request.rpc
		rpc.Chain = append([]string{fn.Name()}, rpc.Chain...)
		r.rpc = &rpc
		r.through(sh, o.made(sh, fn), func(i int) ssa.Value {
			if i < len(call.Call.Args) {
				return call.Call.Args[i]
			}
			return nil
		})
		found = append(found, r)
	}
	return found
}

// through fills in what a caller passes for the parameters that matter, the
// receiver counted.
func (r *request) through(sh *shapes, m *Made, arg func(int) ssa.Value) {
	if m.Message >= 0 {
		r.message = arg(m.Message)
	}
	if m.Context >= 0 {
		r.ctx = arg(m.Context)
	}
	for _, i := range m.Parts {
		if v := arg(i); v != nil {
			r.parts = append(r.parts, v)
		}
	}
	for _, i := range m.Client {
		if v := arg(i); v != nil {
			r.client = append(r.client, v)
		}
	}
	r.varies, r.elsewhere = m.Varies, m.Elsewhere
	r.key = Key{State: m.Key, Generator: m.Generator}
	if m.KeyParam >= 0 {
		r.key.Value = arg(m.KeyParam)
	}
}

// importedRequests is the same for a function of another package.
func (sh *shapes) importedRequests(call *ssa.Call, fact *Fact, key string) []*request {
	var found []*request
	for _, m := range fact.made(key) {
		i := errorIndex(call.Call.Signature())
		if i < 0 {
			continue
		}
		at := m.At
		r := &request{
			call: call, err: resultOf(call, i), codes: m.Passes | OK, doubtful: m.Doubtful, retried: m.Repeats, again: m.Again,
			rpc: &RPC{FullMethod: m.FullMethod, Verdict: m.Verdict, Empty: m.Empty, At: &at, Chain: append([]string{key}, m.Chain...)},
		}
		r.through(sh, m, func(i int) ssa.Value {
			if i < len(call.Call.Args) {
				return call.Call.Args[i]
			}
			return nil
		})
		found = append(found, r)
	}
	return found
}

// An outcome says with which codes a function returns the error of one of
// its requests.
type outcome struct {
	request          *request
	passes, doubtful Codes
	repeats          bool // in a loop of the function
}

// maxRequests bounds how many RPCs of one function are looked at.
const maxRequests = 4

// outcomes judges the requests of a function of this package.
func (sh *shapes) outcomes(fn *ssa.Function) []outcome {
	if known, ok := sh.outcome[fn]; ok {
		return known
	}
	sh.outcome[fn] = nil // recursion
	index := errorIndex(fn.Signature)
	if index < 0 {
		return nil
	}
	requests := sh.requestsIn(fn)
	if len(requests) == 0 || len(requests) > maxRequests {
		return nil // with so many it is no single step any more
	}
	var found []outcome
	for _, r := range requests {
		if r.err == nil {
			continue
		}
		o := outcome{request: r, repeats: sh.innermost(r.call.Block()) != nil}
		w := sh.walkBehind(r)
		w.onReturn = func(s *state, ret *ssa.Return) {
			switch w.kindOf(ret.Results[index], s, 0) {
			case theError:
				o.passes |= s.codes & Failures
				o.doubtful |= s.doubtful & Failures
			case related, unrelated:
				o.passes |= s.codes & Failures
				o.doubtful |= s.codes & Failures
			}
		}
		w.after(r.call)
		if w.lost || o.passes == 0 {
			continue
		}
		found = append(found, o)
	}
	sh.outcome[fn] = found
	return found
}

// walkBehind returns a walk about the error of a request.
func (sh *shapes) walkBehind(r *request) *walk {
	return &walk{shapes: sh, request: r, subject: subject{
		err: r.err, kind: theError, result: r.call, codes: r.codes, doubtful: r.doubtful,
	}}
}

// made describes an outcome in the function's own parameters, the receiver
// counted as SSA does.
func (o outcome) made(sh *shapes, fn *ssa.Function) *Made {
	r := o.request
	m := &Made{
		Passes: o.passes, Doubtful: o.doubtful, Repeats: o.repeats || r.retried,
		FullMethod: r.rpc.FullMethod, Verdict: r.rpc.Verdict, Empty: r.rpc.Empty, Chain: r.rpc.Chain,
		Message: -1, Context: -1, KeyParam: -1,
	}
	if m.Again = sh.repeated[r.call]; m.Again == nil {
		m.Again = sh.layerOf(r)
	}
	whole := region{fn: fn}
	paramOf := func(v ssa.Value) int {
		if p, ok := v.(*ssa.Parameter); ok && p.Parent() == fn {
			return slices.Index(fn.Params, p)
		}
		return -1
	}
	if r.message != nil {
		if i := paramOf(sh.origin(r.message)); i >= 0 {
			m.Message = i
		} else {
			m.Parts = sh.paramsOf(r.message, fn)
			m.Varies = !sh.same(r, whole)
			key := sh.keyOf(r, whole)
			m.Key, m.Generator = key.State, key.Generator
			if key.Value != nil {
				m.KeyParam = paramOf(sh.origin(key.Value))
				if m.KeyParam < 0 && m.Key == KeySet {
					m.Key = KeyUnknown
				}
			}
		}
	} else {
		for _, part := range r.parts {
			m.Parts = append(m.Parts, sh.paramsOf(part, fn)...)
		}
		m.Varies = !sh.same(r, whole)
		m.Key, m.Generator = r.key.State, r.key.Generator
		if r.key.Value != nil {
			switch fresh := sh.freshIn(r.key.Value, whole); {
			case fresh != nil:
				m.Key, m.Generator = KeyFresh, generatorName(fresh)
			default:
				if m.KeyParam = paramOf(sh.origin(r.key.Value)); m.KeyParam < 0 {
					m.Key = KeyUnknown
				}
			}
		}
	}
	if r.ctx != nil {
		m.Context = paramOf(sh.origin(r.ctx))
	}
	m.Elsewhere = !sh.sameClient(r, whole)
	for _, client := range r.client {
		m.Client = append(m.Client, sh.paramsOf(client, fn)...)
	}
	slices.Sort(m.Parts)
	m.Parts = slices.Compact(m.Parts)
	slices.Sort(m.Client)
	m.Client = slices.Compact(m.Client)
	return m
}

// paramsOf lists the parameters that a value is computed from.
func (sh *shapes) paramsOf(v ssa.Value, fn *ssa.Function) []int {
	var params []int
	seen := make(map[ssa.Value]bool)
	var visit func(ssa.Value)
	visit = func(v ssa.Value) {
		if v == nil || seen[v] || len(seen) > 200 {
			return
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Parameter:
			if i := slices.Index(fn.Params, v); i >= 0 {
				params = append(params, i)
			}
			return
		case *ssa.Alloc:
			for _, stored := range sh.writes(v) {
				visit(stored.Val)
			}
			for _, stored := range contents(v) {
				visit(stored)
			}
			return
		}
		if instr, ok := v.(ssa.Instruction); ok {
			var buffer [8]*ssa.Value
			for _, operand := range instr.Operands(buffer[:0]) {
				visit(*operand)
			}
		}
	}
	visit(v)
	return params
}
