// Package upload sends streams on connections that retry streams.
package upload

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

type orders struct{ client orderpb.OrderServiceClient }

func connect(addr string) (*orders, error) {
	conn, err := grpc.NewClient(addr, creds,
		grpc.WithChainStreamInterceptor(retry.StreamClientInterceptor(retry.WithMax(3), retry.WithCodes(codes.Unavailable)))) // related `the interceptor`
	if err != nil {
		return nil, err
	}
	return &orders{orderpb.NewOrderServiceClient(conn)}, nil
}

func (o *orders) upload(ctx context.Context, list []*orderpb.Order) error {
	stream, err := o.client.UploadOrders(ctx) // want `OrderService.UploadOrders always fails with Unimplemented: retry.StreamClientInterceptor of its connection refuses streams of clients \[retry/no-retry\]`
	if err != nil {
		return err
	}
	for _, order := range list {
		if stream.Send(&orderpb.UploadOrdersRequest{Order: order}) != nil {
			break
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

// Both sides send.
func (o *orders) chat(ctx context.Context) (grpc.BidiStreamingClient[orderpb.ChatMessage, orderpb.ChatMessage], error) {
	return o.client.Chat(ctx) // want `OrderService.Chat always fails with Unimplemented`
}

// From here on: silence.

// The call switches it off.
func (o *orders) disabled(ctx context.Context) (grpc.BidiStreamingClient[orderpb.ChatMessage, orderpb.ChatMessage], error) {
	return o.client.Chat(ctx, retry.Disable())
}

func (o *orders) given(ctx context.Context, opts ...grpc.CallOption) (grpc.BidiStreamingClient[orderpb.ChatMessage, orderpb.ChatMessage], error) {
	return o.client.Chat(ctx, opts...)
}

// Only the server sends.
func (o *orders) watch(ctx context.Context) (grpc.ServerStreamingClient[orderpb.OrderEvent], error) {
	return o.client.WatchOrders(ctx, &orderpb.WatchOrdersRequest{})
}

// Off unless a call asks for it.
func payments(addr string) (paypb.PaymentServiceClient, error) {
	conn, err := grpc.NewClient(addr, creds, grpc.WithStreamInterceptor(retry.StreamClientInterceptor()))
	if err != nil {
		return nil, err
	}
	return paypb.NewPaymentServiceClient(conn), nil
}

func settle(ctx context.Context, c paypb.PaymentServiceClient) (grpc.BidiStreamingClient[paypb.ChargeRequest, paypb.Payment], error) {
	return c.Settle(ctx)
}
