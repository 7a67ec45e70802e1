package grpcoption

import (
	"go/constant"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// Ready is what the options of an RPC say about a connection that is not
// ready: grpc.WaitForReady, and grpc.FailFast, its former name.
type Ready struct {
	Said  bool // one of the two is among them, whatever it says
	Waits bool // the last one makes the RPC wait
	Known bool // there are no other options than those that were seen
}

// ReadyOf returns what the options say that a call of an RPC has as its last
// argument.
func ReadyOf(p *program.Program, call ssa.CallInstruction) Ready {
	args := call.Common().Args
	if len(args) == 0 {
		return Ready{}
	}
	options := p.Elements(args[len(args)-1])
	ready := Ready{Known: options.Complete}
	for _, v := range options.Values {
		if made, ok := v.(*ssa.MakeInterface); ok {
			v = made.X
		}
		option, ok := v.(*ssa.Call)
		if !ok {
			ready.Known = false
			continue
		}
		obj := program.CalledObject(&option.Call)
		if obj == nil || !isGRPC(obj) {
			ready.Known = false
			continue
		}
		if obj.Name() != "WaitForReady" && obj.Name() != "FailFast" || len(option.Call.Args) != 1 {
			continue
		}
		ready.Said = true
		if c, ok := option.Call.Args[0].(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool {
			ready.Waits = constant.BoolVal(c.Value) == (obj.Name() == "WaitForReady")
		}
	}
	return ready
}
