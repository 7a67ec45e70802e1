package status

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// A reply is what the handler of a unary RPC returns in one return statement.
type reply struct {
	fn   *ssa.Function
	obj  *types.Func
	rpc  *stub.Method
	ret  *ssa.Return
	expr ast.Node // what the statement returns first
}

// eachReply visits what the handlers of unary RPCs return, mocks not counted.
func eachReply(pass *report.Pass, visit func(r *reply, made *flow.Tracer[flow.Part[message]])) {
	p := flowOf(pass).Program
	if !stubs(pass).Reaches || p == nil {
		return
	}
	made := newMessageTracer(flowOf(pass))
	for _, fn := range p.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Signature.Results().Len() != 2 {
			continue
		}
		rpc := stubs(pass).Handler(obj)
		if rpc == nil || !rpc.Unary() || pass.InTest(fn.Pos()) {
			continue
		}
		for _, block := range fn.Blocks {
			if ret, ok := control.Last(block).(*ssa.Return); ok {
				if expr := operandOf(pass, ret, 0); expr != nil {
					visit(&reply{fn, obj, rpc, ret, expr}, made)
				}
			}
		}
	}
}

// operandOf returns the syntax of what a return statement returns as result
// number i, or the statement itself if it names nothing; nil for the way out
// behind a panic.
func operandOf(pass *report.Pass, ret *ssa.Return, i int) ast.Node {
	stmt, ok := syntax.Of(pass.Pass).At(ret.Pos()).(*ast.ReturnStmt)
	switch {
	case !ok:
		return nil
	case len(stmt.Results) == 0:
		return stmt
	case len(stmt.Results) == 1:
		return stmt.Results[0] // perhaps return f()
	}
	return stmt.Results[i]
}

// A message says what a value of a message's type is, on every way. The zero
// message comes from nowhere.
type message struct {
	kind   messageKind
	getter *ssa.Call // of a gotten one
}

type messageKind uint8

const (
	unknownMessage messageKind = iota + 1
	noMessage                  // nil
	filled                     // made here, with a field that is not nil, false, zero or empty
	gotten                     // what a generated getter returns, which may be nil
)

// newMessageTracer makes what follows messages to where they are made. What a
// function returns beside an error is not followed: it depends on that.
func newMessageTracer(f *errflow.Flow) *flow.Tracer[flow.Part[message]] {
	d := flow.Sole(message{kind: unknownMessage})
	d.Source = func(_ flow.Trace[flow.Part[message]], v ssa.Value) (flow.Part[message], bool) {
		m := message{kind: unknownMessage}
		switch v := v.(type) {
		case *ssa.Const:
			m.kind = noMessage
		case *ssa.Alloc:
			if carriesData(v) {
				m.kind = filled
			}
		default:
			return flow.Part[message]{}, false
		}
		return flow.Part[message]{Own: m}, true
	}
	d.Call = func(_ flow.Trace[flow.Part[message]], call *ssa.Call, _ int) (flow.Part[message], bool) {
		if isGetter(calledFunc(call)) {
			return flow.Part[message]{Own: message{gotten, call}}, true
		}
		return flow.Part[message]{Own: message{kind: unknownMessage}}, call.Call.Signature().Results().Len() > 1
	}
	d.Bodies = true
	return flow.New(f.Program, d)
}

// carriesData: at least one field of a struct is given something that is not
// nil, false, zero or empty.
func carriesData(alloc *ssa.Alloc) bool {
	for store := range control.PartStores(alloc) {
		if !isEmptyValue(store.Val) {
			return true
		}
	}
	return false
}

// isEmptyValue: nil, false, zero, "", or a literal without elements.
func isEmptyValue(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return true
		}
		switch v.Value.ExactString() {
		case "0", `""`, "false":
			return true
		}
	case *ssa.Alloc:
		return len(control.Uses(v)) <= 1 // to be stored
	case *ssa.Slice:
		return isEmptyValue(v.X)
	case *ssa.MakeMap:
		return len(control.Uses(v)) <= 1
	}
	return false
}
