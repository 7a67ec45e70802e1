package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type orders struct{}

func (orders) fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func method(c pb.OrderServiceClient) (*pb.Order, error) {
	o := orders{}
	return o.fetch(context.Background(), c) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
