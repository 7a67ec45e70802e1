// Package lookup looks for headers.
package lookup

import (
	"context"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

// Sent returns a header that a context sends.
func Sent(ctx context.Context, key string) string {
	md, _ := metadata.FromOutgoingContext(ctx) // related `looks here`
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Received makes a context look as if a client had sent a header.
func Received(ctx context.Context, key, value string) context.Context {
	return metadata.NewIncomingContext(ctx, metadata.Pairs(key, value))
}

// Order fetches an order.
func Order(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{})
}

// Outgoing returns what is sent with a context.
func Outgoing(ctx context.Context) (metadata.MD, bool) { return metadata.FromOutgoingContext(ctx) }
