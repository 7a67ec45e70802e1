package ctxflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// dialledServices returns the services whose clients are made on the
// connection that a dial option is for; AnyService unless the option, the
// dial and the connection can all be followed to the clients' constructors.
func (f *follower) dialledServices(option ssa.CallInstruction) []string {
	value := option.Value()
	if value == nil {
		return nil // go or defer: its result is lost
	}
	var services []string
	known := true
	if dial := optionUser(value); dial != nil {
		known = f.clientsOf(dial, &services)
	} else {
		f.Follow(value, func(_ ssa.Value, by ssa.Instruction) bool {
			dial, ok := by.(*ssa.Call)
			known = ok && isDial(program.CalledObject(dial.Common())) && f.clientsOf(dial, &services)
			return known
		})
	}
	if !known {
		return []string{AnyService}
	}
	return services
}

// clientsOf adds the services of the clients that are made on a connection
// which a dial opens. It fails if that goes where it cannot be seen.
func (f *follower) clientsOf(dial *ssa.Call, services *[]string) bool {
	known := true
	f.Follow(program.Result(dial, 0), func(_ ssa.Value, by ssa.Instruction) bool {
		known = f.clientOf(by, services)
		return known
	})
	return known
}

// optionUser: the option is written among the variadic arguments of a dial.
func optionUser(option ssa.Value) *ssa.Call {
	users := *option.Referrers()
	if len(users) != 1 {
		return nil
	}
	store, ok := users[0].(*ssa.Store)
	if !ok {
		return nil
	}
	element, ok := store.Addr.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	for _, user := range *element.X.Referrers() {
		slice, ok := user.(*ssa.Slice)
		if !ok {
			continue
		}
		for _, user := range *slice.Referrers() {
			if call, ok := user.(*ssa.Call); ok && isDial(program.CalledObject(call.Common())) {
				return call
			}
		}
	}
	return nil
}

// isDial: grpc.NewClient and its like, or a helper that takes dial options
// and returns a connection.
func isDial(obj *types.Func) bool {
	if obj == nil {
		return false
	}
	sig := obj.Signature()
	if !sig.Variadic() || sig.Results().Len() == 0 {
		return false
	}
	last := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	return isGRPCType(last.Elem(), "DialOption") && isGRPCType(deref(sig.Results().At(0).Type()), "ClientConn")
}

// clientOf: what is done with a connection makes a client of it, whose service
// it adds, or nothing that RPCs could be made with.
func (f *follower) clientOf(use ssa.Instruction, services *[]string) bool {
	if _, compared := use.(*ssa.BinOp); compared {
		return true
	}
	call, ok := use.(ssa.CallInstruction)
	if !ok {
		return false
	}
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return false
	}
	if recv := obj.Signature().Recv(); recv != nil && isGRPCType(deref(recv.Type()), "ClientConn") {
		return true // conn.Close()
	}
	if service := f.stubs.ServiceOf(obj); service != "" {
		*services = append(*services, service)
		return true
	}
	// A function that waits until the connection is ready, say.
	results := obj.Signature().Results()
	return results.Len() == 0 || results.Len() == 1 && types.TypeString(results.At(0).Type(), nil) == "error"
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
