package unsafe

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

type anyPayer interface {
	charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error
}

type onlyPayer struct{}

func (onlyPayer) charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req)
	return err
}

func newPayer() anyPayer { return onlyPayer{} }

func wired(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		err := newPayer().charge(ctx, c, req) // want `Charge.* may be carried out twice.* \[retry/unsafe\]$`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
