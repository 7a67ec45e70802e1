package unsafe

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/unsafe/again"
	"example.com/testdata/stubs/paypb"
)

// The code, asked for by others.

func codeOf(err error) codes.Code { return status.Code(err) }

func askedHelper(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `tried again after Internal`
		if codeOf(err) != codes.Internal {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func askedLiteral(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	var err error
	code := func() codes.Code { return status.Code(err) }
	for range 3 {
		_, err = c.Charge(ctx, req) // want `tried again after Internal`
		if code() != codes.Internal {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func askedElsewhere(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `tried again after Internal`
		if again.Code(err) != codes.Internal {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// A judge that is handed on.

func says(retryable func(error) bool, err error) bool { return retryable(err) }

func runs(ctx context.Context, retryable func(error) bool, f func() error) error {
	for {
		err := f()
		if err == nil || !says(retryable, err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
}

func runsInternal(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return runs(ctx, isInternal, func() error {
		_, err := c.Charge(ctx, req) // want `tried again by runs after Internal`
		return err
	})
}

func runsExhausted(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return runs(ctx, isExhausted, func() error {
		_, err := c.Charge(ctx, req) // want `retry/code`
		return err
	})
}

// A default that goes through a maker.

type settled struct{ retryable func(error) bool }

func settle(retryable func(error) bool) *settled { return &settled{retryable: retryable} }

func newSettled(retryable func(error) bool) *settled {
	if retryable == nil {
		retryable = isInternal
	}
	return settle(retryable)
}

func (s *settled) charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `tried again after Internal`
		if err == nil || !s.retryable(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// From here on: silence.

func coarse(err error) codes.Code {
	if status.Code(err) == codes.Internal {
		return codes.Unavailable
	}
	return status.Code(err)
}

func askedCoarse(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req)
		if coarse(err) != codes.Unavailable {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// In a literal that shares t, the second attempt goes elsewhere, too.
func sharedRemote(ctx context.Context, t target, req *paypb.ChargeRequest) (err error) {
	for range 2 {
		try := func() error { return doAt(ctx, t, req, nil) }
		if err = try(); err == nil {
			return nil
		}
		t.remote = true
	}
	return err
}

// The default of the helper is not what it is told.
func optionally(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.Options(ctx, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req)
		return err
	}, again.Only(isExhausted))
}
