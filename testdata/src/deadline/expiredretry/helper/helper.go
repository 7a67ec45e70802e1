// Package helper reads orders and tries again, for others.
package helper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Get reads an order.
func Get(ctx context.Context, c pb.OrderServiceClient, name string) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
}

// Late says so.
func Late(err error) bool {
	code := status.Code(err)
	return code == codes.DeadlineExceeded || code == codes.Unavailable
}

// Retry runs f again while it is late.
func Retry(f func() error) (err error) {
	for range 3 {
		if err = f(); !Late(err) {
			return err
		}
	}
	return err
}
