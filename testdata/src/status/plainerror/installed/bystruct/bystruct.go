// Package bystruct goes on with a handler that it has put into a struct.
package bystruct

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

type call struct {
	ctx     context.Context
	req     any
	handler grpc.UnaryHandler
}

func (c call) do() (any, error) { return c.handler(c.ctx, c.req) }

func coded(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := call{ctx, req, handler}.do()
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return resp, nil
}

func serve() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(coded))
	pb.RegisterOrderServiceServer(s, new(server))
	return s
}
