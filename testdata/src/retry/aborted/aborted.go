// Package aborted sends again what was aborted.
package aborted

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/aborted/helper"
	"example.com/testdata/stubs/paypb"
)

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

func again(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.UpdateAccountRequest) error {
	for range 3 {
		_, err := c.UpdateAccount(ctx, req) // want `PaymentService.UpdateAccount is aborted again: it is tried again with the same account.etag instead of one read anew`
		if status.Code(err) != codes.Aborted {
			return err
		}
		if pause(ctx) != nil {
			return err
		}
	}
	return nil
}

func either(ctx context.Context, c paypb.PaymentServiceClient, account *paypb.Account) error {
	for {
		_, err := c.UpdateAccount(ctx, &paypb.UpdateAccountRequest{Account: account}) // want `aborted again`
		switch status.Code(err) {
		case codes.Aborted, codes.Unavailable:
			if err := pause(ctx); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

func readBefore(ctx context.Context, c paypb.PaymentServiceClient, name string) error {
	account, err := c.GetAccount(ctx, &paypb.GetAccountRequest{Name: name})
	if err != nil {
		return err
	}
	for {
		_, err := c.UpdateAccount(ctx, &paypb.UpdateAccountRequest{Account: account}) // want `aborted again`
		if isAborted(err) {
			if err := pause(ctx); err != nil {
				return err
			}
			continue
		}
		return err
	}
}

func isAborted(err error) bool { return status.Code(err) == codes.Aborted }

func option() grpc.DialOption {
	return grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(
		retry.WithMax(3), retry.WithCodes(codes.Aborted))) // want `aborted calls are aborted again: retry.WithCodes sends the same request`
}

func perCall(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.UpdateAccountRequest) error {
	_, err := c.UpdateAccount(ctx, req, retry.WithMax(2), retry.WithCodes(codes.Aborted)) // want `aborted calls`
	return err
}

func elsewhere(ctx context.Context, c paypb.PaymentServiceClient, account *paypb.Account) error {
	for {
		err := helper.Update(ctx, c, account) // want `PaymentService.UpdateAccount \(Update\) is aborted again`
		if !helper.IsAborted(err) {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// From here on: silence.

func readAgain(ctx context.Context, c paypb.PaymentServiceClient, name string, limit *paypb.Money) error {
	for {
		account, err := c.GetAccount(ctx, &paypb.GetAccountRequest{Name: name})
		if err != nil {
			return err
		}
		account.Limit = limit
		_, err = c.UpdateAccount(ctx, &paypb.UpdateAccountRequest{Account: account})
		if !isAborted(err) {
			return err
		}
	}
}

func etagAgain(ctx context.Context, c paypb.PaymentServiceClient, account *paypb.Account) error {
	for {
		_, err := c.UpdateAccount(ctx, &paypb.UpdateAccountRequest{Account: account})
		if !isAborted(err) {
			return err
		}
		stored, err := c.GetAccount(ctx, &paypb.GetAccountRequest{Name: account.GetName()})
		if err != nil {
			return err
		}
		account.Etag = stored.GetEtag()
	}
}

func withoutEtag(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.SetLimitRequest) error {
	for {
		_, err := c.SetLimit(ctx, req)
		if !isAborted(err) {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func down(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.UpdateAccountRequest) error {
	for {
		_, err := c.UpdateAccount(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// apply is run again as a whole by its caller.
func apply(ctx context.Context, c paypb.PaymentServiceClient, name string) error {
	account, err := c.GetAccount(ctx, &paypb.GetAccountRequest{Name: name})
	if err != nil {
		return err
	}
	_, err = c.UpdateAccount(ctx, &paypb.UpdateAccountRequest{Account: account})
	return err
}

func applyAgain(ctx context.Context, c paypb.PaymentServiceClient, name string) error {
	for {
		err := apply(ctx, c, name)
		if !isAborted(err) {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func once(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.UpdateAccountRequest) error {
	_, err := c.UpdateAccount(ctx, req)
	if isAborted(err) {
		return status.Error(codes.Aborted, "somebody was faster")
	}
	return err
}

func many(ctx context.Context, c paypb.PaymentServiceClient, reqs []*paypb.UpdateAccountRequest) error {
	for _, req := range reqs {
		if _, err := c.UpdateAccount(ctx, req); !isAborted(err) {
			return err
		}
	}
	return nil
}

func changed(ctx context.Context, c paypb.PaymentServiceClient, name string, change func(*paypb.Account)) error {
	for {
		err := helper.Change(ctx, c, name, change)
		if !helper.IsAborted(err) {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}
