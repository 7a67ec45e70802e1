// Package byinterface serves behind whatever interceptor it is given.
package byinterface

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

type middleware interface {
	Interceptor() grpc.UnaryServerInterceptor
}

// Codes is a middleware.
type Codes struct{}

// Interceptor gives errors a code.
func (Codes) Interceptor() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		var resp any
		var err error
		handle := func(ctx context.Context) { resp, err = handler(ctx, req) }
		handle(ctx)
		if err != nil {
			err = status.Error(codes.Internal, err.Error())
		}
		return resp, err
	}
}

func serve(m middleware) *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(m.Interceptor()))
	pb.RegisterOrderServiceServer(s, &server{})
	return s
}
