// Package lestrrat uses github.com/lestrrat-go/backoff.
package lestrrat

import (
	"context"
	"errors"

	"github.com/lestrrat-go/backoff/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func down(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	b := backoff.Exponential().Start(ctx)
	for backoff.Continue(b) {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again after Unavailable`
		if status.Code(err) != codes.Unavailable {
			return err
		}
	}
	return errors.New("too often")
}

// From here on: silence.

func right(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.DeleteOrderRequest) error {
	b := backoff.Constant(backoff.WithMaxRetries(5)).Start(ctx)
	for backoff.Continue(b) {
		_, err := c.DeleteOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
	}
	return errors.New("too often")
}

func each(ctx context.Context, c paypb.PaymentServiceClient, reqs []*paypb.ChargeRequest) {
	b := backoff.Constant(backoff.WithMaxRetries(5)).Start(ctx)
	for i := 0; i < len(reqs) && backoff.Continue(b); i++ {
		if _, err := c.Charge(ctx, reqs[i]); err == nil {
			return
		}
	}
}
