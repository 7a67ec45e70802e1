package request

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/grpcoption"
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

// Name says "Service.Method", without the package.
func (r *RPC) Name() string {
	service, method, ok := strings.Cut(strings.TrimPrefix(r.FullMethod, "/"), "/")
	if !ok {
		return "the RPC"
	}
	return service[strings.LastIndexByte(service, '.')+1:] + "." + method
}

// A Request is a call by which an RPC is made, at some distance.
type Request struct {
	Call *ssa.Call
	RPC  *RPC
	Err  ssa.Value // nil if dropped
	// Codes are those with which the RPC's own error comes back, OK
	// included; Doubtful is as in a state of codeflow.
	Codes, Doubtful codeflow.Codes
	made

	// Inner is the request inside a callee of this package.
	Inner *Request
	// Handed is the function that the call runs, if that is handed over: what
	// it does is known where the function around the call is called.
	Handed program.Input
	// given is what that is called with, each argument in the values that it
	// is made of; nil if it may be another one every time.
	given [][]ssa.Value
}

// made says what a request is made of, in values that its function sees.
type made struct {
	// Message is the RPC's request, nil if a callee builds it; then Parts
	// are the values that it is built from.
	Message ssa.Value
	Parts   []ssa.Value
	// varies: the callee makes it from more than those.
	varies bool
	// elsewhere: the callee may take another server every time.
	elsewhere bool
	// Client are the values that the connection is taken from.
	Client []ssa.Value
	// key is what is known about the token of a request that the callee
	// builds.
	key     Key
	Context ssa.Value
	// handed: the callee gives the message to others, who may change it.
	handed bool
	// ready: the callee says whether the RPC waits for its connection.
	ready bool
}

// In lists the calls of fn by which RPCs are made, in source order.
func (x *Index) In(fn *ssa.Function) []*Request {
	return slices.DeleteFunc(slices.Clone(x.Steps(fn)), func(r *Request) bool { return r.Handed.Param != nil })
}

// Steps lists the calls by which fn makes RPCs, or runs a function that it
// is handed, in source order.
func (x *Index) Steps(fn *ssa.Function) []*Request {
	if known, ok := x.requests[fn]; ok {
		return known
	}
	x.requests[fn] = nil // recursion
	var found []*Request
	for call := range program.Calls(fn) {
		found = append(found, x.requestsAt(call)...)
	}
	x.requests[fn] = found
	return found
}

func (x *Index) requestsAt(call *ssa.Call) []*Request {
	obj := program.CalledObject(&call.Call)
	if m := x.stubs.RPC(obj); m != nil {
		return x.stubRequest(call, obj, m)
	}
	if handed := x.handedTo(call); handed != nil && !handed.Handed.Whole() && len(x.Program.Callees(call)) > 1 {
		return []*Request{handed} // which of them the caller says
	}
	if callees := x.Program.Callees(call); len(callees) > 0 {
		var found []*Request
		for _, fn := range callees {
			found = append(found, x.localRequests(call, fn)...)
		}
		return found
	}
	switch {
	case obj != nil:
		if told := x.toldOf(obj); told != nil && !call.Call.IsInvoke() {
			if made := told.Made.Of(obj); made != nil {
				return x.importedRequests(call, *made, funckey.Of(obj))
			}
		}
	case isUnaryInvoker(call.Call.Value.Type()) && len(call.Call.Args) >= 5:
		return []*Request{{
			Call: call, RPC: &RPC{}, Err: program.Result(call, 0), Codes: codeflow.AllCodes,
			made: made{Context: call.Call.Args[0], Message: call.Call.Args[2], Client: []ssa.Value{call.Call.Args[4]}},
		}}
	default:
		if handed := x.handedTo(call); handed != nil {
			return []*Request{handed}
		}
	}
	return nil
}

// handedTo is a call of what a function is handed; nil for other calls.
func (x *Index) handedTo(call *ssa.Call) *Request {
	i := codeflow.ErrorIndex(call.Call.Signature())
	if i < 0 || call.Call.IsInvoke() || call.Call.StaticCallee() != nil {
		return nil
	}
	in := x.InputOf(call.Call.Value)
	if in.Param == nil {
		return nil
	}
	r := &Request{Call: call, RPC: &RPC{}, Err: program.Result(call, i), Codes: codeflow.AllCodes, Handed: in}
	for _, arg := range call.Call.Args {
		r.given = append(r.given, []ssa.Value{arg})
	}
	return r
}

// toldOf returns what the package of a function has told, nil for nothing.
func (x *Index) toldOf(obj *types.Func) *told {
	if obj == nil || obj.Pkg() == x.pass.Pkg {
		return nil
	}
	return x.imports.Of(obj)
}

func isUnaryInvoker(t types.Type) bool { return codeflow.IsNamed(t, stub.GRPCPath, "UnaryInvoker") }

// stubRequest is the call of a generated stub.
func (x *Index) stubRequest(call *ssa.Call, obj *types.Func, m *stub.Method) []*Request {
	if !m.Unary() || obj.Signature().Params().Len() != 3 {
		return nil // streams are opened again, not retried
	}
	r := &Request{Call: call, Err: program.Result(call, 1), Codes: codeflow.AllCodes, made: made{
		Context: program.SignatureArg(call, 0), Message: program.SignatureArg(call, 1), Client: program.Args(&call.Call)[:1],
	}}
	r.RPC = &RPC{FullMethod: m.FullMethod, Verdict: x.verdict(m, call), Empty: isEmptyMessage(r.Message.Type())}
	return []*Request{r}
}

// verdict classifies a method as seen from a call: a statement of intent at
// the call counts as well.
func (x *Index) verdict(m *stub.Method, call *ssa.Call) method.Verdict {
	if x.directives.States(x.pass.Fset, directive.Idempotent, call.Pos()) {
		return method.Verdict{Class: method.Declared, Reasons: []string{"said to be idempotent by a directive"}}
	}
	return x.stubs.Verdict(m)
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
func (x *Index) localRequests(call *ssa.Call, fn *ssa.Function) []*Request {
	var found []*Request
	for _, o := range x.outcomesAt(call, fn) {
		name := fn.Name()
		if fn.Parent() != nil {
			name = x.Program.CalleeName(call) // of the variable that holds the literal
		}
		r := requestBy(call, o, name)
		r.Inner = o.Request
		x.callerOf(fn, call).hands(r, o)
		found = append(found, r)
	}
	return found
}

// WaitsForReady: an option of the RPC says whether it waits for its connection.
func (x *Index) WaitsForReady(r *Request) bool {
	for r.Inner != nil {
		r = r.Inner
	}
	return r.ready || r.RPC.At == nil && grpcoption.ReadyOf(x.Program, r.Call).Said
}

// requestBy is a request that the function of that name makes, as its call
// shows it.
func requestBy(call *ssa.Call, o Outcome, name string) *Request {
	rpc := *o.Request.RPC
	rpc.Chain = append([]string{name}, rpc.Chain...)
	return &Request{
		Call: call, Err: program.Result(call, codeflow.ErrorIndex(call.Call.Signature())), Codes: o.Passes | codeflow.OK, Doubtful: o.Doubtful,
		RPC: &rpc, Handed: o.Request.Handed,
	}
}

// outcomesAt are the outcomes of a function at a call of it, those of the
// functions that it is handed there included.
func (x *Index) outcomesAt(call *ssa.Call, fn *ssa.Function) []Outcome {
	var found []Outcome
	for _, o := range x.Outcomes(fn) {
		in := o.Request.Handed
		switch {
		case in.Param == nil:
			found = append(found, o)
		case in.Param.Parent() != fn:
			found = append(found, o) // handed to a function around it
		default:
			v, at := x.Program.Given(call, in)
			found = append(found, x.runWith(o, v, at)...)
		}
	}
	return found
}

// runWith are the outcomes of a function that runs what it is handed if that is
// v, or an input of the function that hands it over.
func (x *Index) runWith(o Outcome, v ssa.Value, in program.Input) []Outcome {
	step := o.Request
	if in.Param != nil {
		return []Outcome{{&Request{Call: step.Call, RPC: step.RPC, Err: step.Err, Handed: in, given: step.given}, o.Passes, o.Doubtful}}
	}
	fn := x.FunctionOf(v)
	if fn == nil {
		return nil
	}
	var found []Outcome
	for _, inner := range x.Outcomes(fn) {
		passes := inner.Passes & o.Passes
		if p := inner.Request.Handed.Param; passes == 0 || p != nil && p.Parent() == fn {
			continue
		}
		r := &Request{
			Call: step.Call, RPC: inner.Request.RPC, Err: step.Err, Codes: inner.Passes | codeflow.OK, Doubtful: inner.Doubtful,
			Inner: inner.Request, Handed: inner.Request.Handed,
		}
		if fn.Parent() == nil {
			rpc := *r.RPC
			rpc.Chain = append([]string{fn.Name()}, rpc.Chain...)
			r.RPC = &rpc
		}
		unknown := false
		c := caller{x, fn, func(p *ssa.Parameter) []ssa.Value {
			// A bound method's receiver is none of the arguments.
			if i := slices.Index(fn.Params, p) - len(fn.Params) + len(step.given); i >= 0 && len(step.given[i]) > 0 {
				return step.given[i]
			}
			unknown = unknown || !stub.IsContext(p.Type())
			return nil
		}}
		c.hands(r, inner)
		r.varies = r.varies || unknown
		found = append(found, Outcome{r, passes, (inner.Doubtful | o.Doubtful) & passes})
	}
	return found
}

// importedRequests is the same for a function of another package.
func (x *Index) importedRequests(call *ssa.Call, made []Made, key string) []*Request {
	err := program.Result(call, codeflow.ErrorIndex(call.Call.Signature()))
	var found []*Request
	for i := range made {
		m := &made[i]
		if m.Runs > 0 && m.Runs <= len(call.Call.Args) {
			step, v := &Request{RPC: new(RPC)}, call.Call.Args[m.Runs-1]
			for _, o := range x.runWith(Outcome{step, m.Passes, m.Doubtful}, v, x.InputOf(v)) {
				r := requestBy(call, o, key)
				r.made, r.Inner = o.Request.made, o.Request.Inner
				found = append(found, r)
			}
			continue
		}
		at := m.At
		found = append(found, &Request{
			Call: call, Err: err, Codes: m.Passes | codeflow.OK, Doubtful: m.Doubtful,
			RPC:  &RPC{FullMethod: m.FullMethod, Verdict: m.Verdict, Empty: m.Empty, At: &at, Chain: append([]string{key}, m.Chain...)},
			made: m.at(call.Call.Args),
		})
	}
	return found
}

// An Outcome says with which codes a function returns the error of one of
// its requests.
type Outcome struct {
	Request          *Request
	Passes, Doubtful codeflow.Codes
}

// maxRequests bounds how many RPCs of one function are looked at.
const maxRequests = 4

// Outcomes judges the requests of a function of this package.
func (x *Index) Outcomes(fn *ssa.Function) []Outcome {
	if known, ok := x.outcome[fn]; ok {
		return known
	}
	x.outcome[fn] = nil // recursion
	index := codeflow.ErrorIndex(fn.Signature)
	if index < 0 {
		return nil
	}
	requests := x.Steps(fn)
	if len(requests) == 0 || len(requests) > maxRequests {
		return nil // with so many it is no single step any more
	}
	var found []Outcome
	for _, r := range requests {
		if r.Err == nil || r.Handed.Param != nil && x.repeats(r.Call) {
			continue
		}
		o := Outcome{Request: r}
		w := x.Behind(r)
		w.OnReturn = func(s *codeflow.State, ret *ssa.Return) {
			switch w.KindOf(ret.Results[index], s, 0) {
			case codeflow.TheError:
				o.Passes |= s.Codes & codeflow.Failures
				o.Doubtful |= s.Doubtful & codeflow.Failures
			case codeflow.Related, codeflow.Unrelated:
				o.Passes |= s.Codes & codeflow.Failures
				o.Doubtful |= s.Codes & codeflow.Failures
			}
		}
		w.After(r.Call)
		if w.Lost || o.Passes == 0 {
			continue
		}
		found = append(found, o)
	}
	x.outcome[fn] = found
	return found
}

// repeats: a call is in a loop, or in a function that calls itself: what it
// runs is tried again, or is something else every time.
func (x *Index) repeats(call *ssa.Call) bool {
	fn := call.Parent()
	for other := range program.Calls(fn) {
		if x.Program.Local(other.Call.StaticCallee()) == fn {
			return true
		}
	}
	return x.Program.Innermost(call.Block()) != nil
}

// Behind returns a walk about the error of a request.
func (x *Index) Behind(r *Request) *codeflow.Walk {
	return &codeflow.Walk{Flow: x.Flow, Subject: codeflow.Subject{
		Err: r.Err, Kind: codeflow.TheError, Result: r.Call, Codes: r.Codes, Doubtful: r.Doubtful,
	}}
}

// factOfMade tells importers about an outcome.
func (x *Index) factOfMade(o Outcome, fn *ssa.Function) Made {
	r := o.Request
	if r.Handed.Param != nil {
		return Made{Passes: o.Passes, Doubtful: o.Doubtful, Runs: 1 + paramIndex(fn, r.Handed.Param), Message: -1, Context: -1}
	}
	m := x.madeBy(o, fn)
	told := Made{
		Passes: o.Passes, Doubtful: o.Doubtful, At: x.place(r),
		FullMethod: r.RPC.FullMethod, Verdict: r.RPC.Verdict, Empty: r.RPC.Empty, Chain: r.RPC.Chain,
		Context: paramIndex(fn, m.Context), Parts: x.paramsAmong(fn, m.Parts), Client: x.paramsAmong(fn, m.Client),
		Varies: m.varies, Elsewhere: m.elsewhere, Ready: x.WaitsForReady(r), Handed: m.handed,
		Key: m.key.State, KeyFrom: x.paramsAmong(fn, m.key.from), Generator: m.key.Generator,
	}
	if told.Message = paramIndex(fn, m.Message); told.Message < 0 && m.Message != nil {
		told.Parts = x.paramsAmong(fn, []ssa.Value{m.Message})
	}
	return told
}

// paramIndex counts a parameter of a function, with the receiver; -1 for other
// values.
func paramIndex(fn *ssa.Function, v ssa.Value) int {
	return slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return v == p })
}

// paramsAmong returns which of a function's parameters are among its inputs, or
// have one of them in a field, the receiver counted, in order.
func (x *Index) paramsAmong(fn *ssa.Function, inputs []ssa.Value) []int {
	var list []int
	for i, p := range fn.Params {
		if slices.ContainsFunc(inputs, func(v ssa.Value) bool { return x.InputOf(v).Param == p }) {
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
		Message: one(m.Message), Context: one(m.Context), Parts: all(m.Parts), Client: all(m.Client),
		varies: m.Varies, elsewhere: m.Elsewhere, ready: m.Ready, handed: m.Handed,
		key: Key{State: m.Key, Generator: m.Generator, from: all(m.KeyFrom)},
	}
}
