// Package cenkalti3 uses github.com/cenkalti/backoff/v3.
package cenkalti3

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func everything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return backoff.Retry(func() error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by backoff.Retry after any error`
		return err
	}, backoff.NewExponentialBackOff())
}

func down(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (payment *paypb.Payment, err error) {
	operation := func() error {
		payment, err = c.Charge(ctx, req) // want `twice: tried again by backoff.RetryNotify after Unavailable`
		if err != nil && status.Code(err) != codes.Unavailable {
			return backoff.Permanent(err)
		}
		return err
	}
	err = backoff.RetryNotify(operation, backoff.WithMaxRetries(backoff.NewExponentialBackOff(), 3), func(error, time.Duration) {})
	return payment, err
}

func forEver(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return backoff.Retry(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `retry/any-error` `only success ends it`
		return err
	}, backoff.NewConstantBackOff(time.Second))
}

func atOnce(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return backoff.Retry(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `retry/any-error` `OrderService.DeleteOrder 6 times in a row`
		return err
	}, backoff.WithMaxRetries(&backoff.ZeroBackOff{}, 5))
}

// From here on: silence.

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return backoff.Retry(func() error {
		_, err := c.DeleteOrder(ctx, req)
		if err == nil || status.Code(err) == codes.Unavailable {
			return err
		}
		return backoff.Permanent(err)
	}, backoff.WithContext(backoff.NewExponentialBackOff(), ctx))
}

func once(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return backoff.Retry(func() error {
		if _, err := c.Charge(ctx, req); err != nil {
			return backoff.Permanent(err)
		}
		return nil
	}, backoff.NewExponentialBackOff())
}

func dropped(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, ready func() error) error {
	return backoff.Retry(func() error {
		if err := ready(); err != nil {
			return err
		}
		_, _ = c.Charge(ctx, req)
		return nil
	}, backoff.NewExponentialBackOff())
}
