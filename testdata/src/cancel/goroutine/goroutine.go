// Package goroutine tests cancel/goroutine.
package goroutine

import (
	"context"
	"database/sql"
	"log"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/cancel/goroutine/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	c  pb.OrderServiceClient
	db *sql.DB
}

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	go func() { // want `^CreateOrder is cut off when GetOrder returns: the goroutine uses the context of the RPC, and nobody waits for it \[cancel/goroutine\]$`
		s.c.CreateOrder(ctx, &pb.CreateOrderRequest{})
	}()
	go s.audit(ctx, 1)             // want `CreateOrder is cut off when GetOrder returns`
	go helper.Audit(ctx, s.c)      // want `CreateOrder is cut off when GetOrder returns`
	go func(ctx context.Context) { // want `ExecContext is cut off when GetOrder returns`
		if _, err := s.db.ExecContext(ctx, "INSERT"); err != nil {
			log.Print(err)
		}
	}(ctx)
	go func() { // want `GetOrder is cut off when GetOrder returns`
		own, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		s.c.GetOrder(own, r)
	}()
	return &pb.Order{}, nil
}

func (s *server) audit(ctx context.Context, n int) error {
	return s.deeper(ctx)
}

func (s *server) deeper(ctx context.Context) error {
	_, err := s.c.CreateOrder(ctx, &pb.CreateOrderRequest{})
	return err
}

func (s *server) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	helper.Later(ctx, s.c) // want `^CreateOrder is cut off when CreateOrder returns \(Later\)`
	if err := s.notify(ctx); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}

func (s *server) notify(ctx context.Context) error {
	go s.c.DeleteOrder(ctx, &pb.DeleteOrderRequest{}) // want `DeleteOrder is cut off when CreateOrder returns \(server.notify\)`
	return nil
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	go s.audit(stream.Context(), 2) // want `CreateOrder is cut off when WatchOrders returns`
	return nil
}
