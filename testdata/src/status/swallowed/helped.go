package swallowed

import (
	"context"
	"log"

	"example.com/testdata/status/swallowed/reply"
	pb "example.com/testdata/stubs/orderpb"
)

type helped struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
}

// Bad.

func (s *helped) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.client.GetOrder(ctx, req)
	if err != nil {
		log.Println("get:", err)
		return empty(), nil // want `GetOrder reports success although OrderService\.GetOrder has failed`
	}
	return order, nil
}

type answering struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
}

func (s *answering) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	order, err := s.client.GetOrder(ctx, req)
	if err != nil {
		log.Println("get:", err)
		return reply.Empty(), nil // want `GetOrder reports success although OrderService\.GetOrder has failed`
	}
	return order, nil
}

func (s *answering) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.client.UpdateOrder(ctx, req)
	if err != nil {
		log.Println("update:", err)
		return reply.Named(), nil
	}
	return order, nil
}

func empty() *pb.Order { return &pb.Order{} }

// Silent.

func (s *helped) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	order, err := s.client.UpdateOrder(ctx, req)
	if err != nil {
		log.Println("update:", err)
		return s.later(ctx, req), nil
	}
	return order, nil
}

// later does what has failed another time.
func (s *helped) later(ctx context.Context, req *pb.UpdateOrderRequest) *pb.Order {
	log.Println(s.UpdateOrder(ctx, req))
	return &pb.Order{}
}

func (s *helped) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	order, err := s.client.CreateOrder(ctx, req)
	if err != nil {
		log.Println("create:", err)
		return draft(), nil
	}
	return order, nil
}

func draft() *pb.Order { return &pb.Order{Name: "orders/draft"} }
