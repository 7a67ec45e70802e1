// Package helper waits for a backend as long as its caller lets it.
package helper

import (
	"context"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// Fetch waits.
func Fetch(ctx context.Context, c pb.OrderServiceClient) error {
	_, err := c.GetOrder(ctx, nil, grpc.WaitForReady(true))
	return err
}
