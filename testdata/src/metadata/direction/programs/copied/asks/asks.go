// Package asks gives its contexts incoming metadata, which an
// interceptor of the program sends on.
package asks

import (
	"context"
	"time"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/direction/programs/copied/headers"
	pb "example.com/testdata/stubs/orderpb"
)

// Ask asks.
func Ask(c pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("request-id", "a"))
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

// AskAs asks as somebody.
func AskAs(c pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return c.GetOrder(headers.Caller(ctx, "a"), &pb.GetOrderRequest{})
}
