// Package detached tests deadline/detached.
package detached

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/deadline/detached/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	return s.next.GetOrder(context.Background(), r) // want `^OrderService.GetOrder can run on after the caller of GetOrder has gone: context.Background\(\) instead of ctx \[deadline/detached\]$`
}

func (s *server) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	own, cancel := context.WithTimeout(context.Background(), time.Second) // want `instead of ctx`
	defer cancel()
	return s.next.ListOrders(own, r)
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	_, err := s.next.GetOrder(context.TODO(), nil) // want `context.TODO\(\) instead of stream.Context\(\)`
	return err
}

func (s *server) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	if _, err := helper.Fetch(context.Background(), s.next); err != nil { // want `instead of ctx \(Fetch\)`
		return nil, err
	}
	if _, err := helper.FetchBounded(context.Background(), s.next); err != nil { // want `instead of ctx \(FetchBounded\)`
		return nil, err
	}
	return s.create(context.Background(), r) // want `instead of ctx \(server.create\)`
}

func (s *server) create(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	return s.next.CreateOrder(ctx, r)
}

func overHTTP(c pb.OrderServiceClient) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c.GetOrder(context.Background(), nil) // want `after the caller of overHTTP has gone: context.Background\(\) instead of r.Context\(\)`
	}
}

func anyFunction(ctx context.Context, c pb.OrderServiceClient) {
	c.GetOrder(context.Background(), nil) // want `after the caller of anyFunction has gone`
}
