package unsafe

import (
	"context"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/unsafe/again"
	"example.com/testdata/retry/unsafe/helper"
	"example.com/testdata/stubs/paypb"
)

func isInternal(err error) bool { return status.Code(err) == codes.Internal }

func isExhausted(err error) bool { return status.Code(err) == codes.FailedPrecondition }

// In a field of a type of the package.

type retrier struct {
	retryable func(error) bool
	attempts  int
}

func newRetrier() *retrier { return &retrier{retryable: isInternal, attempts: 3} }

func (r *retrier) charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range r.attempts {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again after Internal`
		if err == nil || !r.retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

type careful struct{ retryable func(error) bool }

func newCareful() *careful { return &careful{retryable: isExhausted} }

func (r *careful) charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `retry/code`
		if err == nil || !r.retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *careful) chargeElsewhere(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := helper.Charge(ctx, c, req) // want `retry/code`
		if err == nil || !r.retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A default, beside what callers bring.

type configured struct {
	retryable func(context.Context, error) bool
}

func newConfigured(retryable func(context.Context, error) bool) *configured {
	if retryable == nil {
		retryable = func(context.Context, error) bool { return true }
	}
	return &configured{retryable: retryable}
}

func (r *configured) charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `tried again after any error`
		if err == nil || !r.retryable(ctx, err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

type brought struct{ retryable func(error) bool }

// Brought is given all it knows.
func Brought(retryable func(error) bool) *brought { return &brought{retryable: retryable} }

func (r *brought) charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req)
		if err == nil || !r.retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// As a parameter.

func chargeIf(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, retryable func(error) bool) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `tried again after Internal`
		if err == nil || !retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func chargesIf(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return chargeIf(ctx, c, req, isInternal)
}

// ChargeIf is called by others.
func ChargeIf(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, retryable func(error) bool) error {
	for range 3 {
		_, err := c.Charge(ctx, req)
		if err == nil || !retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A list as a parameter.

func chargeUnless(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, denied []codes.Code) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `tried again after Canceled, Unknown and 5 more codes` `retry/code`
		if err == nil || slices.Contains(denied, status.Code(err)) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func chargesUnless(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return chargeUnless(ctx, c, req, []codes.Code{codes.InvalidArgument, codes.NotFound})
}

// Given to helpers of the package, and of another.

func tries(ctx context.Context, retryable func(error) bool, f func() error) error {
	for {
		err := f()
		if err == nil || !retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
}

func triesInternal(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return tries(ctx, isInternal, func() error {
		_, err := c.Charge(ctx, req) // want `tried again by tries after Internal`
		return err
	})
}

func triesExhausted(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return tries(ctx, isExhausted, func() error {
		_, err := c.Charge(ctx, req) // want `retry/code`
		return err
	})
}

func triesAnything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, retryable func(error) bool) error {
	return tries(ctx, retryable, func() error {
		_, err := c.Charge(ctx, req)
		return err
	})
}

func againInternal(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.If(ctx, 3, isInternal, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req) // want `tried again by If after Internal`
		return err
	})
}

func againThrough(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.Through(ctx, isInternal, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req) // want `tried again by Through after Internal`
		return err
	})
}

func againExhausted(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.If(ctx, 3, isExhausted, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req) // want `retry/code`
		return err
	})
}

func againUnless(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.Unless(ctx, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req) // want `tried again by Unless after Canceled, Unknown and 5 more codes` `retry/code`
		return err
	}, codes.InvalidArgument, codes.NotFound)
}

func againOn(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.On(ctx, []codes.Code{codes.Unavailable}, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req) // want `tried again by On after Unavailable`
		return err
	})
}

func againOnOther(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, list []codes.Code) error {
	return again.On(ctx, list, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req)
		return err
	})
}

func againAnything(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, retryable func(error) bool) error {
	return again.If(ctx, 3, retryable, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req)
		return err
	})
}
