// Package mapped serves the orders behind an interceptor.
package mapped

import (
	"google.golang.org/grpc"

	"example.com/testdata/status/plainerror/mapper"
	"example.com/testdata/status/plainerror/programs/mapped/orders"
	pb "example.com/testdata/stubs/orderpb"
)

// Serve makes the server.
func Serve() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(mapper.Unary))
	pb.RegisterOrderServiceServer(s, &orders.Server{})
	return s
}
