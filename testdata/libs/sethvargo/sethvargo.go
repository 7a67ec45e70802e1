// Package sethvargo uses github.com/sethvargo/go-retry.
package sethvargo

import (
	"context"
	"time"

	"github.com/sethvargo/go-retry"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func down(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.Do(ctx, retry.WithMaxRetries(3, retry.NewFibonacci(time.Second)), func(ctx context.Context) error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by retry.Do after Unavailable`
		if status.Code(err) == codes.Unavailable {
			return retry.RetryableError(err)
		}
		return err
	})
}

func everything(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return retry.Exponential(ctx, time.Second, func(ctx context.Context) error {
		if _, err := c.DeleteOrder(ctx, req); err != nil { // want `retry/any-error`
			return retry.RetryableError(err)
		}
		return nil
	})
}

// From here on: silence.

func unmarked(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.Do(ctx, retry.NewConstant(time.Second), func(ctx context.Context) error {
		_, err := c.Charge(ctx, req)
		return err
	})
}

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return retry.DoValue(ctx, retry.NewConstant(time.Second), func(ctx context.Context) (*orderpb.Order, error) {
		order, err := c.GetOrder(ctx, req)
		if status.Code(err) == codes.Unavailable {
			return nil, retry.RetryableError(err)
		}
		return order, err
	})
}
