// Package logged serves behind interceptors that leave errors as they are.
package logged

import (
	"context"
	"errors"
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, errors.New("no name") // want `clients of GetOrder get the code Unknown`
}

func logs(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := handler(ctx, req)
	if err != nil {
		log.Printf("%s: %s", info.FullMethod, status.Code(err))
	}
	return resp, err
}

func limits(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if info.FullMethod == "" {
		return nil, status.Error(codes.ResourceExhausted, "slow down")
	}
	return handler(ctx, req)
}

func recovers(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (_ any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = status.Errorf(codes.Internal, "panic: %v", r)
		}
	}()
	return handler(ctx, req)
}

func stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return handler(srv, ss)
}

func serve() *grpc.Server {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(logs, limits, recovers), grpc.StreamInterceptor(stream))
	pb.RegisterOrderServiceServer(s, &server{})
	return s
}
