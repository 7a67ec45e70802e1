// Package call makes RPCs for others, each on a connection of its own.
package call

import (
	"context"

	"google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/conn/percall/open"
	"example.com/testdata/stubs/orderpb"
)

// Get returns an order.
func Get(ctx context.Context, addr, name string) (*orderpb.Order, error) {
	return get(ctx, addr, name)
}

func get(ctx context.Context, addr, name string) (*orderpb.Order, error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
}

// Orders reads orders.
type Orders interface {
	Get(ctx context.Context, name string) (*orderpb.Order, error)
}

type orders struct{ addr string }

// New returns the only Orders that there are.
func New(addr string) Orders { return &orders{addr} }

func (o *orders) Get(ctx context.Context, name string) (*orderpb.Order, error) {
	return get(ctx, o.addr, name)
}

// Follow reads events until there are no more.
func Follow(ctx context.Context, addr string, each func(*orderpb.OrderEvent)) error {
	conn, err := open.Conn(addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	stream, err := orderpb.NewOrderServiceClient(conn).WatchOrders(ctx, &orderpb.WatchOrdersRequest{})
	if err != nil {
		return err
	}
	for {
		event, err := stream.Recv()
		if err != nil {
			return err
		}
		each(event)
	}
}

// Serving reports whether a server says that it serves.
func Serving(ctx context.Context, addr string) bool {
	conn, err := open.Conn(addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	reply, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	return err == nil && reply.GetStatus() == grpc_health_v1.HealthCheckResponse_SERVING
}
