package status

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
)

// handlerErrors judges what handlers return, by where it comes from.
func handlerErrors(pass *report.Pass) error {
	flow := flowOf(pass)
	if flow.Program == nil {
		return nil
	}
	h := &handlers{pass: pass, flow: flow, reported: make(map[reportedAt]bool)}
	for _, fn := range flow.Program.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || fn.Signature.Results().Len() == 0 || pass.InTest(fn.Pos()) {
			continue
		}
		if rpc := stubs(pass).Handler(obj); rpc != nil {
			h.judge(fn, obj, rpc)
		}
	}
	return nil
}

type handlers struct {
	pass     *report.Pass
	flow     *errflow.Flow
	reported map[reportedAt]bool
}

// A reportedAt keeps what several handlers have in common from being said
// for each of them.
type reportedAt struct {
	rule string
	pos  token.Pos
}

// A returned error is one source of what one return statement of a handler
// returns.
type returned struct {
	fn     *ssa.Function
	name   string // of the handler
	served []claim.Condition
	rpc    *stub.Method
	expr   ast.Node // what stands in the return statement
	source errflow.Source
}

func (h *handlers) judge(fn *ssa.Function, obj *types.Func, rpc *stub.Method) {
	last := fn.Signature.Results().Len() - 1
	served := stub.Served(obj.Signature().Recv().Type())
	for _, block := range fn.Blocks {
		ret, ok := control.Last(block).(*ssa.Return)
		if !ok {
			continue
		}
		expr := operandOf(h.pass, ret, last)
		if expr == nil {
			continue // of a recover block
		}
		for _, s := range h.flow.OfIn(program.GivenBack(ret, last), block).Sources {
			r := &returned{fn, obj.Name(), served, rpc, expr, s}
			switch s.Kind {
			case errflow.Plain:
				if s.Lost {
					h.lost(r)
				} else {
					h.plainError(r)
				}
			case errflow.EOF:
				if rpc.Unary() {
					h.plainError(r) // a sentinel like others
				} else {
					h.eof(r)
				}
			case errflow.ClientRecv, errflow.ServerRecv:
				h.eof(r)
			case errflow.Context:
				h.rawContextError(r)
			case errflow.RPC:
				h.passthrough(r)
			}
		}
	}
}

// report adds a finding, once for each place and rule.
func (h *handlers) report(id string, r *returned, at ast.Node, message string, f finding.Finding) {
	k := reportedAt{id, at.Pos()}
	if h.reported[k] {
		return
	}
	h.reported[k] = true
	f.Pos, f.End, f.Message, f.Subject = at.Pos(), at.End(), message, r.rpc.FullMethod
	f.StandsOn = append(f.StandsOn, r.served...)
	h.pass.Report(id, f)
}

// made returns the call that made the error, if it lies in this package.
func (h *handlers) made(s *errflow.Source) ast.Node {
	if !s.Pos.IsValid() || s.Place.Package != h.pass.Pkg.Path() || h.pass.InTest(s.Pos) {
		return nil
	}
	if call, ok := syntax.Of(h.pass.Pass).At(s.Pos).(*ast.CallExpr); ok {
		return call
	}
	return nil
}

// entered returns the call by which an error came from another package, if it
// is one of a helper and not of the handler itself.
func (h *handlers) entered(r *returned) ast.Node {
	call := r.source.Entered()
	if call == nil || program.Outermost(call.Parent()) == r.fn || h.pass.InTest(call.Pos()) {
		return nil
	}
	if expr := h.flow.Program.CallExpr(call); expr != nil {
		return expr
	}
	return nil
}

// related points at where the error was made, if that is elsewhere.
func (h *handlers) related(r *returned, what string) []finding.Related {
	s := &r.source
	if s.Pos.IsValid() {
		if s.Pos >= r.expr.Pos() && s.Pos < r.expr.End() {
			return nil
		}
		end := s.Pos + 1
		if call := h.made(s); call != nil {
			return []finding.Related{{Message: what, Pos: call.Pos(), End: call.End()}}
		}
		return []finding.Related{{Message: what, Pos: s.Pos, End: end}}
	}
	if s.Place.Package == "" || s.Place.Line == 0 {
		return nil
	}
	place := s.Place
	return []finding.Related{{Message: what, Remote: &place}}
}
