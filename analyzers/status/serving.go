package status

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// servedTypes returns the types, as import/path.Type, that become a
// generated server interface in the package: they are registered, or handed
// to somebody who does.
func servedTypes(flow *errflow.Flow, stubs *stub.Index) []string {
	if flow.SSA == nil {
		return nil
	}
	var served []string
	for _, fn := range flow.SSA.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				made, ok := instr.(*ssa.MakeInterface)
				if !ok || !isServerInterface(stubs, made.Type()) {
					continue
				}
				if named := namedOf(made.X.Type()); named != nil {
					served = append(served, stub.TypePath(named))
				}
			}
		}
	}
	slices.Sort(served)
	return slices.Compact(served)
}

func isServerInterface(stubs *stub.Index, t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	iface, ok := named.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range iface.Methods() {
		if m.Exported() {
			return stubs.ServerMethod(m) != nil
		}
	}
	return false
}

// premise says on which condition a method that has the shape of a handler
// is one: if its type embeds what generators make for servers, or becomes a
// server's interface here, on none; else on that a package above serves it.
// A type may well have a server's methods and never meet a client.
func premise(pass *report.Pass, fn *types.Func) finding.Premise {
	named := namedOf(fn.Signature().Recv().Type())
	if named == nil || stub.EmbedsServer(named) || slices.Contains(pass.Program.Serves, stub.TypePath(named)) {
		return finding.Premise{}
	}
	return finding.Premise{Served: stub.TypePath(named)}
}

// served fills in what the package tells about servers.
func served(pass *report.Pass) error {
	pass.Program.MapsErrors = flowOf(pass).MapsErrors
	pass.Program.RebuildsErrors = flowOf(pass).RebuildsErrors
	pass.Program.Serves = servedTypes(flowOf(pass), stubs(pass))
	return nil
}
