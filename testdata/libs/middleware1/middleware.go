// Package middleware1 uses github.com/grpc-ecosystem/go-grpc-middleware/retry.
package middleware1

import (
	"context"

	grpc_middleware "github.com/grpc-ecosystem/go-grpc-middleware"
	grpc_retry "github.com/grpc-ecosystem/go-grpc-middleware/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func perCall(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req, grpc_retry.WithMax(3)) // want `PaymentService.Charge may be carried out twice: tried again by grpc_retry.WithMax after ResourceExhausted and Unavailable`
	return err
}

func listed() grpc.UnaryClientInterceptor {
	return grpc_retry.UnaryClientInterceptor(grpc_retry.WithMax(3), grpc_retry.WithCodes(codes.Unavailable, codes.NotFound)) // want `grpc_retry.WithCodes tries again after NotFound`
}

func aborted() grpc.UnaryClientInterceptor {
	return grpc_retry.UnaryClientInterceptor(grpc_retry.WithMax(3), grpc_retry.WithCodes(codes.Aborted)) // want `retry/aborted`
}

// From here on: silence.

func reads(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) error {
	_, err := c.GetOrder(ctx, req, grpc_retry.WithMax(3))
	return err
}

func off(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req, grpc_retry.Disable())
	return err
}

func right() grpc.UnaryClientInterceptor {
	return grpc_retry.UnaryClientInterceptor(grpc_retry.WithMax(3), grpc_retry.WithCodes(codes.Unavailable))
}

func given(set ...codes.Code) grpc.UnaryClientInterceptor {
	return grpc_retry.UnaryClientInterceptor(grpc_retry.WithMax(3), grpc_retry.WithCodes(set...))
}

type uploads struct{ client orderpb.OrderServiceClient }

func connect(addr string, creds grpc.DialOption) (*uploads, error) {
	conn, err := grpc.NewClient(addr, creds, grpc.WithStreamInterceptor(grpc_middleware.ChainStreamClient(
		grpc_retry.StreamClientInterceptor(grpc_retry.WithMax(3)),
	)))
	if err != nil {
		return nil, err
	}
	return &uploads{orderpb.NewOrderServiceClient(conn)}, nil
}

func (u *uploads) chat(ctx context.Context) error {
	_, err := u.client.Chat(ctx) // want `OrderService.Chat always fails with Unimplemented: grpc_retry.StreamClientInterceptor of its connection refuses streams of clients`
	return err
}

func (u *uploads) disabled(ctx context.Context) error {
	_, err := u.client.Chat(ctx, grpc_retry.Disable())
	return err
}

// again stores a chain back into the variable that it is made of.
func again(addr string, creds grpc.DialOption) (*grpc.ClientConn, error) {
	var chain grpc.UnaryClientInterceptor
	grow := func() { chain = grpc_middleware.ChainUnaryClient(chain) }
	grow()
	return grpc.NewClient(addr, creds, grpc.WithUnaryInterceptor(chain))
}
