package unsafe

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

var chargeVariable = func(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req)
	return err
}

func variable(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		err := chargeVariable(ctx, c, req) // want `Charge.* may be carried out twice.* \[retry/unsafe\]$`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
