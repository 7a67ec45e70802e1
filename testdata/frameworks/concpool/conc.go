// Package concpool holds RPCs in pools and groups of sourcegraph/conc.
package concpool

import (
	"context"
	"time"

	"github.com/sourcegraph/conc"
	"github.com/sourcegraph/conc/iter"
	"github.com/sourcegraph/conc/pool"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	var wg conc.WaitGroup
	var o *pb.Order
	var err error
	wg.Go(func() { o, err = s.next.GetOrder(ctx, req) })
	wg.Wait()
	return o, err
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	p := pool.New().WithContext(ctx).WithMaxGoroutines(4)
	for range 10 {
		p.Go(func(ctx context.Context) error {
			_, err := s.next.GetOrder(ctx, &pb.GetOrderRequest{})
			return err
		})
	}
	return &pb.ListOrdersResponse{}, p.Wait()
}

func all(ctx context.Context, client pb.OrderServiceClient, names []string) ([]*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return iter.MapErr(names, func(name *string) (*pb.Order, error) {
		return client.GetOrder(ctx, &pb.GetOrderRequest{Name: *name})
	})
}

// Bad.

func endless(client pb.OrderServiceClient, names []string) ([]*pb.Order, error) {
	return iter.MapErr(names, func(name *string) (*pb.Order, error) {
		return client.GetOrder(context.Background(), &pb.GetOrderRequest{Name: *name}) // want `OrderService.GetOrder can hang for ever`
	})
}

func groups(ctx context.Context, client pb.OrderServiceClient, names []string) {
	p := pool.New().WithErrors()
	for _, name := range names {
		p.Go(func() error {
			_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{Name: name}) // want `can hang for ever`
			return err
		})
	}
	_ = p.Wait()
}

func group(client pb.OrderServiceClient) {
	wg := conc.NewWaitGroup()
	ctx := context.Background() // want `can hang for ever`
	wg.Go(func() { _, _ = client.GetOrder(ctx, &pb.GetOrderRequest{}) })
	wg.Wait()
}

func each(client pb.OrderServiceClient, names []string) {
	iter.ForEach(names, func(name *string) {
		_, _ = client.GetOrder(context.Background(), &pb.GetOrderRequest{Name: *name}) // want `can hang for ever`
	})
}
