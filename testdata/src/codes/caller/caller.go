// Package caller retries.
package caller

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

// Get tries three times.
func Get(ctx context.Context, c orderpb.OrderServiceClient, name string) (o *orderpb.Order, err error) {
	for range 3 {
		o, err = c.GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
		if status.Code(err) != codes.Unavailable {
			return o, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return o, err
}
