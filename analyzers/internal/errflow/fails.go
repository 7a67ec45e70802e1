package errflow

import (
	"go/token"
	"slices"

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

// newOutcomeTracer makes what follows errors, and the statuses of which they
// are made, to see whether there is one.
func (f *Flow) newOutcomeTracer() *flow.Tracer[flow.Part[outcomes]] {
	type part = flow.Part[outcomes]
	d := flow.Parts(outcomes(0), success, func(a, b outcomes) outcomes { return a | b })
	fails := part{Own: failure}
	d.Source = func(_ flow.Trace[part], v ssa.Value) (part, bool) {
		switch v := v.(type) {
		case *ssa.Const:
			return part{Own: success}, true
		case *ssa.MakeInterface:
			return fails, true
		case *ssa.UnOp:
			g, ok := v.X.(*ssa.Global)
			return fails, ok && v.Op == token.MUL && g.Pkg != f.Program.Pkg // a sentinel
		}
		return part{}, false
	}
	d.Call = func(t flow.Trace[part], call *ssa.Call, _ int) (part, bool) {
		obj := program.CalledObject(&call.Call)
		if obj == nil || obj.Pkg() == nil {
			return part{}, false
		}
		args := call.Call.Args
		if recv := obj.Signature().Recv(); recv != nil {
			if isStatusType(recv.Type()) && obj.Name() == "Err" && len(args) > 0 {
				return t.Of(args[0]), true
			}
			return part{}, false
		}
		switch obj.Pkg().Path() + "." + obj.Name() {
		case "errors.New", "fmt.Errorf", "github.com/pkg/errors.New", "github.com/pkg/errors.Errorf":
			return fails, true
		case StatusPath + ".Error", StatusPath + ".Errorf", StatusPath + ".New", StatusPath + ".Newf", stub.GRPCPath + ".Errorf":
			if list, complete := f.Codes(args[0]); complete && !slices.Contains(list, 0) {
				return fails, true
			}
			return part{Own: success}, true
		}
		return part{}, false
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
	return flow.New(f.Program, d)
}
