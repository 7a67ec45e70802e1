package metadata

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// forwardedCredential reports servers that send on all that their clients
// have sent to them.
func forwardedCredential(pass *report.Pass) error {
	info := flow(pass)
	if !info.Concerned || !knowsHandlers(pass) {
		return nil
	}
	e := info.Engine()
	for _, fn := range e.Funcs {
		for _, forward := range e.Forwards(fn) {
			expr := e.CallExpr(forward.Call)
			if expr == nil || isProxy(pass, fn) || slices.ContainsFunc(e.Sources(forward.MD), func(md ssa.Value) bool { return isProxy(pass, md.Parent()) }) {
				continue
			}
			i := forward.Arg
			if sel := forward.Call.Call.Signature().Recv(); sel != nil {
				i-- // the receiver is no argument in the source
			}
			f := finding.Finding{Pos: expr.Pos(), End: expr.End(), Subject: "incoming metadata"}
			if i >= 0 && i < len(expr.Args) {
				f.Pos, f.End = expr.Args[i].Pos(), expr.Args[i].End()
			}
			f.Message = "the client's credentials go to every service called with this context: all that it has sent is sent on"
			pass.Report("metadata/forwarded-credential", f)
		}
	}
	return nil
}

// isProxy: a function is part of one, which has to send on what it gets.
func isProxy(pass *report.Pass, fn *ssa.Function) bool {
	return fn != nil && (directs(fn) || repeats(pass, fn))
}

// directs: the function of a proxy that says where an RPC goes, and with what
// context; or the handler of a proxy, which knows no messages.
func directs(fn *ssa.Function) bool {
	sig := program.Outermost(fn).Signature
	for _, s := range []*types.Signature{sig, fn.Signature} {
		results := s.Results()
		if returnsContext(s) {
			for r := range results.Variables() {
				if t := r.Type(); !stub.IsContext(t) && !isError(t) && isConn(t) {
					return true
				}
			}
		}
		if s.Params().Len() == 2 && results.Len() == 1 &&
			types.TypeString(s.Params().At(1).Type(), nil) == stub.GRPCPath+".ServerStream" {
			return true
		}
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// isConn: a connection of grpc-go, or its interface.
func isConn(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == stub.GRPCPath
}

// repeats: a handler makes the RPC that it serves, so what it calls is
// another server of its own service.
func repeats(pass *report.Pass, fn *ssa.Function) bool {
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	obj, ok := program.Outermost(fn).Object().(*types.Func)
	if !ok {
		return false
	}
	served := stubs.Handler(obj)
	if served == nil || served.FullMethod == "" {
		return false
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(*ssa.Call); ok && call.Call.IsInvoke() {
				if rpc := stubs.RPC(call.Call.Method); rpc != nil && rpc.FullMethod == served.FullMethod {
					return true
				}
			}
		}
	}
	return false
}

func returnsContext(sig *types.Signature) bool {
	for r := range sig.Results().Variables() {
		if stub.IsContext(r.Type()) {
			return true
		}
	}
	return false
}
