package unsafe

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

func chargeTagged[T any](tag T, ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req)
	return err
}

func generic(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		err := chargeTagged(1, ctx, c, req) // want `Charge.* may be carried out twice.* \[retry/unsafe\]$`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
