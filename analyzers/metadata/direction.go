package metadata

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
)

// direction reports metadata that is looked for, or put, on the wrong side of
// a context: incoming is what a server got, outgoing what a client sends.
func direction(pass *report.Pass) error {
	if !flow(pass).Concerned {
		return nil
	}
	pass.ClaimIf(slices.ContainsFunc(flow(pass).Engine().Funcs, copiesIncoming), claim.CopiesIncoming)
	if !knowsHandlers(pass) {
		return nil
	}
	d := &directions{Pass: pass, info: flow(pass)}
	pass.ClaimIf(d.info.Bridges(), claim.SendsOn)
	for _, fn := range d.info.Engine().Funcs {
		d.looks(fn)
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					d.call(call)
				}
			}
		}
	}
	return nil
}

// copiesIncoming: a function asks for incoming metadata and adds outgoing, to a
// context that it gives back, or as an interceptor of clients.
func copiesIncoming(fn *ssa.Function) bool {
	sig := fn.Signature
	gives := slices.ContainsFunc(slices.Collect(sig.Results().Variables()), func(v *types.Var) bool { return stub.IsContext(v.Type()) })
	if !gives && !mdflow.IsClientInterceptor(sig) {
		return false
	}
	asks, adds := false, false
	for call := range program.Calls(fn) {
		switch mdflow.Called(call.Common()) {
		case "FromIncomingContext", "ValueFromIncomingContext":
			asks = true
		case "NewOutgoingContext", "AppendToOutgoingContext":
			adds = true
		}
	}
	return asks && adds
}

type directions struct {
	*report.Pass
	info     *mdflow.Info
	handling *handling.Info // made when it is needed
}

// looks: a handler looks for what its client has sent in what it would send.
func (d *directions) looks(fn *ssa.Function) {
	e := d.info.Engine()
	for _, look := range e.Looks(fn) {
		if look.Incoming {
			d.received(look)
			continue
		}
		roots := e.Roots(look.Ctx)
		ofServer := func(r mdflow.Root) bool {
			return (r.Kind == mdflow.HandlerRoot || r.Kind == mdflow.ServerRoot) && r.Sent == nil
		}
		expr := e.CallExpr(look.Call)
		if expr == nil || len(roots) == 0 || slices.ContainsFunc(roots, func(r mdflow.Root) bool { return !ofServer(r) }) || d.info.Bridges() {
			continue
		}
		f := finding.Finding{
			Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: "FromOutgoingContext",
			Message:  "never finds what the client has sent: that is in the incoming metadata, this looks at the outgoing",
			StandsOn: []claim.Condition{claim.Unless(claim.SendsOn)},
		}
		if look.Via != nil {
			f.Related = []finding.Related{{Message: "looks here", Remote: look.Via}}
		}
		d.report(f)
	}
}

func (d *directions) call(call *ssa.Call) {
	if mdflow.Called(call.Common()) != "NewIncomingContext" {
		d.passed(call)
		d.sent(call)
	}
}

// received: nobody has sent anything to a context that this program made.
func (d *directions) received(look mdflow.Look) {
	e := d.info.Engine()
	roots := e.Roots(look.Ctx)
	own := func(r mdflow.Root) bool { return r.Kind == mdflow.BackgroundRoot && r.Got == nil }
	expr := e.CallExpr(look.Call)
	if expr == nil || len(roots) == 0 || slices.ContainsFunc(roots, func(r mdflow.Root) bool { return !own(r) }) {
		return
	}
	name := e.CalleeName(look.Call)
	d.report(finding.Finding{
		Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: name,
		Message: fmt.Sprintf("%s finds nothing: only the contexts of handlers have incoming metadata, this one begins with Background", name),
	})
}

// sent: a handler puts into its context what it means to answer.
func (d *directions) sent(call *ssa.Call) {
	e := d.info.Engine()
	handler := program.Outermost(call.Parent())
	if !stub.IsContext(call.Type()) || !e.IsHandler(handler) || !e.Gives(call) || !e.Unused(call, ofContext) {
		return
	}
	for _, root := range e.Roots(call) {
		if root.Kind != mdflow.HandlerRoot || root.Sent == nil {
			return
		}
	}
	expr := e.CallExpr(call)
	if expr == nil || discarded(d.Pass, expr) {
		return // metadata/dropped
	}
	served := d.ResultOf[stub.Analyzer].(*stub.Index).Handler(handler.Object().(*types.Func))
	d.report(finding.Finding{
		Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: e.CalleeName(call),
		Message: fmt.Sprintf("the client never gets it: outgoing metadata goes with RPCs that %s makes, and none has this context", served.Name),
	})
}

// ofContext: a method of a context is called, which makes no RPC.
func ofContext(ctx ssa.Value, by ssa.Instruction) bool {
	call, ok := by.(*ssa.Call)
	return ok && call.Call.IsInvoke() && call.Call.Value == ctx
}

// passed: an RPC is made with metadata that nobody sends.
func (d *directions) passed(call *ssa.Call) {
	e := d.info.Engine()
	for _, arg := range call.Call.Args {
		if !stub.IsContext(arg.Type()) {
			continue
		}
		if _, isParam := arg.(*ssa.Parameter); isParam {
			continue // judged where it is made
		}
		roots := e.Roots(arg)
		if len(roots) == 0 || slices.ContainsFunc(roots, func(r mdflow.Root) bool { return r.Got == nil || r.Sent != nil }) {
			continue
		}
		got := roots[0].Got
		at := e.CallExpr(got)
		if at == nil || d.reaches(got, 0) != onlyRPCs {
			continue
		}
		rpc := d.rpcWith(call, arg)
		expr := e.CallExpr(call)
		if rpc == "" || expr == nil {
			continue
		}
		d.report(finding.Finding{
			Pos: at.Fun.Pos(), End: at.Fun.End(), Subject: rpc,
			Message:  fmt.Sprintf("the metadata is not sent with %s: it is incoming metadata, as if a client had sent it to this program", rpc),
			Related:  []finding.Related{{Message: "the RPC", Pos: expr.Pos(), End: expr.End()}},
			StandsOn: []claim.Condition{{Kind: claim.CopiesIncoming, Keys: []string{""}, By: claim.Anyone}},
		})
		return
	}
}

// A destination says who gets a context.
type destination int

const (
	nobody destination = iota
	onlyRPCs
	others
)

// reaches follows a context to those who get it.
func (d *directions) reaches(ctx ssa.Value, depth int) destination {
	if depth > maxDerived {
		return others
	}
	to := nobody
	d.info.Engine().Follow(ctx, func(ctx ssa.Value, by ssa.Instruction) bool {
		next := others
		if call, ok := by.(*ssa.Call); ok {
			switch {
			case ofContext(ctx, call):
				return true
			case d.rpcWith(call, ctx) != "":
				next = onlyRPCs
			case derivesContext(call):
				if next = nobody; program.Result(call, 0) != nil {
					next = d.reaches(program.Result(call, 0), depth+1)
				}
			}
		}
		to = max(to, next)
		return to != others
	})
	return to
}

// maxDerived bounds how often a context is derived from another.
const maxDerived = 8

func derivesContext(call *ssa.Call) bool {
	obj, _ := call.Call.Value.(*ssa.Function)
	if obj == nil || obj.Object() == nil || obj.Object().Pkg() == nil {
		return false
	}
	return obj.Object().Pkg().Path() == "context"
}

func (d *directions) rpcWith(call *ssa.Call, ctx ssa.Value) string {
	if d.handling == nil {
		d.handling = d.ResultOf[handling.Analyzer].(*handling.Info).Copy()
	}
	return d.handling.RPCWith(call, ctx)
}

func (d *directions) report(f finding.Finding) { d.Report("metadata/direction", f) }
