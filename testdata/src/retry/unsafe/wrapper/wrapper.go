// Package wrapper has the shape of https://github.com/etcd-io/etcd/issues/14890
// and of what etcd commit 4669aaa9 mended: a wrapper for all methods, kept in a
// field, tries writes again as well.
package wrapper

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

type (
	call    func(ctx context.Context) error
	wrapper func(context.Context, call) error
)

type connection struct{ retry wrapper }

func newConnection() *connection {
	c := &connection{}
	c.retry = c.newWrapper()
	return c
}

type serverError interface{ ServerError() }

func (c *connection) newWrapper() wrapper {
	return func(ctx context.Context, f call) error {
		for {
			err := f(ctx)
			if err == nil {
				return nil
			}
			if _, ok := errors.Unwrap(err).(serverError); ok {
				return err
			}
			if status.Code(err) != codes.Unavailable {
				return err
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

type retryClient struct {
	paypb.PaymentServiceClient
	retryf wrapper
}

func newRetryClient(c *connection, conn *grpc.ClientConn) paypb.PaymentServiceClient {
	return &retryClient{paypb.NewPaymentServiceClient(conn), c.retry}
}

func (r *retryClient) Charge(ctx context.Context, in *paypb.ChargeRequest, opts ...grpc.CallOption) (payment *paypb.Payment, err error) {
	err = r.retryf(ctx, func(ctx context.Context) error {
		payment, err = r.PaymentServiceClient.Charge(ctx, in, opts...) // want `tried again by retryf after Unavailable`
		return err
	})
	return payment, err
}
