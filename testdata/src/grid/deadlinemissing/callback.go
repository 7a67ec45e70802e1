package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

func runFetch(f func() (*pb.Order, error)) (*pb.Order, error) { return f() }

func fetchCalled(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func callback(c pb.OrderServiceClient) (*pb.Order, error) {
	return runFetch(func() (*pb.Order, error) { return fetchCalled(context.Background(), c) }) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
