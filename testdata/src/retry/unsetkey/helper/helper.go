// Package helper makes requests, for others.
package helper

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Create sends no key.
func Create(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	_, err := c.CreateOrder(ctx, &pb.CreateOrderRequest{Order: order})
	return err
}

// Request has one.
func Request(order *pb.Order) *pb.CreateOrderRequest {
	return &pb.CreateOrderRequest{Order: order, RequestId: "1"}
}

// Fill sets one.
func Fill(req *pb.CreateOrderRequest, order *pb.Order) { req.Order, req.RequestId = order, "1" }

// Retry runs f again while the server is down.
func Retry(ctx context.Context, f func() error) error {
	for {
		err := f()
		if status.Code(err) != codes.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
}
