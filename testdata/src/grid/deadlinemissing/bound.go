package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type boundOrders struct{}

func (boundOrders) fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func bound(c pb.OrderServiceClient) (*pb.Order, error) {
	fetch := boundOrders{}.fetch
	return fetch(context.Background(), c) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
