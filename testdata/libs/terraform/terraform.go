// Package terraform uses helper/retry of github.com/hashicorp/terraform-plugin-sdk.
package terraform

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/retry"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func down(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.RetryContext(ctx, time.Minute, func() *retry.RetryError {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by retry.RetryContext after Unavailable`
		switch status.Code(err) {
		case codes.OK:
			return nil
		case codes.Unavailable:
			return retry.RetryableError(err)
		}
		return retry.NonRetryableError(err)
	})
}

func missing(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return retry.RetryContext(ctx, time.Minute, func() *retry.RetryError {
		_, err := c.DeleteOrder(ctx, req) // want `after PermissionDenied`
		if status.Code(err) == codes.PermissionDenied {
			return retry.RetryableError(err)
		}
		if err != nil {
			return retry.NonRetryableError(err)
		}
		return nil
	})
}

// From here on: silence.

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return retry.RetryContext(ctx, time.Minute, func() *retry.RetryError {
		_, err := c.DeleteOrder(ctx, req)
		if status.Code(err) == codes.Unavailable {
			return retry.RetryableError(err)
		}
		if err != nil {
			return retry.NonRetryableError(err)
		}
		return nil
	})
}

func once(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.RetryContext(ctx, time.Minute, func() *retry.RetryError {
		if _, err := c.Charge(ctx, req); err != nil {
			return retry.NonRetryableError(err)
		}
		return nil
	})
}
