package server

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// droppedContext reports interceptors that make a context for the handler,
// and call the handler with another one.
func droppedContext(pass *report.Pass) error {
	for _, i := range interceptors(pass) {
		if i.client {
			continue
		}
		called, complete := i.calls()
		if !complete || len(called) == 0 {
			continue // somebody else may call it with the right one
		}
		for _, block := range i.fn.Blocks {
			for _, instr := range block.Instrs {
				made, ok := instr.(*ssa.Call)
				if !ok || !servers(pass).Carries(made) || dropsMetadata(made) || onlyAsks(made) {
					continue
				}
				d := derived{interceptor: &i, of: map[ssa.Value]bool{}}
				if d.follow(made, 0); d.used {
					continue
				}
				for _, call := range called {
					if control.Reaches(made, call, nil) {
						reportDropped(pass, &i, made, call)
						break
					}
				}
			}
		}
	}
	return nil
}

// onlyAsks: _, err := check(ctx) leaves the context on purpose.
func onlyAsks(made *ssa.Call) bool {
	if _, several := made.Type().(*types.Tuple); !several {
		return false
	}
	for _, use := range control.Uses(made) {
		if x, ok := use.(*ssa.Extract); ok && x.Index == 0 && len(control.Uses(x)) > 0 {
			return false
		}
	}
	return true
}

// dropsMetadata: a call that stands by itself, of which metadata/dropped
// speaks.
func dropsMetadata(made *ssa.Call) bool {
	callee := made.Call.StaticCallee()
	return len(control.Uses(made)) == 0 && callee != nil && callee.Pkg != nil && callee.Pkg.Pkg.Path() == stub.GRPCPath+"/metadata"
}

func reportDropped(pass *report.Pass, i *interceptor, made, call *ssa.Call) {
	from, to := servers(pass).SSA().CallExpr(made), servers(pass).SSA().CallExpr(call)
	if from == nil || to == nil || len(to.Args) < 2 {
		return
	}
	arg, id := to.Args[0], "server/dropped-context"
	if i.stream {
		arg, id = to.Args[1], "server/stream-context"
	}
	f := finding.Finding{
		Pos: arg.Pos(), End: arg.End(), Subject: i.next.Name(),
		Message: fmt.Sprintf("handlers do not get what %s puts into the context: %s gets %s", short(from.Fun), i.next.Name(), short(arg)),
		Related: []finding.Related{{Message: "the context for it", Pos: from.Pos(), End: from.Fun.End()}},
	}
	if i.stream {
		f.Message = fmt.Sprintf("handlers do not get what %s puts into the context: the context of %s is another one", short(from.Fun), short(arg))
	}
	pass.Report(id, f)
}

// derived follows a context and what is made of it. Used says that somebody
// makes use of one of them, or may.
type derived struct {
	*interceptor
	of   map[ssa.Value]bool
	used bool
}

func (d *derived) follow(v ssa.Value, depth int) {
	if d.of[v] || d.used {
		return
	}
	d.of[v] = true
	if depth > 20 {
		d.used = true
		return
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Phi:
			d.follow(r, depth+1)
		case *ssa.Extract:
			if stub.IsContext(r.Type()) {
				d.follow(r, depth+1)
			}
		case *ssa.Call:
			switch {
			case r.Call.Value == ssa.Value(d.next):
				d.used = true
			case onlyLooks(r, v):
			case makesContext(r):
				d.follow(r, depth+1)
			default:
				d.used = true
			}
		default:
			d.used = true // stored, captured, returned
		}
	}
}

// onlyLooks: ctx.Value, ctx.Err and what prints it. log/slog hands it to a
// handler of logs that may read it.
func onlyLooks(call *ssa.Call, ctx ssa.Value) bool {
	if call.Call.IsInvoke() {
		return call.Call.Value == ctx
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		return false
	}
	obj, ok := callee.Object().(*types.Func)
	if !ok || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "log", "fmt":
		return true
	}
	return false
}

func makesContext(call *ssa.Call) bool {
	if t, ok := call.Type().(*types.Tuple); ok {
		return t.Len() > 0 && stub.IsContext(t.At(0).Type())
	}
	return stub.IsContext(call.Type())
}
