package droppedhandler

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

// The client cannot tell what has not happened from what has.
func TestDropped(t *testing.T) {
	created := 0
	orders := &proof.Orders{Create: func(context.Context, *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
		created++
		return &orderpb.Order{Name: "orders/1"}, nil
	}}
	dropping := proof.Serve(t, orders, grpc.UnaryInterceptor((&limiter{left: 0}).limit))
	order, err := dropping.CreateOrder(t.Context(), &orderpb.CreateOrderRequest{})
	if err != nil || order.GetName() != "" || created != 0 {
		t.Error(order, err, created)
	}
	refusing := proof.Serve(t, orders, grpc.UnaryInterceptor(func(context.Context, any, *grpc.UnaryServerInfo, grpc.UnaryHandler) (any, error) {
		return nil, status.Error(codes.ResourceExhausted, "too many")
	}))
	if _, err := refusing.CreateOrder(t.Context(), &orderpb.CreateOrderRequest{}); status.Code(err) != codes.ResourceExhausted {
		t.Error(err)
	}
	calling := proof.Serve(t, orders, grpc.UnaryInterceptor((&limiter{left: 1}).limit))
	if order, err := calling.CreateOrder(t.Context(), &orderpb.CreateOrderRequest{}); err != nil || order.GetName() == "" || created != 1 {
		t.Error(order, err, created)
	}
}
