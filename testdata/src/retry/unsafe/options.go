package unsafe

import (
	"context"
	"time"

	"example.com/testdata/retry/unsafe/again"
	"example.com/testdata/stubs/paypb"
)

// The function that is run again, in a struct.

type options struct {
	attempts  int
	operation func() error
	onFailure func(error)
}

func runOptions(o options) error {
	var err error
	for range o.attempts {
		if err = o.operation(); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return err
}

func inOptions(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return runOptions(options{attempts: 3, operation: func() error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by runOptions after any error`
		return err
	}})
}

func inVariable(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	o := options{attempts: 3}
	o.operation = func() error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by runOptions after any error`
		return err
	}
	return runOptions(o)
}

func inOptionsElsewhere(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.Finish(ctx, &again.Task{Attempts: 3, Do: func(ctx context.Context) error {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again by Finish after any error`
		return err
	}})
}

// From here on: silence.

func notTheOne(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return again.Finish(ctx, &again.Task{Attempts: 3, Do: func(context.Context) error { return nil }, Before: func(ctx context.Context) error {
		_, err := c.Charge(ctx, req)
		return err
	}})
}

func replacedTask(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	o := options{attempts: 3, operation: func() error {
		_, err := c.Charge(ctx, req)
		return err
	}}
	o.operation = func() error { return nil }
	return runOptions(o)
}

func onceOptions(o options) error {
	if err := o.operation(); err != nil {
		o.onFailure(err)
		return err
	}
	return nil
}

func notAgain(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return onceOptions(options{operation: func() error {
		_, err := c.Charge(ctx, req)
		return err
	}})
}
