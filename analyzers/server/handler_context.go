package server

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A lostContext is a context that an interceptor makes and does not hand on.
type lostContext struct {
	made *ast.CallExpr
	next string   // what the interceptor calls
	got  ast.Expr // what that gets in its place
}

// eachLostContext visits the contexts that interceptors of servers, of unary
// RPCs or of streams, make for the handler, and call the handler with another
// one.
func eachLostContext(pass *report.Pass, ofStreams bool, visit func(l lostContext)) {
	arg := 0 // of the handler: the context, or the stream that has it
	if ofStreams {
		arg = 1
	}
	syntax := func(call *ssa.Call) *ast.CallExpr { return servers(pass).SSA().CallExpr(call) }
	for _, i := range interceptors(pass) {
		if i.client || i.stream != ofStreams {
			continue
		}
		called, complete := i.calls(servers(pass).SSA())
		if !complete || len(called) == 0 {
			continue // somebody else may call it with the right one
		}
		for _, block := range i.fn.Blocks {
			for _, instr := range block.Instrs {
				made, ok := instr.(*ssa.Call)
				if !ok || !servers(pass).Carries(made) || dropsMetadata(servers(pass).SSA(), made) || onlyAsks(made) {
					continue
				}
				d := derived{interceptor: &i, of: map[ssa.Value]bool{}}
				if d.follow(made, 0); d.used {
					continue
				}
				for _, call := range called {
					if !control.Reaches(made, call.at, nil) {
						continue
					}
					if from, got := syntax(made), gets(servers(pass).SSA(), call, arg); from != nil && got != nil {
						visit(lostContext{from, i.next.Name(), got})
					}
					break
				}
			}
		}
	}
}

// gets returns what a call of what comes next gets, as it stands in the
// interceptor: what a helper gets for it, if that can be told.
func gets(p *program.Program, call nextCall, arg int) ast.Expr {
	at, by := p.CallExpr(call.at), p.CallExpr(call.by)
	if at == nil || by == nil {
		return nil
	}
	if call.given != nil {
		args := call.given.Runs[0].Args
		if arg >= len(args) || args[arg].Param == 0 || len(args[arg].Through) > 0 {
			return nil
		}
		arg = args[arg].Param - 1
	}
	if arg >= len(by.Args) {
		return nil
	}
	if call.at == call.by || call.by.Parent().Parent() != nil {
		return by.Args[arg]
	}
	if param, ok := program.SignatureArg(call.by, arg).(*ssa.Parameter); ok && p.ArgOf(call.at, param) != nil {
		if i := program.SignatureIndex(param); i >= 0 && i < len(at.Args) {
			return at.Args[i]
		}
	}
	return at
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
// speaks, be it of a helper that makes it.
func dropsMetadata(p *program.Program, made *ssa.Call) bool {
	if len(control.Uses(made)) > 0 {
		return false
	}
	for _, fn := range p.Callees(made) {
		for _, ret := range program.Returned(fn, 0) {
			if call, ok := ret.Value.(*ssa.Call); ok && ofMetadata(call) {
				return true
			}
		}
	}
	return ofMetadata(made)
}

func ofMetadata(call *ssa.Call) bool {
	obj := program.CalledObject(&call.Call)
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath+"/metadata"
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
	obj := program.CalledObject(&call.Call)
	if obj == nil || obj.Pkg() == nil {
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
