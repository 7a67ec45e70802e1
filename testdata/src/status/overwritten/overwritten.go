// Package overwritten answers for others.
package overwritten

import (
	"context"
	"errors"
	"log"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	backend pb.OrderServiceClient
	store   *store
}

type store struct{}

func (*store) get(string) (*pb.Order, error) { return nil, errors.New("none") }

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.backend.GetOrder(ctx, req)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "get: %v", err) // want `NotFound and Unavailable of GetOrder look like a broken server: its error is answered with codes.Internal, whatever its code \[status/overwritten\]`
	}
	return order, nil
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, err := s.backend.CreateOrder(ctx, req)
	if err != nil {
		log.Printf("create: %v", err)
		return nil, status.Error(codes.Unknown, err.Error()) // want `status/overwritten`
	}
	return order, nil
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	if _, err := s.backend.GetOrder(ctx, new(pb.GetOrderRequest)); err != nil {
		return nil, status.Errorf(codes.Internal, "update: %s", err.Error()) // want `status/overwritten`
	}
	order, err := s.store.get("x")
	if err != nil {
		return nil, status.Errorf(codes.Internal, "store: %v", err) // an error of ours
	}
	if order, err = s.backend.UpdateOrder(ctx, req); err != nil {
		return order, status.Errorf(codes.Internal, "update: %v", err) // want `NotFound and Unavailable of UpdateOrder`
	}
	return order, nil
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	list, err := s.backend.ListOrders(ctx, req)
	switch {
	case err != nil:
		return nil, status.Errorf(codes.Internal, "%v", err) // want `status/overwritten`
	}
	return list, nil
}
