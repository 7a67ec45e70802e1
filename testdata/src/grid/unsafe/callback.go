package unsafe

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

func runCharge(f func() error) error { return f() }

func chargeCalled(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req)
	return err
}

func callback(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		err := runCharge(func() error { return chargeCalled(ctx, c, req) }) // want `Charge.* may be carried out twice.* \[retry/unsafe\]$`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
