// Package failsafe uses github.com/failsafe-go/failsafe-go.
package failsafe

import (
	"context"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/failsafegrpc"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"github.com/failsafe-go/failsafe-go/timeout"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func everything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	policy := retrypolicy.NewBuilder[*paypb.Payment]().WithMaxRetries(3).WithBackoff(time.Second, time.Minute).Build()
	return failsafe.With[*paypb.Payment](policy).WithContext(ctx).Get(func() (*paypb.Payment, error) {
		return c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by failsafe.Get after any error`
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

// Circuit breakers.

func breaker(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := circuitbreaker.NewWithDefaults[*orderpb.Order]() // want `answers like NotFound to OrderService.GetOrder open the breaker, as if the server were down: without HandleIf it counts every error`
	return failsafe.With(cb).Get(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

func built(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := circuitbreaker.NewBuilder[*orderpb.Order]().WithFailureThreshold(5).Build() // want `retry/breaker`
	return failsafe.With(cb).WithContext(ctx).Get(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

func intercepting() grpc.UnaryClientInterceptor {
	return failsafegrpc.NewUnaryClientInterceptor[any](circuitbreaker.NewWithDefaults[any]()) // want `answers like NotFound open the breaker`
}

func judgedBreaker(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	cb := circuitbreaker.NewBuilder[*orderpb.Order]().HandleIf(func(_ *orderpb.Order, err error) bool {
		return status.Code(err) == codes.Unavailable
	}).Build()
	return failsafe.With(cb).Get(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}

func builder(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	b := circuitbreaker.NewBuilder[*orderpb.Order]()
	b.HandleIf(func(_ *orderpb.Order, err error) bool { return status.Code(err) == codes.Unavailable })
	return failsafe.With(b.Build()).Get(func() (*orderpb.Order, error) { return c.GetOrder(ctx, req) })
}
