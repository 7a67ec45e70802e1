package deadlinemissing

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

func direct(c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(context.Background(), &pb.GetOrderRequest{}) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
