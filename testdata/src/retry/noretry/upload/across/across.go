// Package across uploads on a connection of another package.
package across

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/retry/noretry/upload/dialer"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func connect(addr string) (orderpb.OrderServiceClient, error) {
	conn, err := dialer.Dial(addr)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func chat(ctx context.Context, c orderpb.OrderServiceClient) (grpc.BidiStreamingClient[orderpb.ChatMessage, orderpb.ChatMessage], error) {
	return c.Chat(ctx) // want `OrderService.Chat always fails with Unimplemented: retry.StreamClientInterceptor of its connection refuses streams of clients \[retry/no-retry\]`
}

type receiver struct{ payments paypb.PaymentServiceClient }

// New may be given a client of a connection without the interceptor.
func New(addr string, c paypb.PaymentServiceClient) (*receiver, error) {
	if c != nil {
		return &receiver{c}, nil
	}
	conn, err := dialer.Dial(addr)
	if err != nil {
		return nil, err
	}
	return &receiver{paypb.NewPaymentServiceClient(conn)}, nil
}

func (r *receiver) settle(ctx context.Context) (grpc.BidiStreamingClient[paypb.ChargeRequest, paypb.Payment], error) {
	return r.payments.Settle(ctx)
}

// A client of another service, from elsewhere: silence.
func settle(ctx context.Context, c paypb.PaymentServiceClient) (grpc.BidiStreamingClient[paypb.ChargeRequest, paypb.Payment], error) {
	return c.Settle(ctx)
}
