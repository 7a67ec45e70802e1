// Package lost has handlers that lose the code of an error.
package lost

import (
	"context"
	"errors"
	"fmt"
	"log"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/lost/load"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
	db     database
}

type database interface{ Get(name string) error }

// Bad.

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.client.GetOrder(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("get %s: %v", req.GetName(), err) // want `clients of GetOrder get the code Unknown: the one of OrderService\.GetOrder is lost, %w keeps it \[status/lost\]`
	}
	return order, nil
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	resp, err := s.client.ListOrders(ctx, req)
	if err != nil {
		return nil, errors.New(err.Error()) // want `clients of ListOrders get the code Unknown: the one of OrderService\.ListOrders is lost \[`
	}
	return resp, nil
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, err := s.client.CreateOrder(ctx, req)
	if err != nil {
		log.Print(err)
		err = fmt.Errorf(`100%% lost: %s`, err) // want `clients of CreateOrder get the code Unknown: the one of OrderService\.CreateOrder is lost, %w keeps it`
		return nil, err
	}
	return order, nil
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	if err := s.check(req); err != nil {
		return nil, err
	}
	return load.Order(ctx, s.client, "orders/1") // want `clients of UpdateOrder get the code Unknown: the one of OrderService\.GetOrder is lost`
}

func (s *server) check(req *pb.UpdateOrderRequest) error {
	if err := validate(req); err != nil {
		return fmt.Errorf("check: %v", err) // want `clients of UpdateOrder get the code Unknown: the one of a status error is lost, %w keeps it`
	}
	return nil
}

func validate(req *pb.UpdateOrderRequest) error {
	if req.GetOrder() == nil {
		return status.Error(codes.InvalidArgument, "no order")
	}
	return nil
}

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if _, err := s.client.DeleteOrder(ctx, req); err != nil {
		return nil, fmt.Errorf("delete:\t%v", err) // want `clients of DeleteOrder get the code Unknown: the one of OrderService\.DeleteOrder is lost \[`
	}
	return &emptypb.Empty{}, nil
}

// Silent.

type second struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
	db     database
}

func (s *second) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.client.GetOrder(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", req.GetName(), err)
	}
	return order, nil
}

func (s *second) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	resp, err := s.client.ListOrders(ctx, req)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "list: %v", err) // says which code is meant // want `status/overwritten`
	}
	return resp, nil
}

func (s *second) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	if err := s.db.Get("x"); err != nil {
		return nil, fmt.Errorf("database: %v", err) // want `status/plain-error`
	}
	return load.Kept(ctx, s.client, "orders/1")
}

func (s *second) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.client.UpdateOrder(ctx, req)
	if err != nil {
		log.Print(fmt.Errorf("update: %v", err)) // is not returned
		return nil, status.Error(status.Code(err), "update")
	}
	return order, nil
}

func (s *second) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	_, err := s.client.DeleteOrder(ctx, req)
	if err == nil {
		err = s.db.Get(req.GetName())
	}
	if err != nil {
		return nil, fmt.Errorf("delete: %v", err) // want `status/plain-error`
	}
	return &emptypb.Empty{}, nil
}

// describe is no handler, and nobody returns what it does.
func describe(ctx context.Context, client pb.OrderServiceClient) error {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return fmt.Errorf("describe: %v", err)
}

func formatted(ctx context.Context, client pb.OrderServiceClient, format string) error {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return fmt.Errorf(format, err)
}
