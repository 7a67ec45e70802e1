// Package helper holds what the cases of deadline/detached call in another
// package.
package helper

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Fetch passes its context on.
func Fetch(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	return c.GetOrder(ctx, nil)
}

// FetchBounded adds a deadline.
func FetchBounded(ctx context.Context, c pb.OrderServiceClient) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return c.GetOrder(ctx, nil)
}

// Start lets the RPC go on behind its caller's back.
func Start(ctx context.Context, c pb.OrderServiceClient) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	go func() {
		defer cancel()
		c.GetOrder(ctx, nil)
	}()
}

// Refresh makes a context of its own, by design: whoever waits for it has
// no part in it.
func Refresh(c pb.OrderServiceClient) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := c.GetOrder(ctx, nil)
	return err
}
