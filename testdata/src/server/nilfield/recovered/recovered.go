// Package recovered serves behind an interceptor that recovers from panics.
package recovered

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/server/nilfield/recovered/guard"
	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
}

func newServer() *grpc.Server {
	s := grpc.NewServer(grpc.ChainUnaryInterceptor(guard.Unary()))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func (orders) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	customer := md.Get("customer")[0]                                    // want warning `a client that does not send "customer" causes a panic: md.Get\(...\)\[0\] is read unchecked`
	return &orderpb.Order{Name: req.Order.Name, Customer: customer}, nil // want warning `a request without Order makes the handler panic: req.Order.Name is read without a nil check`
}
