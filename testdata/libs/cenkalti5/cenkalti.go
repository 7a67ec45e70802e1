// Package cenkalti5 uses github.com/cenkalti/backoff/v5.
package cenkalti5

import (
	"context"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func everything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	return backoff.Retry(ctx, func() (*paypb.Payment, error) {
		return c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by backoff.Retry after any error`
	}, backoff.WithMaxTries(4))
}

func freshKey(ctx context.Context, c orderpb.OrderServiceClient, order *orderpb.Order) (*orderpb.Order, error) {
	return backoff.Retry(ctx, func() (*orderpb.Order, error) {
		return c.CreateOrder(ctx, &orderpb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()}) // want `uuid.NewString makes a new RequestId`
	})
}

func invalid(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return backoff.Retry(ctx, func() (*orderpb.Order, error) {
		order, err := c.GetOrder(ctx, req) // want `after Canceled, InvalidArgument and 7 more codes`
		if status.Code(err) == codes.NotFound {
			return nil, backoff.Permanent(err)
		}
		return order, err
	}, backoff.WithBackOff(backoff.NewExponentialBackOff()))
}

// From here on: silence.

func key(ctx context.Context, c orderpb.OrderServiceClient, order *orderpb.Order) (*orderpb.Order, error) {
	req := &orderpb.CreateOrderRequest{Order: order, RequestId: uuid.NewString()}
	return backoff.Retry(ctx, func() (*orderpb.Order, error) {
		created, err := c.CreateOrder(ctx, req)
		if err != nil && status.Code(err) != codes.Unavailable {
			return nil, backoff.Permanent(err)
		}
		return created, err
	})
}

func later(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return backoff.Retry(ctx, func() (*orderpb.Order, error) {
		order, err := c.GetOrder(ctx, req)
		switch status.Code(err) {
		case codes.OK:
			return order, nil
		case codes.ResourceExhausted:
			return nil, backoff.RetryAfter(10)
		}
		return nil, backoff.Permanent(err)
	})
}

// Retries inside of a loop.
func stacked(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (order *orderpb.Order, err error) {
	for range 3 {
		order, err = backoff.Retry(ctx, func() (*orderpb.Order, error) {
			order, err := c.GetOrder(ctx, req) // want `OrderService.GetOrder is attempted up to 12 times: 3 by this loop × 4 by backoff.Retry \[retry/stacked\]`
			if err != nil && status.Code(err) != codes.Unavailable {
				return nil, backoff.Permanent(err)
			}
			return order, err
		}, backoff.WithMaxTries(4))
		if status.Code(err) != codes.Unavailable {
			return order, err
		}
	}
	return order, err
}

// Another request each time: silence.
func each(ctx context.Context, c orderpb.OrderServiceClient, names []string) error {
	for _, name := range names {
		_, err := backoff.Retry(ctx, func() (*orderpb.Order, error) {
			order, err := c.GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
			if err != nil && status.Code(err) != codes.Unavailable {
				return nil, backoff.Permanent(err)
			}
			return order, err
		}, backoff.WithMaxTries(4))
		if err != nil {
			continue
		}
	}
	return nil
}
