// Package helper makes RPCs for others.
package helper

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// Release makes an RPC.
func Release(ctx context.Context, c pb.OrderServiceClient) error {
	_, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{})
	return err
}

// Log makes none.
func Log(ctx context.Context) {}
