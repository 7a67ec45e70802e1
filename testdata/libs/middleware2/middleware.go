// Package middleware2 uses github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry.
package middleware2

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func perCall(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req, retry.WithMax(3)) // want `PaymentService.Charge may be carried out twice: tried again by retry.WithMax after ResourceExhausted and Unavailable`
	return err
}

func listed() grpc.UnaryClientInterceptor {
	return retry.UnaryClientInterceptor(retry.WithMax(3), retry.WithCodes(codes.Unavailable, codes.NotFound)) // want `retry.WithCodes tries again after NotFound`
}

func aborted() grpc.UnaryClientInterceptor {
	return retry.UnaryClientInterceptor(retry.WithMax(3), retry.WithCodes(codes.Aborted)) // want `retry/aborted`
}

// From here on: silence.

func reads(ctx context.Context, c orderpb.OrderServiceClient, req *orderpb.GetOrderRequest) error {
	_, err := c.GetOrder(ctx, req, retry.WithMax(3))
	return err
}

func off(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	_, err := c.Charge(ctx, req, retry.Disable())
	return err
}

func right() grpc.UnaryClientInterceptor {
	return retry.UnaryClientInterceptor(retry.WithMax(3), retry.WithCodes(codes.Unavailable))
}

func given(set ...codes.Code) grpc.UnaryClientInterceptor {
	return retry.UnaryClientInterceptor(retry.WithMax(3), retry.WithCodes(set...))
}
