// Package rebuilt has an interceptor that makes other errors of those of
// RPCs.
package rebuilt

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Plain gives callers back the errors of package context.
func Plain(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	err := invoker(ctx, method, req, reply, cc, opts...)
	if status.Code(err) == codes.DeadlineExceeded {
		return context.DeadlineExceeded
	}
	return err
}

func timedOut(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return errors.Is(err, context.DeadlineExceeded)
}

func dial(addr string, creds grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithUnaryInterceptor(Plain))
}
