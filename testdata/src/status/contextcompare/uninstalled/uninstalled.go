// Package uninstalled has an interceptor that nobody uses.
package uninstalled

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// Plain gives callers back the errors of package context.
func Plain(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if err := invoker(ctx, method, req, reply, cc, opts...); err != nil {
		return context.DeadlineExceeded
	}
	return nil
}

// New makes one like it.
func New() grpc.UnaryClientInterceptor { return Plain }

func timedOut(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.DeadlineExceeded) // want `never true: the error of OrderService\.GetOrder has the code DeadlineExceeded`
}
