// Package swallowed keeps failures of RPCs for itself.
package swallowed

import (
	"context"
	"errors"
	"fmt"
	"log"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	client   pb.OrderServiceClient
	payments paypb.PaymentServiceClient
	last     error
}

// Bad.

func find(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name}) // related `the RPC`
	if err != nil {
		return nil, nil // want `find reports success although OrderService\.GetOrder has failed: its error is not returned \[status/swallowed\]`
	}
	return order, nil
}

func list(ctx context.Context, client pb.OrderServiceClient) ([]*pb.Order, error) {
	resp, err := client.ListOrders(ctx, &pb.ListOrdersRequest{})
	if err != nil {
		log.Printf("list: %v", err)
		return nil, nil // want `list reports success although OrderService\.ListOrders has failed`
	}
	return resp.GetOrders(), nil
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.client.GetOrder(ctx, req)
	if err != nil {
		log.Println("get:", err.Error())
		return &pb.Order{}, nil // want `GetOrder reports success although OrderService\.GetOrder has failed`
	}
	return order, nil
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	resp, err := s.client.ListOrders(stream.Context(), &pb.ListOrdersRequest{})
	if err != nil {
		log.Print(err)
		return nil // want `WatchOrders reports success although OrderService\.ListOrders has failed`
	}
	for _, order := range resp.GetOrders() {
		if err := stream.Send(&pb.OrderEvent{Order: order}); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, _ := s.client.GetOrder(ctx, &pb.GetOrderRequest{}) // want `order is read although OrderService\.GetOrder may have failed: its error is dropped`
	return &pb.Order{Name: order.GetName()}, nil
}

func charge(ctx context.Context, client paypb.PaymentServiceClient) bool {
	payment, _ := client.Charge(ctx, &paypb.ChargeRequest{}) // want `payment is read although PaymentService\.Charge may have failed`
	return payment.Error == ""
}

// Silent.

func known(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	if status.Code(err) == codes.NotFound { // want `this is never so: no handler of OrderService\.GetOrder returns codes\.NotFound`
		return nil, nil
	}
	return order, err
}

func predicate(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	if err != nil {
		if isMissing(err) {
			return nil, nil
		}
		return nil, err
	}
	return order, nil
}

func isMissing(err error) bool { return status.Code(err) == codes.NotFound }

func exists(ctx context.Context, client pb.OrderServiceClient, name string) (bool, error) {
	if _, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name}); err != nil {
		return false, nil
	}
	return true, nil
}

func warm(ctx context.Context, client pb.OrderServiceClient) error {
	if _, err := client.ListOrders(ctx, &pb.ListOrdersRequest{}); err != nil {
		log.Print(err) // as well as it can
		return nil
	}
	return nil
}

func audit(ctx context.Context, client pb.OrderServiceClient) {
	client.GetOrder(ctx, &pb.GetOrderRequest{})
	_, _ = client.GetOrder(ctx, &pb.GetOrderRequest{})
}

func optional(ctx context.Context, client pb.OrderServiceClient) string {
	order, _ := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if order == nil {
		return "unknown"
	}
	return order.GetName()
}

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.client.UpdateOrder(ctx, req)
	if err != nil {
		return &pb.Order{Name: "failed: " + err.Error()}, nil // the reply tells
	}
	return order, nil
}

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if _, err := s.client.DeleteOrder(ctx, req); err != nil {
		s.last = err
		return &emptypb.Empty{}, nil // somebody else is told
	}
	return &emptypb.Empty{}, nil
}

func fallback(ctx context.Context, client, second pb.OrderServiceClient) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if err != nil {
		return second.GetOrder(ctx, &pb.GetOrderRequest{})
	}
	return order, nil
}

func joined(ctx context.Context, client pb.OrderServiceClient) ([]*pb.Order, error) {
	var failed error
	if _, err := client.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil {
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		return nil, fmt.Errorf("some failed: %w", failed)
	}
	return nil, nil
}
