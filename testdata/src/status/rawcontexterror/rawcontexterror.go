// Package rawcontexterror returns errors of package context.
package rawcontexterror

import (
	"context"

	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // want `ctx\.Err\(\) has no code for interceptors of GetOrder: they see Unknown where clients see Canceled or DeadlineExceeded \[status/raw-context-error\]`
	}
	if req.GetName() == "late" {
		return nil, context.DeadlineExceeded // want `context\.DeadlineExceeded has no code`
	}
	return &pb.Order{}, nil
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	<-stream.Context().Done()
	return stream.Context().Err() // want `ctx\.Err\(\) has no code`
}

// Silent.

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	if err := ctx.Err(); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	return &pb.Order{}, nil
}

func (s *server) Chat(stream pb.OrderService_ChatServer) error {
	return stream.Send(&pb.ChatMessage{})
}
