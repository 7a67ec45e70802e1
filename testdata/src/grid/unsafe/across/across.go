package across

import (
	"context"

	"example.com/testdata/stubs/paypb"
)

// Charge is below what uses it.
func Charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req)
	return err
}
