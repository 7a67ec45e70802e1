// Package helper calls, and tries again, for others.
package helper

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Get makes the RPC once.
func Get(ctx context.Context, c pb.OrderServiceClient, name string) (*pb.Order, error) {
	return c.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
}

// Again runs f five times at once.
func Again(f func() error) (err error) {
	for range 5 {
		if err = f(); status.Code(err) != codes.Unavailable {
			return err
		}
	}
	return err
}

// Patiently waits between two runs.
func Patiently(ctx context.Context, f func() error) (err error) {
	for range 5 {
		if err = f(); status.Code(err) != codes.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return err
}

// Patient waits for the connection.
func Patient(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	_, err := c.GetOrder(ctx, req, grpc.WaitForReady(true))
	return err
}

// GetLater waits before it makes the RPC.
func GetLater(ctx context.Context, c pb.OrderServiceClient, name string) (*pb.Order, error) {
	time.Sleep(time.Second)
	return c.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
}
