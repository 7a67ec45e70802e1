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
	dial := optionUser(value)
	if dial == nil {
		return []string{AnyService}
	}
	var services []string
	for _, user := range *dial.Referrers() {
		conn, ok := user.(*ssa.Extract)
		if !ok || conn.Index != 0 {
			continue
		}
		if !f.clientsOn(conn, &services) {
			return []string{AnyService}
		}
	}
	return services
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

// clientsOn adds the services of the clients made on a connection. It fails
// if the connection goes where it cannot be seen.
func (f *follower) clientsOn(conn ssa.Value, services *[]string) bool {
	for _, user := range *conn.Referrers() {
		switch user := user.(type) {
		case *ssa.MakeInterface:
			if !f.clientsOn(user, services) {
				return false
			}
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Store:
			field, ok := user.Addr.(*ssa.FieldAddr)
			if !ok || user.Val != conn || !f.clientsOnField(program.FieldOf(field.X.Type(), field.Field), services) {
				return false
			}
		case ssa.CallInstruction:
			if !f.clientOf(user, services) {
				return false
			}
		default:
			return false // returned, captured, sent
		}
	}
	return true
}

// clientsOnField looks at what becomes of a connection that is kept in a
// field of this package's own, most often to be closed.
func (f *follower) clientsOnField(field *types.Var, services *[]string) bool {
	if field.Exported() || field.Pkg() != f.pass.Pkg {
		return false
	}
	for instr := range f.Instructions {
		addr, ok := instr.(*ssa.FieldAddr)
		if !ok || program.FieldOf(addr.X.Type(), addr.Field) != field {
			continue
		}
		for _, user := range *addr.Referrers() {
			switch user := user.(type) {
			case *ssa.Store, *ssa.DebugRef:
			case *ssa.UnOp:
				for _, use := range *user.Referrers() {
					call, ok := use.(ssa.CallInstruction)
					if !ok || !f.clientOf(call, services) {
						return false
					}
				}
			default:
				return false
			}
		}
	}
	return true
}

// clientOf: a call that a connection is passed to makes a client of it, or
// nothing that RPCs could be made with.
func (f *follower) clientOf(call ssa.CallInstruction, services *[]string) bool {
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
