package ctxflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// implementations are the paths whose root lies in an imported package that
// calls an interface method which a type of this package implements. The
// type must become that interface here, so that every driver sees both.
func (f *follower) implementations(s *search) []Path {
	var paths []Path
	var ifaces []*types.TypeName
	for iface := range f.Converted() {
		ifaces = append(ifaces, iface)
	}
	slices.SortFunc(ifaces, func(a, b *types.TypeName) int {
		return strings.Compare(typePath(a), typePath(b))
	})
	for _, iface := range ifaces {
		for _, call := range f.callsOf(iface) {
			seen := make(map[*ssa.Function]bool)
			for _, c := range f.Converted()[iface] {
				fn := f.implementation(c.From, call.Method, iface)
				if fn == nil || seen[fn] {
					continue
				}
				seen[fn] = true
				for _, p := range f.calledThrough(s, fn, call) {
					p.As, p.Converted = iface, c.At
					paths = append(paths, p)
				}
			}
		}
	}
	return paths
}

func typePath(t *types.TypeName) string {
	if t.Pkg() == nil {
		return t.Name()
	}
	return t.Pkg().Path() + "." + t.Name()
}

// callsOf returns the known calls, with an unbounded context, of methods of
// an interface.
func (f *follower) callsOf(iface *types.TypeName) []InterfaceCall {
	var calls []InterfaceCall
	if iface.Pkg() == nil || iface.Pkg() == f.pass.Pkg {
		return nil // calls in this package are ordinary call sites
	}
	// The caller is the interface's own package, or one that this
	// package imports directly beside it.
	for _, p := range append([]*types.Package{iface.Pkg()}, f.pass.Pkg.Imports()...) {
		told := f.known[p.Path()]
		if told == nil || p == iface.Pkg() && len(calls) > 0 {
			continue
		}
		for _, c := range told.Calls {
			if c.Package == iface.Pkg().Path() && c.Interface == iface.Name() {
				calls = append(calls, c)
			}
		}
	}
	return calls
}

func (f *follower) implementation(t types.Type, method string, iface *types.TypeName) *ssa.Function {
	obj, _, _ := types.LookupFieldOrMethod(iface.Type(), false, iface.Pkg(), method)
	m, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	return f.Method(t, m)
}

func (f *follower) calledThrough(s *search, fn *ssa.Function, call InterfaceCall) []Path {
	var paths []Path
	for _, p := range fn.Params {
		if program.SignatureIndex(p) != call.Arg {
			continue
		}
		for _, r := range s.reaches[source{param: p}] {
			if r.sink.iface != nil {
				continue
			}
			paths = append(paths, Path{
				Root: Root{Remote: call.Root, Is: call.RootIs, In: call.In, Command: call.Command}, Command: call.Command,
				RPC: r.sink.rpc, Call: r.sink.call, Arg: r.sink.ctx,
				Chain:   append([]string{funcName(fn)}, r.chain...),
				Bounded: r.bounded || call.Bounded, Ignored: r.ignored | call.Ignored, Links: r.links,
			})
		}
	}
	return paths
}
