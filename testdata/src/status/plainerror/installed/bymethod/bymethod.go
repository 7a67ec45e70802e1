// Package bymethod serves behind the method of a type.
package bymethod

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, errors.New("no name")
}

func (s *server) codes(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := s.call(func() (any, error) { return handler(ctx, req) })
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return resp, nil
}

func (s *server) call(f func() (any, error)) (any, error) { return f() }

func (s *server) interceptor() grpc.UnaryServerInterceptor { return s.codes }

func serve() *grpc.Server {
	impl := new(server)
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(impl.interceptor()))
	pb.RegisterOrderServiceServer(s, impl)
	return s
}
