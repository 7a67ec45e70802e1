package status

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
)

// rpcAmong returns the first source that is an error of an RPC, or nil.
func rpcAmong(o *errflow.Origin) *errflow.Source {
	for i := range o.Sources {
		if o.Sources[i].OfRPC() {
			return &o.Sources[i]
		}
	}
	return nil
}

// untouched: the error is what gRPC returned, and no interceptor of a
// connection makes another of it. What the stream of a handler returns no
// connection has to do with.
func (c *comparer) untouched(o *errflow.Origin) bool {
	return o.OfRPC() && (!c.flow.RebuildsErrors || !hasClient(o))
}

// ofInvoker: what an interceptor of a connection gets back.
func ofInvoker(o *errflow.Origin) bool {
	return len(o.Sources) > 0 && !slices.ContainsFunc(o.Sources, func(s errflow.Source) bool {
		return s.Kind != errflow.Next || s.Sides != errflow.Client
	})
}

// hasClient: an RPC that somebody makes is among the origins.
func hasClient(o *errflow.Origin) bool {
	return slices.ContainsFunc(o.Sources, func(s errflow.Source) bool {
		return s.Kind != errflow.ServerRecv && s.Kind != errflow.ServerSend
	})
}

// asMade: nobody around changes the errors of a connection of its own.
func asMade(o *errflow.Origin) []claim.Condition {
	if !hasClient(o) {
		return nil
	}
	return []claim.Condition{claim.Unless(claim.RebuildsErrors)}
}

// readsCode: somebody reads the status of the error too, so that the
// comparison is one of several.
func (c *comparer) readsCode(err ssa.Value) bool {
	for _, v := range c.sameErrors(err) {
		for _, user := range control.Uses(v) {
			call, ok := user.(*ssa.Call)
			if !ok || call.Call.IsInvoke() || isFunc(calledFunc(call), statusPath, "FromContextError") {
				continue // the last knows nothing of the errors of RPCs
			}
			for r := range call.Call.Signature().Results().Variables() {
				if isStatus(r.Type()) || isCode(r.Type()) {
					return true
				}
			}
			if obj := calledFunc(call); obj != nil && obj.Name() == "As" {
				return true
			}
		}
	}
	return false
}

// sameErrors returns v and the values that it is a choice of, and what holds
// one of these, or is read of that; also what callers pass.
func (c *comparer) sameErrors(v ssa.Value) []ssa.Value {
	list := []ssa.Value{v}
	add := func(values ...ssa.Value) {
		for _, v := range values {
			if !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	for i := 0; i < len(list) && i < 16; i++ {
		ways, _ := c.flow.Program.Ways(list[i])
		add(ways...)
		add(errflow.Carriers(list[i])...)
	}
	return list
}

// subject says of an error of an RPC where it came from.
func subject(s *errflow.Source) string {
	switch s.Kind {
	case errflow.RPC:
		return say.RPC(s.Name)
	case errflow.Next:
		return "the RPC"
	case errflow.ClientRecv, errflow.ClientSend, errflow.ServerRecv, errflow.ServerSend:
		return "the stream's " + s.Name
	}
	return s.Name
}
