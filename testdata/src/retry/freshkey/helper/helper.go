// Package helper creates orders, for others.
package helper

import (
	"context"

	"github.com/google/uuid"

	pb "example.com/testdata/stubs/orderpb"
)

// Create makes the key by itself.
func Create(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()})
	return err
}

// CreateAs is given the key.
func CreateAs(ctx context.Context, c pb.OrderServiceClient, order *pb.Order, id string) error {
	_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order, RequestId: id})
	return err
}
