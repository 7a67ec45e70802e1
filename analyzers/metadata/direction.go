package metadata

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
)

// direction reports metadata that is looked for, or put, on the wrong side of
// a context: incoming is what a server got, outgoing what a client sends.
func direction(pass *report.Pass) error {
	if !flow(pass).Concerned || !knowsHandlers(pass) {
		return nil
	}
	d := &directions{Pass: pass, info: flow(pass)}
	pass.ClaimIf(d.info.Bridges(), claim.SendsOn)
	for _, fn := range d.info.Engine().Funcs {
		d.looks(fn)
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					d.call(fn, call)
				}
			}
		}
	}
	return nil
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

func (d *directions) call(fn *ssa.Function, call *ssa.Call) {
	switch name := mdflow.Called(call.Common()); name {
	case "FromIncomingContext", "ValueFromIncomingContext":
		d.received(call, name)
	case "NewOutgoingContext", "AppendToOutgoingContext":
		d.sent(fn, call, name)
	default:
		d.passed(call)
	}
}

// received: nobody has sent anything to a context that this program made.
func (d *directions) received(call *ssa.Call, name string) {
	e := d.info.Engine()
	roots := e.Roots(call.Call.Args[0])
	own := func(r mdflow.Root) bool { return r.Kind == mdflow.BackgroundRoot && r.Got == nil }
	expr := e.CallExpr(call)
	if expr == nil || len(roots) == 0 || slices.ContainsFunc(roots, func(r mdflow.Root) bool { return !own(r) }) {
		return
	}
	d.report(finding.Finding{
		Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: name,
		Message: fmt.Sprintf("%s finds nothing: only the contexts of handlers have incoming metadata, this one begins with Background", name),
	})
}

// sent: a handler puts into its context what it means to answer.
func (d *directions) sent(fn *ssa.Function, call *ssa.Call, name string) {
	e := d.info.Engine()
	if !e.IsHandler(outermost(fn)) || !unused(call, nil) {
		return
	}
	for _, root := range e.Roots(call.Call.Args[0]) {
		if root.Kind != mdflow.HandlerRoot {
			return
		}
	}
	expr := e.CallExpr(call)
	if expr == nil || len(*call.Referrers()) == 0 && !assigned(d.Pass, expr) {
		return // metadata/dropped
	}
	served := d.ResultOf[stub.Analyzer].(*stub.Index).Handler(outermost(fn).Object().(*types.Func))
	d.report(finding.Finding{
		Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: name,
		Message: fmt.Sprintf("the client never gets it: outgoing metadata goes with RPCs that %s makes, and none has this context", served.Name),
	})
}

// unused: no RPC can be made with a context, because nothing gets it that
// could make one.
func unused(ctx ssa.Value, seen []ssa.Value) bool {
	if slices.Contains(seen, ctx) {
		return true
	}
	seen = append(seen, ctx)
	for _, r := range *ctx.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Phi:
			if !unused(r, seen) {
				return false
			}
		case *ssa.Call:
			if !r.Call.IsInvoke() || r.Call.Value != ctx {
				return false // perhaps makes one
			}
		default:
			return false // a variable that a literal shares, a struct
		}
	}
	return true
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
		if at == nil || d.reaches(got, nil) != onlyRPCs {
			continue
		}
		rpc := d.rpcWith(call, arg)
		expr := e.CallExpr(call)
		if rpc == "" || expr == nil {
			continue
		}
		d.report(finding.Finding{
			Pos: at.Fun.Pos(), End: at.Fun.End(), Subject: rpc,
			Message: fmt.Sprintf("the metadata is not sent with %s: it is incoming metadata, as if a client had sent it to this program", rpc),
			Related: []finding.Related{{Message: "the RPC", Pos: expr.Pos(), End: expr.End()}},
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
func (d *directions) reaches(ctx ssa.Value, seen []ssa.Value) destination {
	if slices.Contains(seen, ctx) {
		return nobody
	}
	seen = append(seen, ctx)
	to := nobody
	for _, r := range *ctx.Referrers() {
		next := others
		switch r := r.(type) {
		case *ssa.DebugRef:
			continue
		case *ssa.Phi:
			next = d.reaches(r, seen)
		case *ssa.Extract:
			if !stub.IsContext(r.Type()) {
				continue
			}
			next = d.reaches(r, seen)
		case *ssa.Call:
			switch {
			case r.Call.IsInvoke() && r.Call.Value == ctx:
				continue // its methods
			case d.rpcWith(r, ctx) != "":
				next = onlyRPCs
			case derivesContext(r):
				next = d.reaches(r, seen)
			}
		}
		to = max(to, next)
	}
	return to
}

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
