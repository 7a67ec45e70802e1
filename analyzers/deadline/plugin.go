package deadline

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// pluginServices are those whose clients the package makes on connections of
// hashicorp/go-plugin: their servers are processes of the program's own, which
// ends what hangs by killing them.
func (j *judged) pluginServices() map[string]bool {
	if j.plugins != nil {
		return j.plugins
	}
	j.plugins = make(map[string]bool)
	if !slices.ContainsFunc(j.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == dial.PluginPath }) {
		return j.plugins
	}
	for instr := range j.ssa.Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok || len(call.Call.Args) != 1 {
			continue
		}
		conn := call.Call.Args[0]
		if boxed, ok := conn.(*ssa.MakeInterface); ok {
			conn = boxed.X
		}
		obj := program.CalledObject(&call.Call)
		if obj != nil && dial.IsConn(conn.Type()) && slices.ContainsFunc(j.ssa.Sources(conn), isPluginConn) {
			j.plugins[j.stubs.ServiceOf(obj)] = true
		}
	}
	return j.plugins
}

// isPluginConn: GRPCClient and its like are given the connection beside a
// broker, which dials others.
func isPluginConn(conn ssa.Value) bool {
	switch conn := conn.(type) {
	case *ssa.Parameter:
		for param := range conn.Parent().Signature.Params().Variables() {
			if dial.IsBroker(param.Type()) {
				return true
			}
		}
	case *ssa.Call:
		return dial.DialsBroker(program.CalledObject(&conn.Call))
	case *ssa.Extract:
		call, ok := conn.Tuple.(*ssa.Call)
		return ok && isPluginConn(call)
	}
	return false
}
