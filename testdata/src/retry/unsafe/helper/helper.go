// Package helper makes RPCs, judges their errors and tries again, for others.
package helper

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

// Client wraps the generated one.
type Client struct{ pb paypb.PaymentServiceClient }

// Charge makes the RPC once.
func (c *Client) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	payment, err := c.pb.Charge(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("charge: %w", err)
	}
	return payment, nil
}

// Charge makes the RPC with a client.
func Charge(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	return c.Charge(ctx, req)
}

// ChargeAccount builds the request.
func (c *Client) ChargeAccount(ctx context.Context, account string) error {
	_, err := c.pb.Charge(ctx, &paypb.ChargeRequest{Account: account})
	return err
}

// Forgive hides the errors after which nothing is lost.
func (c *Client) Forgive(ctx context.Context, req *paypb.ChargeRequest) error {
	_, err := c.pb.Charge(ctx, req)
	if status.Code(err) == codes.Unavailable {
		return nil
	}
	return err
}

// IsDown says so.
func IsDown(err error) bool { return status.Code(err) == codes.Unavailable }

// IsNew says so: the server has not begun.
func IsNew(code codes.Code) bool {
	return code == codes.FailedPrecondition
}

// Retry runs f three times.
func Retry(ctx context.Context, f func(context.Context) error) (err error) {
	for range 3 {
		if err = f(ctx); !IsDown(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return err
}

// Once runs f once.
func Once(ctx context.Context, f func(context.Context) error) error { return f(ctx) }
