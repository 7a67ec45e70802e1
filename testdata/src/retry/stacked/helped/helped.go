// Package helped makes its RPCs, and their connection, in helpers.
package helped

import (
	"context"
	"errors"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func interceptor() grpc.UnaryClientInterceptor {
	return retry.UnaryClientInterceptor(retry.WithMax(3))
}

type clients struct {
	orders   orderpb.OrderServiceClient
	payments paypb.PaymentServiceClient
}

func newClients(addr string) (*clients, error) {
	creds := grpc.WithTransportCredentials(insecure.NewCredentials())
	conn, err := grpc.NewClient(addr, creds, grpc.WithUnaryInterceptor(interceptor()))
	if err != nil {
		return nil, err
	}
	plain, err := grpc.NewClient(addr, creds)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &clients{payments: paypb.NewPaymentServiceClient(conn), orders: orderpb.NewOrderServiceClient(plain)}, nil
}

func (c *clients) account(ctx context.Context, req *paypb.GetAccountRequest) (*paypb.Account, error) {
	return c.payments.GetAccount(ctx, req)
}

func (c *clients) order(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return c.orders.GetOrder(ctx, req)
}

func (c *clients) once(ctx context.Context, req *paypb.GetAccountRequest) (*paypb.Account, error) {
	return c.payments.GetAccount(ctx, req, retry.Disable())
}

func again(ctx context.Context, err error) bool {
	if status.Code(err) != codes.Unavailable {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Second):
		return true
	}
}

func (c *clients) get(ctx context.Context, req *paypb.GetAccountRequest) (account *paypb.Account, err error) {
	for range 4 {
		account, err = c.account(ctx, req) // want `PaymentService.GetAccount \(account\) is attempted up to 12 times`
		if !again(ctx, err) {
			break
		}
	}
	return account, err
}

// Silent: on another connection, or by an option of its own once.

func (c *clients) getOrder(ctx context.Context, req *orderpb.GetOrderRequest) (order *orderpb.Order, err error) {
	for range 4 {
		if order, err = c.order(ctx, req); !again(ctx, err) {
			break
		}
	}
	return order, err
}

func (c *clients) getOnce(ctx context.Context, req *paypb.GetAccountRequest) (account *paypb.Account, err error) {
	for range 4 {
		if account, err = c.once(ctx, req); !again(ctx, err) {
			break
		}
	}
	return account, err
}
