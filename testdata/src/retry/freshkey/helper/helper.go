// Package helper creates orders, for others.
package helper

import (
	"context"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

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

// New makes a request with a key of its own.
func New(order *pb.Order) *pb.CreateOrderRequest {
	return &pb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()}
}

// NewAs is given the key.
func NewAs(order *pb.Order, id string) *pb.CreateOrderRequest {
	return &pb.CreateOrderRequest{Order: order, RequestId: id}
}

// Retry tries again while the server is down.
func Retry(ctx context.Context, f func(context.Context) error) error {
	for {
		err := f(ctx)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
