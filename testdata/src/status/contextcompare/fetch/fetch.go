// Package fetch makes RPCs for others.
package fetch

import (
	"context"
	"errors"
	"fmt"

	pb "example.com/testdata/stubs/orderpb"
)

// Order returns what the RPC does.
func Order(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	return client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
}

// Wrapped returns the error of an RPC with something in front.
func Wrapped(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", name, err)
	}
	return order, nil
}

// Checked may return an error of its own.
func Checked(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
}

// Waited waits for something else first.
func Waited(ctx context.Context, client pb.OrderServiceClient, ready func() error) (*pb.Order, error) {
	if err := ready(); err != nil {
		return nil, err
	}
	return client.GetOrder(ctx, &pb.GetOrderRequest{})
}

// IsTimeout asks about an error of anybody's.
func IsTimeout(err error) bool { return errors.Is(err, context.DeadlineExceeded) }
