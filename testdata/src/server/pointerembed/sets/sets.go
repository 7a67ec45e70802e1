// Package sets sets the pointers, somewhere at least.
package sets

import (
	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

type assigned struct {
	*orderpb.UnimplementedOrderServiceServer // want warning `where UnimplementedOrderServiceServer is not set`
}

func serveAssigned(s *grpc.Server) {
	a := new(assigned)
	a.UnimplementedOrderServiceServer = &orderpb.UnimplementedOrderServiceServer{}
	orderpb.RegisterOrderServiceServer(s, a)
}

type positional struct {
	*orderpb.UnimplementedOrderServiceServer // want warning `where UnimplementedOrderServiceServer is not set`
}

func servePositional(s *grpc.Server, u *orderpb.UnimplementedOrderServiceServer) {
	orderpb.RegisterOrderServiceServer(s, &positional{u})
}
