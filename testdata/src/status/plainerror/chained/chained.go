package chained

import (
	"context"
	"errors"
	"log"

	"google.golang.org/grpc"

	"example.com/testdata/status/plainerror/mapper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if req.GetName() == "gone" {
		return nil, mapper.ErrNotFound // want `clients of GetOrder get the code Unknown: mapper\.ErrNotFound has none`
	}
	return nil, errors.New("no name") // want `clients of GetOrder get the code Unknown: errors\.New has none`
}

func logs(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := handler(ctx, req)
	if err != nil {
		log.Print(err)
	}
	return resp, err
}

func admits(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if ctx.Value("user") == nil {
		return nil, errors.New("who are you?")
	}
	return handler(ctx, req)
}

func serve() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(chain(logs, admits)), grpc.StreamInterceptor(inline()))
	pb.RegisterOrderServiceServer(s, &server{})
	return s
}
