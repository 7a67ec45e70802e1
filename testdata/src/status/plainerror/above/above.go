// Package above serves the orders behind an interceptor.
package above

import (
	"google.golang.org/grpc"

	"example.com/testdata/status/plainerror/above/orders"
	"example.com/testdata/status/plainerror/mapper"
	pb "example.com/testdata/stubs/orderpb"
)

// Serve makes the server.
func Serve() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(mapper.Unary))
	pb.RegisterOrderServiceServer(s, &orders.Server{})
	return s
}
