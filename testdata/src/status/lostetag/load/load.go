// Package load reads for others.
package load

import (
	"context"
	"errors"
	"fmt"

	pb "example.com/testdata/stubs/orderpb"
)

// Order reads an order.
func Order(ctx context.Context, client pb.OrderServiceClient, name string) (*pb.Order, error) {
	order, err := client.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	return order, nil
}

// Paid is an order without its etag.
func Paid(order *pb.Order) *pb.Order {
	return &pb.Order{Name: order.GetName(), State: pb.Order_STATE_PAID}
}

// Shipped is one with it.
func Shipped(order *pb.Order) *pb.Order {
	return &pb.Order{Name: order.GetName(), State: pb.Order_STATE_OPEN, Etag: order.GetEtag()}
}

// Draft makes one up.
func Draft(name string) (*pb.Order, error) {
	if name == "" {
		return nil, errors.New("no name")
	}
	return &pb.Order{Name: name}, nil
}
