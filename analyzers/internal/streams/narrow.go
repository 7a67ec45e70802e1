package streams

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// A narrow interface has a few of a stream's methods only:
//
//	type sender interface{ Send(*pb.Event) error }
//
// What is called through it is a stream if the package makes one of a stream.

// findNarrow notes the narrow interfaces that streams become.
func (info *Info) findNarrow() {
	info.narrow = make(map[types.Type]Side)
	for instr := range info.SSA.Instructions {
		to, ok := instr.(*ssa.ChangeInterface)
		if !ok || SideOf(to.X.Type()) == NoStream || !mayBeNarrow(to.Type()) || testcode.Is(info.pass, to.Pos()) {
			continue
		}
		info.narrow[types.Unalias(to.Type())] = SideOf(to.X.Type())
	}
}

// mayBeNarrow: an interface that is no stream has a method that sends or
// receives a message.
func mayBeNarrow(t types.Type) bool {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || SideOf(t) != NoStream {
		return false
	}
	for m := range iface.Methods() {
		op, signature := operations[m.Name()], m.Signature()
		switch {
		case op == Send && signature.Params().Len() == 1 && signature.Results().Len() == 1:
			return true
		case op == Recv && m.Name() == "Recv" && signature.Params().Len() == 0 && signature.Results().Len() == 2:
			return true
		}
	}
	return false
}

func (info *Info) isNarrow(t types.Type) bool { return info.narrow[types.Unalias(t)] != NoStream }

// sideOf is SideOf, also of the narrow interfaces of this package.
func (info *Info) sideOf(t types.Type) Side {
	if stub.IsContext(t) {
		return Server // of an RPC that is served
	}
	if side := info.narrow[types.Unalias(t)]; side != NoStream {
		return side
	}
	return SideOf(t)
}

// opOf is OpOf, also of the narrow interfaces of this package.
func (info *Info) opOf(common *ssa.CallCommon) (Op, ssa.Value) {
	if common.IsInvoke() && info.isNarrow(common.Value.Type()) {
		return operations[common.Method.Name()], common.Value
	}
	return OpOf(common)
}
