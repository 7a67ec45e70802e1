// Package mapped serves behind an interceptor that gives errors a code.
package mapped

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	"example.com/testdata/status/plainerror/mapper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, errors.New("no name")
}

func serve() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(mapper.Unary))
	pb.RegisterOrderServiceServer(s, &server{})
	return s
}
