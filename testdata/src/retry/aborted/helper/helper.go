// Package helper updates, and judges errors, for others.
package helper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

// Update makes the RPC once.
func Update(ctx context.Context, c paypb.PaymentServiceClient, account *paypb.Account) error {
	_, err := c.UpdateAccount(ctx, &paypb.UpdateAccountRequest{Account: account})
	return err
}

// Change reads anew, and then updates.
func Change(ctx context.Context, c paypb.PaymentServiceClient, name string, change func(*paypb.Account)) error {
	account, err := c.GetAccount(ctx, &paypb.GetAccountRequest{Name: name})
	if err != nil {
		return err
	}
	change(account)
	return Update(ctx, c, account)
}

// IsAborted says so.
func IsAborted(err error) bool { return status.Code(err) == codes.Aborted }
