package pointerembed

import (
	"testing"

	"google.golang.org/grpc"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/grpc13pb"
	"example.com/testdata/stubs/orderpb"
)

// Today's generated code finds out when the server is registered.
func TestPanics(t *testing.T) {
	text := proof.Panics(func() { orderpb.RegisterOrderServiceServer(grpc.NewServer(), newOrders()) })
	proof.Contains(t, text, "nil pointer")
	if text := proof.Panics(func() { orderpb.RegisterOrderServiceServer(grpc.NewServer(), newSet()) }); text != "" {
		t.Error(text)
	}
	if text := proof.Panics(func() { orderpb.RegisterOrderServiceServer(grpc.NewServer(), &byValue{}) }); text != "" {
		t.Error(text)
	}
}

// That of before goes down with the first call of a method that is missing.
func TestOldPanics(t *testing.T) {
	if text := proof.Panics(func() { grpc13pb.RegisterGrpc13ServiceServer(grpc.NewServer(), old{}) }); text != "" {
		t.Error(text)
	}
	proof.Contains(t, proof.Panics(func() { _, _ = old{}.Get(t.Context(), nil) }), "nil pointer")
}
