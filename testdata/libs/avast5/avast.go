// Package avast5 uses github.com/avast/retry-go/v5.
package avast5

import (
	"context"

	"github.com/avast/retry-go/v5"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func everything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.New(retry.Attempts(3)).Do(func() error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by retry.Do after any error`
		return err
	})
}

// From here on: silence.

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return retry.New(retry.RetryIf(func(err error) bool { return status.Code(err) == codes.Unavailable })).Do(func() error {
		_, err := c.DeleteOrder(ctx, req)
		return err
	})
}

func given(ctx context.Context, r *retry.Retrier, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return r.Do(func() error {
		_, err := c.Charge(ctx, req)
		return err
	})
}
