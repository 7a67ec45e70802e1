package streams

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A Side tells the two ends of a stream apart.
type Side uint8

// Sides. NoStream: not a stream at all.
const (
	NoStream Side = iota
	Client
	Server
)

// An Op is what a call does to a stream.
type Op uint8

// Operations. Those of one message include SendMsg and RecvMsg.
const (
	NoOp Op = iota
	Send
	Recv
	CloseSend
	CloseAndRecv // of a client-streaming client
	SendAndClose // of a client-streaming server
	Header       // of the client
	Trailer      // of the client
	Context
	SetHeader
	SendHeader
	SetTrailer

	Open   // the call of a stub that opens the stream
	Escape // goes where it cannot be followed
)

var operations = map[string]Op{
	"Send": Send, "SendMsg": Send, "Recv": Recv, "RecvMsg": Recv, "CloseSend": CloseSend, "CloseAndRecv": CloseAndRecv,
	"SendAndClose": SendAndClose, "Header": Header, "Trailer": Trailer, "Context": Context,
	"SetHeader": SetHeader, "SendHeader": SendHeader, "SetTrailer": SetTrailer,
}

// SideOf returns which end of a stream the interface type t is: one that has
// the methods of grpc.ClientStream or of grpc.ServerStream. Everything that
// is no interface is NoStream: it may do anything under these names.
func SideOf(t types.Type) Side {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || iface.NumMethods() < 6 {
		return NoStream
	}
	has := func(name string) bool {
		for m := range iface.Methods() {
			if m.Name() == name {
				return true
			}
		}
		return false
	}
	if !has("SendMsg") || !has("RecvMsg") || !has("Context") {
		return NoStream
	}
	switch {
	case has("CloseSend") && has("Trailer"):
		return Client
	case has("SetTrailer") && has("SendHeader"):
		return Server
	}
	return NoStream
}

// OpOf returns what a call does to which stream; NoOp if it calls no method
// of one. The stream of an RPC without streams is its context.
func OpOf(common *ssa.CallCommon) (Op, ssa.Value) {
	if !common.IsInvoke() {
		return headerOp(common)
	}
	op := operations[common.Method.Name()]
	if op == NoOp || SideOf(common.Value.Type()) == NoStream {
		return NoOp, nil
	}
	return op, common.Value
}

// headerOp: grpc.SetHeader and its like, for the RPC that a context is of.
func headerOp(common *ssa.CallCommon) (Op, ssa.Value) {
	fn := called(common)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != stub.GRPCPath || len(common.Args) != 2 || !stub.IsContext(common.Args[0].Type()) {
		return NoOp, nil
	}
	switch fn.Name() {
	case "SetHeader", "SendHeader", "SetTrailer":
		return operations[fn.Name()], common.Args[0]
	}
	return NoOp, nil
}

// Receives reports whether the operation can tell that the stream has ended.
func (op Op) Receives() bool { return op == Recv || op == CloseAndRecv }

// Sends reports whether the operation sends, be it that nothing more will come.
func (op Op) Sends() bool {
	return op == Send || op == CloseSend || op == CloseAndRecv || op == SendAndClose
}

// String returns the name of the method that a call of the operation names.
func (op Op) String() string {
	switch op {
	case Open:
		return "open"
	case Escape, NoOp:
		return ""
	}
	for name, o := range operations {
		if o == op && name != "SendMsg" && name != "RecvMsg" {
			return name
		}
	}
	return ""
}
