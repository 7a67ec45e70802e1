package missing

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// fromTemplate is what a tool makes of a template.
func fromTemplate(c pb.OrderServiceClient) (*pb.Order, error) {
	time.Sleep(time.Millisecond)
//line template.y:7
	return c.GetOrder(context.Background(), &pb.GetOrderRequest{}) // want `OrderService.GetOrder can hang`
}

func fromTemplateFarRight(c pb.OrderServiceClient) (*pb.Order, error) {
//line template.y:7:1000000000
	return c.GetOrder(context.Background(), &pb.GetOrderRequest{}) // want `OrderService.GetOrder can hang`
}
