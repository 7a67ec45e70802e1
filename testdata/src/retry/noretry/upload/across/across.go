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

// A client of another service, from elsewhere: silence.
func settle(ctx context.Context, c paypb.PaymentServiceClient) (grpc.BidiStreamingClient[paypb.ChargeRequest, paypb.Payment], error) {
	return c.Settle(ctx)
}
