// Package inverted has callers that wait for less time than the handlers that
// they call.
package inverted

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

const soon = 2 * time.Second

type server struct {
	pb.UnimplementedOrderServiceServer
	stock pb.OrderServiceClient
	wait  time.Duration
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second) // related "the handler's timeout"
	defer cancel()
	list, err := s.stock.ListOrders(ctx, &pb.ListOrdersRequest{})
	if err != nil {
		return nil, err
	}
	return list.GetOrders()[0], nil
}

// UpdateOrder goes on when its caller does not any more.
func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	return s.update(context.WithoutCancel(ctx), req)
}

func (s *server) update(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // related "the handler's timeout"
	defer cancel()
	return s.stock.UpdateOrder(ctx, req)
}

// CreateOrder waits for as long as somebody has chosen.
func (s *server) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	return s.stock.CreateOrder(ctx, req)
}

func get(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, soon) // want `OrderService\.GetOrder is given up after 2s, while its handler lets OrderService\.ListOrders take 10s`
	defer cancel()
	return orders.GetOrder(ctx, &pb.GetOrderRequest{}) // related "this call is given up"
}

// byHelper sets the timeout far from the call.
func byHelper(orders pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second) // want `OrderService\.GetOrder is given up after 3s, while its handler lets OrderService\.ListOrders take 10s`
	defer cancel()
	return fetch(ctx, orders)
}

func fetch(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	return orders.GetOrder(ctx, &pb.GetOrderRequest{}) // related "this call is given up"
}

func detached(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second) // want `OrderService\.UpdateOrder is given up after 5s, while its handler lets OrderService\.UpdateOrder take 1m`
	defer cancel()
	return orders.UpdateOrder(ctx, &pb.UpdateOrderRequest{}) // related "this call is given up"
}

// inner counts: the shorter of two.
func inner(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	short, stop := context.WithTimeout(ctx, time.Second) // want `OrderService\.GetOrder is given up after 1s, while its handler lets OrderService\.ListOrders take 10s`
	defer stop()
	return orders.GetOrder(short, &pb.GetOrderRequest{}) // related "this call is given up"
}

func inGoroutine(orders pb.OrderServiceClient) <-chan error {
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second) // want `OrderService\.GetOrder is given up after 4s, while its handler lets OrderService\.ListOrders take 10s`
		defer cancel()
		_, err := orders.GetOrder(ctx, &pb.GetOrderRequest{}) // related "this call is given up"
		done <- err
	}()
	return done
}

// Silent.

func long(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	return orders.GetOrder(ctx, &pb.GetOrderRequest{})
}

func same(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return orders.GetOrder(ctx, &pb.GetOrderRequest{})
}

func computed(ctx context.Context, orders pb.OrderServiceClient, d time.Duration) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return orders.GetOrder(ctx, &pb.GetOrderRequest{})
}

func sometimes(ctx context.Context, orders pb.OrderServiceClient, hurry bool) (*pb.Order, error) {
	if hurry {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Second)
		defer cancel()
	}
	return orders.GetOrder(ctx, &pb.GetOrderRequest{})
}

func until(ctx context.Context, orders pb.OrderServiceClient, end time.Time) (*pb.Order, error) {
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	return orders.GetOrder(ctx, &pb.GetOrderRequest{})
}

// create: its handler's timeout is not known.
func create(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return orders.CreateOrder(ctx, &pb.CreateOrderRequest{})
}

// list: nobody here handles it.
func list(ctx context.Context, orders pb.OrderServiceClient) (*pb.ListOrdersResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return orders.ListOrders(ctx, &pb.ListOrdersRequest{})
}

func watch(ctx context.Context, orders pb.OrderServiceClient) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	stream, err := orders.WatchOrders(ctx, &pb.WatchOrdersRequest{})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

// relay serves what it calls: what its client is connected to is another server.
type relay struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (r *relay) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return r.next.GetOrder(ctx, req)
}

func meant(ctx context.Context, orders pb.OrderServiceClient) (*pb.Order, error) {
	//grpclint:ignore deadline/inverted who asks for a preview does not wait
	ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	return orders.GetOrder(ctx, &pb.GetOrderRequest{})
}
