// Package headers sends on what was received.
package headers

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// Interceptor sends the ids of requests on.
func Interceptor(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	for _, id := range metadata.ValueFromIncomingContext(ctx, "request-id") {
		ctx = metadata.AppendToOutgoingContext(ctx, "request-id", id)
	}
	return invoker(ctx, method, req, reply, cc, opts...)
}

// Caller says who calls, for Interceptor.
func Caller(ctx context.Context, name string) context.Context {
	return metadata.NewIncomingContext(ctx, metadata.Pairs("request-id", name))
}
