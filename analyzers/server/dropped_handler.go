package server

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// droppedHandler reports ways through an interceptor on which nothing is
// called and nothing is said to be wrong.
func droppedHandler(pass *report.Pass) error {
	for _, i := range interceptors(pass) {
		called, complete := i.calls(servers(pass).SSA())
		if !complete || answers(&i) {
			continue // somebody else may call it, or it answers itself
		}
		w := control.Ways[bool]{Step: func(_ bool, instr ssa.Instruction) (bool, bool) {
			for _, call := range called {
				if instr == ssa.Instruction(call.at) {
					return false, false // from here on it is the handler's answer
				}
			}
			ret, ok := instr.(*ssa.Return)
			if !ok || !allNil(ret) {
				return false, true
			}
			stmt, ok := syntax.Of(pass.Pass).At(ret.Pos()).(*ast.ReturnStmt)
			if !ok {
				return false, true // falls off the end: results have names
			}
			f := finding.Finding{Pos: stmt.Pos(), End: stmt.End(), Subject: i.next.Name()}
			next := i.next.Name()
			switch {
			case !i.client:
				f.Message = fmt.Sprintf("clients get OK although no handler has run: %s returns nil without calling %s", i.name(), next)
			default:
				f.Severity = rule.Warning
				f.Message = fmt.Sprintf("callers take for done what was never sent: %s returns nil without calling %s", i.name(), next)
			}
			pass.Report("server/dropped-handler", f)
			return false, true
		}}
		w.Start(i.fn, false)
	}
	return nil
}

func allNil(ret *ssa.Return) bool {
	for _, result := range ret.Results {
		if load, ok := result.(*ssa.UnOp); ok {
			// A function with a defer keeps its results in variables.
			if store := control.LastStore(load); store != nil && store.Block() == load.Block() && !captured(load.X) {
				result = store.Val
			}
		}
		if c, ok := result.(*ssa.Const); !ok || !c.IsNil() {
			return false
		}
	}
	return len(ret.Results) > 0
}

// captured: a function literal, such as a deferred one, may change it.
func captured(addr ssa.Value) bool {
	for _, use := range control.Uses(addr) {
		if _, ok := use.(*ssa.MakeClosure); ok {
			return true
		}
	}
	return false
}

// answers: the interceptor uses what an answer goes to, otherwise than to
// hand it on: the stream of a server, the reply of a client's call.
func answers(i *interceptor) bool {
	for _, p := range i.fn.Params {
		if !answer(i, p) {
			continue
		}
		for _, use := range control.Uses(p) {
			switch use := use.(type) {
			case *ssa.DebugRef:
			case *ssa.Call:
				if use.Call.IsInvoke() && use.Call.Value == ssa.Value(p) && use.Call.Method.Name() == "Context" {
					continue
				}
				if use.Call.Value == ssa.Value(i.next) {
					continue
				}
				return true
			default:
				return true
			}
		}
	}
	return false
}

// answer: grpc.ServerStream for a stream, the fourth parameter (behind the
// context, the method and the request) for a client's call.
func answer(i *interceptor, p *ssa.Parameter) bool {
	switch {
	case !i.client && i.stream:
		return nextName(p.Type()) == "ServerStream"
	case i.client && !i.stream:
		// invoker(ctx, method, req, reply, cc, opts...): two parameters of
		// type any, of which the second is the reply.
		seen := 0
		for _, q := range i.fn.Params {
			if iface, ok := q.Type().Underlying().(*types.Interface); ok && iface.Empty() {
				if seen++; q == p {
					return seen == 2
				}
			}
		}
	}
	return false
}
