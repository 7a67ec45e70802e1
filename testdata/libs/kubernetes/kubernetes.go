// Package kubernetes uses k8s.io/apimachinery and k8s.io/client-go.
package kubernetes

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/retry"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func until(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return wait.PollUntilContextTimeout(ctx, time.Second, time.Minute, true, func(ctx context.Context) (bool, error) {
		if _, err := c.Charge(ctx, req); err != nil { // want `PaymentService.Charge may be carried out twice: tried again by wait.PollUntilContextTimeout after any error`
			return false, nil
		}
		return true, nil
	})
}

func steps(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return wait.ExponentialBackoff(wait.Backoff{Steps: 5, Duration: time.Second}, func() (bool, error) {
		_, err := c.DeleteOrder(ctx, req) // want `after Unimplemented`
		switch status.Code(err) {
		case codes.OK:
			return true, nil
		case codes.Unavailable, codes.Unimplemented:
			return false, nil
		default:
			return false, err
		}
	})
}

func onError(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.OnError(retry.DefaultBackoff, isDown, func() error {
		_, err := c.Charge(ctx, req) // want `tried again by retry.OnError after Unavailable`
		return err
	})
}

func isDown(err error) bool { return status.Code(err) == codes.Unavailable }

func infinite(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return wait.PollInfinite(time.Second, func() (bool, error) {
		_, err := c.DeleteOrder(ctx, req) // want `only success ends it` `retry/any-error`
		return err == nil, nil
	})
}

// From here on: silence.

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return wait.PollUntilContextCancel(ctx, time.Second, true, func(ctx context.Context) (bool, error) {
		_, err := c.DeleteOrder(ctx, req)
		if isDown(err) {
			return false, nil
		}
		return err == nil, err
	})
}

func poll(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) error {
	return wait.PollUntilContextCancel(ctx, time.Second, true, func(ctx context.Context) (bool, error) {
		order, err := c.GetOrder(ctx, req)
		if err != nil {
			return false, nil
		}
		return order.GetState() == orderpb.Order_STATE_PAID, nil
	})
}

func conflict(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		_, err := c.Charge(ctx, req)
		return err
	})
}
