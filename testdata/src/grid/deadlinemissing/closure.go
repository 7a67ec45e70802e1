package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

func closure(c pb.OrderServiceClient) (*pb.Order, error) {
	fetch := func(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
		return c.GetOrder(ctx, &pb.GetOrderRequest{})
	}
	return fetch(context.Background(), c) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
