// Package avast uses github.com/avast/retry-go.
package avast

import (
	"context"
	"time"

	"github.com/avast/retry-go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func everything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.Do(func() error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by retry.Do after any error`
		return err
	}, retry.Attempts(3), retry.Delay(time.Second))
}

func reads(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (order *orderpb.Order, err error) {
	err = retry.Do(func() error {
		order, err = c.GetOrder(ctx, req) // want info `retry/any-error`
		return err
	})
	return order, err
}

func invalid(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return retry.Do(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `after InvalidArgument, which the same request gets each time`
		return err
	}, retry.RetryIf(func(err error) bool {
		code := status.Code(err)
		return code == codes.Unavailable || code == codes.InvalidArgument
	}))
}

// From here on: silence.

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return retry.Do(func() error {
		_, err := c.DeleteOrder(ctx, req)
		return err
	}, retry.RetryIf(isDown), retry.Attempts(5))
}

func isDown(err error) bool { return status.Code(err) == codes.Unavailable }

func unrecoverable(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.Do(func() error {
		_, err := c.Charge(ctx, req)
		if err != nil {
			return retry.Unrecoverable(err)
		}
		return nil
	})
}

func options(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, opts ...retry.Option) error {
	return retry.Do(func() error {
		_, err := c.Charge(ctx, req)
		return err
	}, opts...)
}
