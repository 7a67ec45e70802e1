// Package load makes RPCs, and loses what they say.
package load

import (
	"context"
	"fmt"

	pb "example.com/testdata/stubs/orderpb"
)

// Order loses the code.
func Order(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	if err != nil {
		return nil, fmt.Errorf("load %s: %v", name, err)
	}
	return order, nil
}

// Kept keeps it.
func Kept(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", name, err)
	}
	return order, nil
}

// Describe makes an error of an error's text.
func Describe(err error) error { return fmt.Errorf("load: %v", err) }
