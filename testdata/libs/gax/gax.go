// Package gax uses github.com/googleapis/gax-go.
package gax

import (
	"context"

	"github.com/googleapis/gax-go/v2"
	"google.golang.org/grpc/codes"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func down(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return gax.Invoke(ctx, func(ctx context.Context, _ gax.CallSettings) error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by gax.Invoke after Unavailable`
		return err
	}, gax.WithRetry(func() gax.Retryer {
		return gax.OnCodes([]codes.Code{codes.Unavailable}, gax.Backoff{})
	}))
}

func invalid(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return gax.Invoke(ctx, func(ctx context.Context, _ gax.CallSettings) error {
		_, err := c.DeleteOrder(ctx, req)
		return err
	}, gax.WithRetry(func() gax.Retryer {
		return gax.OnCodes([]codes.Code{
			codes.Unavailable, // want `calls fail again: gax.OnCodes tries again after InvalidArgument`
			codes.InvalidArgument,
		}, gax.Backoff{})
	}))
}

// From here on: silence.

func never(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return gax.Invoke(ctx, func(ctx context.Context, _ gax.CallSettings) error {
		_, err := c.Charge(ctx, req)
		return err
	})
}

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) error {
	return gax.Invoke(ctx, func(ctx context.Context, _ gax.CallSettings) error {
		_, err := c.GetOrder(ctx, req)
		return err
	}, gax.WithRetry(func() gax.Retryer {
		return gax.OnCodes([]codes.Code{codes.Unavailable, codes.DeadlineExceeded}, gax.Backoff{})
	}))
}
