// Package failsafe uses github.com/failsafe-go/failsafe-go.
package failsafe

import (
	"context"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"github.com/failsafe-go/failsafe-go/timeout"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func everything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	policy := retrypolicy.NewBuilder[*paypb.Payment]().WithMaxRetries(3).WithBackoff(time.Second, time.Minute).Build()
	return failsafe.With[*paypb.Payment](policy).WithContext(ctx).Get(func() (*paypb.Payment, error) {
		return c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: it is tried again by failsafe.Get after any error`
	})
}

func invalid(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	policy := retrypolicy.NewBuilder[any]().HandleIf(func(_ any, err error) bool {
		return status.Code(err) == codes.OutOfRange
	}).WithDelay(time.Second).Build()
	return failsafe.With(policy).Run(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `after OutOfRange`
		return err
	})
}

func atOnce(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	return failsafe.With(retrypolicy.NewWithDefaults[any]()).Run(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `retry/any-error` `3 times in a row`
		return err
	})
}

// From here on: silence.

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	policy := retrypolicy.NewBuilder[any]().HandleIf(func(_ any, err error) bool {
		return status.Code(err) == codes.Unavailable
	}).WithDelay(time.Second).Build()
	return failsafe.With(policy).Run(func() error {
		_, err := c.DeleteOrder(ctx, req)
		return err
	})
}

func noRetry(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return failsafe.With(timeout.New[any](time.Second)).Run(func() error {
		_, err := c.Charge(ctx, req)
		return err
	})
}

func given(ctx context.Context, policy retrypolicy.RetryPolicy[any], c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return failsafe.With(policy).Run(func() error {
		_, err := c.Charge(ctx, req)
		return err
	})
}
