package status

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding/claim"
)

// servedTypes returns the types, as import/path.Type, that become a
// generated server interface in the package: they are registered, or handed
// to somebody who does.
func servedTypes(flow *errflow.Flow, stubs *stub.Index) []string {
	if flow.Program == nil {
		return nil
	}
	var served []string
	for _, fn := range flow.Program.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				made, ok := instr.(*ssa.MakeInterface)
				if !ok || !isServerInterface(stubs, made.Type()) {
					continue
				}
				if named := stub.NamedOf(made.X.Type()); named != nil {
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

// served fills in what the package tells about servers.
func served(pass *report.Pass) error {
	pass.ClaimIf(flowOf(pass).MapsErrors, claim.MapsErrors)
	pass.ClaimIf(flowOf(pass).RebuildsErrors, claim.RebuildsErrors)
	pass.Claim(claim.Serves, servedTypes(flowOf(pass), stubs(pass))...)
	return nil
}
