package errflow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// outcomes say how an error may come out.
type outcomes uint8

const (
	failure outcomes = 1 << iota
	success          // or not known
)

// Fails reports whether an error that is used in a block is sure not to be nil.
func (f *Flow) Fails(v ssa.Value, block *ssa.BasicBlock) bool {
	o := f.outcomes.Of(v)
	return IsErrorIn(v, block) || o.Own == failure && !o.Open()
}

// alwaysFails reports whether a function never returns nil as its error.
func (f *Flow) alwaysFails(fn *ssa.Function) bool {
	o := f.outcomes.Result(fn, fn.Signature.Results().Len()-1)
	return o.Own == failure && !o.Open()
}

// newOutcomeTracer makes what follows errors, and the statuses and codes of
// which they are made, to see whether there is one.
func (f *Flow) newOutcomeTracer() *flow.Tracer[flow.Part[outcomes]] {
	type part = flow.Part[outcomes]
	d := flow.Parts(outcomes(0), success, func(a, b outcomes) outcomes { return a | b })
	fails := part{Own: failure}
	d.Source = func(_ flow.Trace[part], v ssa.Value) (part, bool) {
		switch v := v.(type) {
		case *ssa.Const: // nil, or a code
			if v.IsNil() || v.Value == nil || v.Value.ExactString() == "0" {
				return part{Own: success}, true
			}
			return fails, true
		case *ssa.MakeInterface:
			return fails, true
		case *ssa.UnOp:
			g, ok := v.X.(*ssa.Global)
			return fails, ok && v.Op == token.MUL && g.Pkg != f.Program.Pkg // a sentinel
		}
		return part{}, false
	}
	d.Call = func(t flow.Trace[part], call *ssa.Call, i int) (part, bool) {
		obj := program.CalledObject(&call.Call)
		if obj == nil || obj.Pkg() == nil {
			return part{}, false
		}
		args := call.Call.Args
		if recv := obj.Signature().Recv(); recv != nil {
			if isStatusType(recv.Type()) && obj.Name() == "Err" && len(args) > 0 {
				return t.Of(args[0]), true
			}
		}
		switch obj.Pkg().Path() + "." + obj.Name() {
		case "errors.New", "fmt.Errorf", "github.com/pkg/errors.New", "github.com/pkg/errors.Errorf":
			return fails, true
		case StatusPath + ".Error", StatusPath + ".Errorf", StatusPath + ".New", StatusPath + ".Newf", stub.GRPCPath + ".Errorf":
			return t.Of(args[0]), true
		}
		told := f.imports.Of(obj)
		return fails, told != nil && told.Fails.Of(obj) != nil && i == obj.Signature().Results().Len()-1
	}
	d.Edge = func(t flow.Trace[part], phi *ssa.Phi, i int) (part, bool) {
		edge, before := phi.Edges[i], phi.Block().Preds[i]
		if _, isError := outcomeOnEdge(edge, before, phi.Block()); isError || IsErrorIn(edge, before) {
			return fails, true
		}
		return t.Of(edge), true
	}
	d.Return = func(t flow.Trace[part], ret program.Return) (part, bool) {
		if !control.IsNil(ret.Value) && IsErrorIn(ret.Value, ret.Block()) {
			return fails, true
		}
		return t.Of(ret.Value), true
	}
	d.Bodies = true
	return flow.New(f.Program, d)
}
