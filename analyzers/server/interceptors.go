package server

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
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

// calls returns the calls of what comes next. They are complete unless it is
// handed on, or called by a function literal.
func (i *interceptor) calls() (list []*ssa.Call, complete bool) {
	for _, use := range control.Uses(i.next) {
		call, ok := use.(*ssa.Call)
		if !ok || call.Call.Value != ssa.Value(i.next) {
			if _, isDebug := use.(*ssa.DebugRef); isDebug {
				continue
			}
			return list, false
		}
		list = append(list, call)
	}
	return list, true
}

// name is what a message calls the interceptor.
func (i *interceptor) name() string {
	fn := i.fn
	if fn.Parent() == nil {
		return fn.Name()
	}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if fn.Synthetic != "" {
		return "the interceptor" // of a package variable
	}
	return "the interceptor of " + fn.Name()
}
