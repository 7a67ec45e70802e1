package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type anyOrders interface {
	fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error)
}

type onlyOrders struct{}

func (onlyOrders) fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func newOrders() anyOrders { return onlyOrders{} }

func wired(c pb.OrderServiceClient) (*pb.Order, error) {
	return newOrders().fetch(context.Background(), c) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
