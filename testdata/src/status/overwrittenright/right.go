// Package overwrittenright answers for others with care.
package overwrittenright

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	backend pb.OrderServiceClient
}

// It looks at the code first.
func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.backend.GetOrder(ctx, req)
	if status.Code(err) == codes.NotFound {
		return nil, status.Error(codes.NotFound, "no such order")
	}
	if err != nil {
		return nil, status.Errorf(codes.Internal, "get: %v", err)
	}
	return order, nil
}

// A helper does.
func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, err := s.backend.CreateOrder(ctx, req)
	if isTemporary(err) {
		return nil, status.Error(codes.Unavailable, "later")
	}
	if err != nil {
		return nil, status.Errorf(codes.Internal, "create: %v", err)
	}
	return order, nil
}

func isTemporary(error) bool { return false }

// A code that fits.
func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.backend.UpdateOrder(ctx, req)
	if err != nil {
		return nil, status.Errorf(codes.Unavailable, "backend: %v", err)
	}
	return order, nil
}

// The code is kept.
func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	list, err := s.backend.ListOrders(ctx, req)
	if err != nil {
		return nil, status.Errorf(status.Code(err), "list: %v", err)
	}
	return list, nil
}

// No handler.
func (s *server) helper(ctx context.Context, req *pb.GetOrderRequest) error {
	_, err := s.backend.GetOrder(ctx, req)
	if err != nil {
		return status.Errorf(codes.Internal, "get: %v", err)
	}
	return nil
}

type other struct {
	pb.UnimplementedOrderServiceServer
	backend pb.OrderServiceClient
}

// The error is not in the message, and says nothing of it.
func (s *other) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.backend.GetOrder(ctx, req)
	if order.GetName() == "" && err == nil {
		return nil, status.Error(codes.Internal, "an order without a name")
	}
	return order, err
}

// Another error.
func (s *other) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, err := s.backend.CreateOrder(ctx, req)
	if err != nil {
		return nil, err
	}
	if err := check(order); err != nil {
		return nil, status.Errorf(codes.Internal, "check: %v", err)
	}
	return order, nil
}

func check(*pb.Order) error { return fmt.Errorf("wrong") }

// It is compared with what the backend is known to return.
func (s *other) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.backend.UpdateOrder(ctx, req)
	if err == errGone { // want `status/compare`
		return nil, status.Error(codes.NotFound, "gone")
	}
	if err != nil {
		return nil, status.Errorf(codes.Internal, "update: %v", err)
	}
	return order, nil
}

var errGone = status.Error(codes.NotFound, "gone")
