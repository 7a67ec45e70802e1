package server

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// An interceptor is a function of the type that grpc-go has for them, literal
// or declared.
type interceptor struct {
	fn     *ssa.Function
	next   *ssa.Parameter // what it is to call
	client bool
	stream bool
}

// interceptors returns those of the package, in the order of the source.
func interceptors(pass *report.Pass) []interceptor {
	info := servers(pass)
	used := false
	for name := range nextTypes {
		used = used || info.Uses[name]
	}
	if !used {
		return nil
	}
	var list []interceptor
	for _, fn := range info.SSA().Funcs {
		if fn.Blocks == nil || !fn.Pos().IsValid() || pass.InTest(fn.Pos()) || !syntax.Of(pass.Pass).Written(fn.Pos()) {
			continue // made by the compiler, by a generator, or for a test
		}
		for _, p := range fn.Params {
			if kind, ok := nextTypes[nextName(p.Type())]; ok && fn.Signature.Results().Len() == kind.results {
				list = append(list, interceptor{fn: fn, next: p, client: kind.client, stream: kind.stream})
				break
			}
		}
	}
	return list
}

// nextTypes are the types of what interceptors call.
var nextTypes = map[string]struct {
	client, stream bool
	results        int
}{
	"UnaryHandler":  {results: 2},
	"StreamHandler": {stream: true, results: 1},
	"UnaryInvoker":  {client: true, results: 1},
	"Streamer":      {client: true, stream: true, results: 2},
}

func nextName(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != stub.GRPCPath {
		return ""
	}
	return named.Obj().Name()
}

// A nextCall is a call of what comes next. It stands in the interceptor, or is
// made by a helper or a literal that at runs; or by hands it to a function of
// another package, which does with it what given says.
type nextCall struct {
	at, by *ssa.Call
	given  *callback.Param
}

// calls returns the calls of what comes next. They are complete unless it is
// handed on to somebody who may call it, too.
func (i *interceptor) calls(p *program.Program) (list []nextCall, complete bool) {
	complete = true
	p.Follow(i.next, func(v ssa.Value, by ssa.Instruction) bool {
		call, ok := by.(*ssa.Call)
		var given *callback.Param
		if ok && call.Call.Value != v {
			given = p.OnlyRun(call, v)
			ok = given != nil && len(given.Runs) == 1
		}
		if !ok {
			complete = false
			return false
		}
		if call.Parent() == i.fn {
			list = append(list, nextCall{call, call, given})
			return true
		}
		found := false
		for at := range program.Calls(i.fn) {
			if p.Running(at)[call.Parent()] {
				list = append(list, nextCall{at, call, given})
				found = true
			}
		}
		complete = complete && found
		return complete
	})
	return list, complete
}

// name is what a message calls the interceptor.
func (i *interceptor) name() string {
	fn := i.fn
	if fn.Parent() == nil {
		return fn.Name()
	}
	fn = program.Outermost(fn)
	if fn.Synthetic != "" {
		return "the interceptor" // of a package variable
	}
	return "the interceptor of " + fn.Name()
}
