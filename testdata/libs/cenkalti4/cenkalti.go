// Package cenkalti4 uses github.com/cenkalti/backoff/v4.
package cenkalti4

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v4"
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

func withData(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	return backoff.RetryWithData(func() (*paypb.Payment, error) {
		return c.Charge(ctx, req) // want `tried again by backoff.RetryWithData after any error`
	}, backoff.NewExponentialBackOff(backoff.WithMaxElapsedTime(time.Minute)))
}

type agent struct {
	client  orderpb.OrderServiceClient
	backoff func() backoff.BackOff
}

// update has the shape of https://github.com/nginx/agent/pull/647: what the
// server refuses is sent until the time is up.
func (a *agent) update(ctx context.Context, order *orderpb.Order) (*orderpb.Order, error) {
	request := &orderpb.UpdateOrderRequest{Order: order}
	send := func() (*orderpb.Order, error) {
		response, err := a.client.UpdateOrder(ctx, request) // want `OrderService.UpdateOrder is tried again by backoff.RetryWithData after errors`
		if err != nil {
			return nil, err
		}
		return response, nil
	}
	return backoff.RetryWithData(send, backoff.WithContext(a.backoff(), ctx))
}

// again stores a policy back into the variable that it is made of.
func again(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	var policy backoff.BackOff
	limit := func() { policy = backoff.WithMaxRetries(policy, 3) }
	limit()
	return backoff.Retry(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `retry/any-error`
		return err
	}, policy)
}
