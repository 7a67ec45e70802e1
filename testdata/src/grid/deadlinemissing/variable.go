package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

var fetchVariable = func(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

func variable(c pb.OrderServiceClient) (*pb.Order, error) {
	return fetchVariable(context.Background(), c) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
