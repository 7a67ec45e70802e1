package across

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// Fetch is below what uses it.
func Fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}
