// Package recovered builds a server that recovers.
package recovered

import (
	"google.golang.org/grpc"

	"example.com/testdata/server/nilfield/recovered/guard"
	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
}

func build() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(guard.Unary()))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}
