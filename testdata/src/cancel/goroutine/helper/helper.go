// Package helper works with the contexts that it gets.
package helper

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// Audit makes an RPC.
func Audit(ctx context.Context, c pb.OrderServiceClient) {
	c.CreateOrder(ctx, &pb.CreateOrderRequest{})
}

// Log only reads values.
func Log(ctx context.Context, text string) { _ = ctx.Value(text) }

// Later does not wait for what it starts.
func Later(ctx context.Context, c pb.OrderServiceClient) {
	go Audit(ctx, c)
}

// Detached keeps the values only.
func Detached(ctx context.Context, c pb.OrderServiceClient) {
	go Audit(context.WithoutCancel(ctx), c)
}
