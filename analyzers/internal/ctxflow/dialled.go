package ctxflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// dialledServices returns the services whose clients are made on the
// connection that a dial option is for; AnyService unless the option, the
// dial and the connection can all be followed to the clients' constructors.
func (f *flow) dialledServices(option ssa.CallInstruction) []string {
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
			if call, ok := user.(*ssa.Call); ok && isDial(calledObject(call)) {
				return call
			}
		}
	}
	return nil
}

func isDial(obj *types.Func) bool {
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath {
		return false
	}
	return obj.Name() == "NewClient" || obj.Name() == "Dial" || obj.Name() == "DialContext"
}

// clientsOn adds the services of the clients made on a connection. It fails
// if the connection goes where it cannot be seen.
func (f *flow) clientsOn(conn ssa.Value, services *[]string) bool {
	for _, user := range *conn.Referrers() {
		switch user := user.(type) {
		case *ssa.MakeInterface:
			if !f.clientsOn(user, services) {
				return false
			}
		case *ssa.DebugRef, *ssa.BinOp:
		case ssa.CallInstruction:
			obj := calledObject(user)
			if obj == nil {
				return false
			}
			if recv := obj.Signature().Recv(); recv != nil && isGRPCType(deref(recv.Type()), "ClientConn") {
				continue // conn.Close()
			}
			service := f.stubs.ServiceOf(obj)
			if service == "" {
				return false
			}
			*services = append(*services, service)
		default:
			return false // stored, returned, captured
		}
	}
	return true
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
