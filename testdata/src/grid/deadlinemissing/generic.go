package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

func fetchTagged[T any](tag T, ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func generic(c pb.OrderServiceClient) (*pb.Order, error) {
	return fetchTagged(1, context.Background(), c) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
