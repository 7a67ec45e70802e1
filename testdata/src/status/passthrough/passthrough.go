// Package passthrough returns errors of RPCs.
package passthrough

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return s.client.GetOrder(ctx, req) // want `clients of GetOrder get the code that OrderService\.GetOrder was given: InvalidArgument, say, is then blamed on them \[status/passthrough\]`
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, err := s.client.CreateOrder(ctx, req)
	if err != nil {
		return nil, err // want `status/passthrough`
	}
	return order, nil
}

// Silent.

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if _, err := s.client.DeleteOrder(ctx, req); err != nil {
		return nil, fmt.Errorf("delete: %w", err) // says at least where it comes from
	}
	return &emptypb.Empty{}, nil
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	resp, err := s.client.ListOrders(ctx, req)
	if err != nil {
		return nil, status.Error(codes.Internal, "list")
	}
	return resp, nil
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.client.UpdateOrder(ctx, req)
	if status.Code(err) == codes.InvalidArgument {
		return nil, status.Error(codes.Internal, "update")
	}
	return order, err
}
