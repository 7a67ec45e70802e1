// Package across retries what another package retries already.
package across

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/stacked/dialer"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type clients struct {
	orders   orderpb.OrderServiceClient
	payments paypb.PaymentServiceClient
}

func connect(addr string) (*clients, error) {
	conn, err := dialer.Dial(addr)
	if err != nil {
		return nil, err
	}
	payments, err := dialer.Payments(addr)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &clients{orderpb.NewOrderServiceClient(conn), payments}, nil
}

func (c *clients) order(ctx context.Context, req *orderpb.GetOrderRequest) (o *orderpb.Order, err error) {
	for range 3 {
		o, err = c.orders.GetOrder(ctx, req) // want `OrderService.GetOrder is attempted up to 12 times: 3 by this loop × 4 by the service config \[retry/stacked\]`
		if status.Code(err) != codes.Unavailable {
			return o, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return o, err
}

func (c *clients) payment(ctx context.Context, req *paypb.GetPaymentRequest) (p *paypb.Payment, err error) {
	for range 3 {
		p, err = c.payments.GetPayment(ctx, req) // want `PaymentService.GetPayment is attempted up to 9 times: 3 by this loop × 3 by retry.UnaryClientInterceptor \[retry/stacked\]`
		if status.Code(err) != codes.Unavailable {
			return p, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return p, err
}

func (c *clients) list(ctx context.Context, req *orderpb.ListOrdersRequest) (reply *orderpb.ListOrdersResponse, err error) {
	for range 3 {
		reply, err = dialer.List(ctx, c.orders, req) // want `OrderService.ListOrders \(List\) is attempted up to 6 times: 3 by this loop × 2 by the loop in List \[retry/stacked\]`
		if status.Code(err) != codes.Unavailable {
			return reply, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return reply, err
}
