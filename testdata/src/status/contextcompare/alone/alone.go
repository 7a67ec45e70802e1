// Package alone would be left with imports that nobody uses: no fix.
package alone

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

func timedOut(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.DeadlineExceeded) // want `never true`
}

func cancelled(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.Canceled) // want `never true`
}

func missing(err error) bool { return status.Code(err) == codes.NotFound }
