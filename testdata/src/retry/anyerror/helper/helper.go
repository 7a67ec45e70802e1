// Package helper tries again, for others.
package helper

import (
	"context"
	"time"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// Again runs f until it succeeds.
func Again(ctx context.Context, f func() error) error {
	for {
		err := f()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// Options are for every call.
func Options() []grpc.CallOption { return nil }

// Delete makes the RPC once.
func Delete(ctx context.Context, c pb.OrderServiceClient, name string) error {
	_, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: name})
	return err
}
