package errflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// interceptors looks for functions, literals included, that call what
// follows them in a chain and return another error than it gave. Whether the
// chain is one of a server's or of a client's the type of what follows tells.
func (f *Flow) interceptors(fact *Fact) {
	for _, fn := range f.SSA.Funcs {
		for _, p := range fn.Params {
			if !isNext(p.Type()) || f.IsGenerated(fn.Pos()) || testcode.Is(f.pass, fn.Pos()) {
				continue
			}
			server := isServerNext(p.Type())
			if server && fact.MapsErrors || !server && fact.RebuildsErrors || !f.converts(fn, p, server) {
				continue
			}
			if server {
				fact.MapsErrors = true
			} else {
				fact.RebuildsErrors = true
			}
		}
	}
}

func isServerNext(t types.Type) bool {
	name := types.Unalias(t).(*types.Named).Obj().Name()
	return name == "UnaryHandler" || name == "StreamHandler"
}

// converts: behind a call of next, something else than its error may be
// returned. What is returned without calling it (no permission, too many
// requests) converts nothing.
func (f *Flow) converts(fn *ssa.Function, next *ssa.Parameter, server bool) bool {
	if !returnsError(fn) {
		return false
	}
	var called []*ssa.Call
	for _, user := range control.Uses(next) {
		call, ok := user.(*ssa.Call)
		if !ok || call.Call.Value != next {
			if _, closure := user.(*ssa.MakeClosure); closure {
				return true // runs somewhere else; who knows what comes back
			}
			if ok {
				// Handed on to a function of the same kind, which is
				// looked at by itself if it is in sight.
				continue
			}
			return true
		}
		called = append(called, call)
	}
	last := fn.Signature.Results().Len() - 1
	for _, block := range fn.Blocks {
		ret, ok := control.Last(block).(*ssa.Return)
		if !ok {
			continue
		}
		for _, call := range called {
			if !control.Reaches(call, ret, nil) {
				continue
			}
			o := f.OfIn(ret.Results[last], block)
			// A client's interceptor may return a status of its own.
			if slices.ContainsFunc(o.Sources, func(s Source) bool { return s.Kind != Next && (server || s.Kind != Status && !s.OfRPC()) }) {
				return true
			}
		}
	}
	return false
}

// noteWrapped looks for hand-written types that become a generated client
// interface here, and whose methods return other errors than RPCs do.
func (f *Flow) noteWrapped(fact *Fact) {
	for _, path := range fact.Wrapped {
		f.wrappedPaths(path)
	}
	for _, fn := range f.SSA.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				if made, ok := instr.(*ssa.MakeInterface); ok {
					f.noteClient(fact, made)
				}
			}
		}
	}
}

func (f *Flow) noteClient(fact *Fact, made *ssa.MakeInterface) {
	named, ok := types.Unalias(made.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !f.stubs.IsClient(named.Obj()) || testcode.Is(f.pass, made.Parent().Pos()) || f.IsGenerated(made.Parent().Pos()) {
		return
	}
	if concrete := namedOf(made.X.Type()); concrete != nil && f.stubs.IsClient(concrete.Obj()) {
		return // the generated one
	}
	f.wrapped[named.Obj()] = true
	fact.Wrapped = append(fact.Wrapped, named.Obj().Pkg().Path()+"."+named.Obj().Name())
}

func namedOf(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

// wrappedPaths finds the type that an import names.
func (f *Flow) wrappedPaths(path string) {
	for _, p := range append([]*types.Package{f.pass.Pkg}, f.pass.Pkg.Imports()...) {
		if len(path) > len(p.Path()) && path[:len(p.Path())] == p.Path() && path[len(p.Path())] == '.' {
			if obj, ok := p.Scope().Lookup(path[len(p.Path())+1:]).(*types.TypeName); ok {
				f.wrapped[obj] = true
			}
		}
	}
}

// isWrapped: what a call through the interface t runs may be hand-written.
func (f *Flow) isWrapped(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return f.incomplete || ok && f.wrapped[named.Obj()]
}
