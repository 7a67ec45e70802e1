// Package injected gets its clients from elsewhere.
package injected

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/stacked/dialer"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// New is given the connection.
func New(conn grpc.ClientConnInterface) *Client {
	return &Client{orderpb.NewOrderServiceClient(conn)}
}

// Client retries.
type Client struct{ orders orderpb.OrderServiceClient }

// Get tries three times, whoever made the connection.
func (c *Client) Get(ctx context.Context, req *orderpb.GetOrderRequest) (o *orderpb.Order, err error) {
	for range 3 {
		o, err = c.orders.GetOrder(ctx, req)
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

// Two dials: which of them is asked is not known.
func two(addr string, conn grpc.ClientConnInterface) ([]paypb.PaymentServiceClient, error) {
	first, err := dialer.Payments(addr)
	if err != nil {
		return nil, err
	}
	return []paypb.PaymentServiceClient{first, paypb.NewPaymentServiceClient(conn)}, nil
}

func payment(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.GetPaymentRequest) (p *paypb.Payment, err error) {
	for range 3 {
		p, err = c.GetPayment(ctx, req)
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

type refunds struct{ clients []paypb.PaymentServiceClient }

// several: others make clients, too.
func (r *refunds) several(addr string) error {
	first, err := dialer.Payments(addr)
	r.clients = append(dialer.Others(), first)
	return err
}
